"""R30: whatever is sent to whatever public address, 0 answers of 5xx."""

from collections.abc import Iterator

from django.core.cache import cache
from django.http import HttpResponseBase
from django.test import Client
import pytest

from tests.fuzz.addresses import ADDRESSES, Address, everything, public_patterns
from tests.fuzz.ammunition import BAD_COOKIES, BODIES, FEW, PATHS, VALUES
from tests.fuzz.conftest import Target

FORM = "application/x-www-form-urlencoded"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW", "get")
# Says so itself when the shop has no worker, as here.
READY = "/readyz"
# No web server takes a longer request line.
LONGEST_LINE = 16_000
HOSTS = ("evil.example", "testserver.evil.example", "testserver:evil", "[::1", "a b", "\x00", "")

each_address = pytest.mark.parametrize(
    "address", everything().values(), ids=list(everything().keys())
)


def broken(response: HttpResponseBase, told: str) -> list[str]:
    """Say what was sent if the shop broke; a limit reached must not hide the next answer."""
    cache.clear()
    if response.status_code == 503 and READY in told:
        return []
    return [f"{response.status_code}: {told[:200]}"] if response.status_code >= 500 else []


def test_every_public_address_is_fired_at() -> None:
    """A new address must be added to the table with its fields."""
    assert set(public_patterns()) == set(ADDRESSES)


@each_address
def test_no_value_in_a_form_or_query_breaks_it(
    target: Target, nobody: Client, customer: Client, address: Address
) -> None:
    found = [
        complaint
        for who in ((nobody, customer) if address.is_personal else (nobody,))
        for method, path, body in _shots(target, address)
        for complaint in broken(
            who.generic(method, path, body, content_type=FORM), f"{method} {path} {body[:80]!r}"
        )
    ]

    assert found == []


def _shots(target: Target, address: Address) -> Iterator[tuple[str, str, bytes]]:
    path = target.fill(address.path)
    for name in address.query:
        for value in VALUES.values():
            yield "GET", f"{path}?{name}={value[:LONGEST_LINE]}", b""
    for name in address.form:
        for value in VALUES.values():
            yield "POST", path, f"{name}={value}".encode()
    for name in FEW:
        value = VALUES[name]
        yield "GET", f"{path}?unknown={value[:LONGEST_LINE]}&{value[:100]}=1", b""
        yield "POST", path, f"unknown={value}&{value[:5000]}=1".encode()
    if address.form:
        valid = "&".join(f"{name}=1" for name in address.form)
        for value in VALUES.values():
            spoilt = "&".join(f"{name}={value[:100_000]}" for name in address.form)
            yield "POST", path, spoilt.encode()
            yield "POST", path, f"{valid}&{spoilt}".encode()


@each_address
def test_no_body_method_host_or_cookie_breaks_it(
    target: Target, nobody: Client, customer: Client, address: Address
) -> None:
    path = target.fill(address.path)
    found = []
    for who in (nobody, customer) if address.is_personal else (nobody,):
        for kind, body in BODIES.values():
            answer = who.generic("POST", path, body, content_type=kind)
            found += broken(answer, f"POST {path} {kind} {body[:60]!r}")
        for method in METHODS:
            found += broken(who.generic(method, path), f"{method} {path}")
    for host in HOSTS:
        answer = nobody.get(path, headers={"Host": host, "X-Forwarded-Host": host})
        found += broken(answer, f"{path} on {host!r}")
    for cookie in BAD_COOKIES:
        for method in ("GET", "POST"):
            answer = nobody.generic(method, path, HTTP_COOKIE=cookie)
            found += broken(answer, f"{method} {path} with {cookie[:80]!r}")

    assert found == []


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path[:40])
def test_no_path_breaks_the_shop(target: Target, customer: Client, path: str) -> None:
    found = []
    for method in ("GET", "POST"):
        found += broken(customer.generic(method, path), f"{method} {path}")

    assert found == []


def test_ten_thousand_query_parameters_are_refused_or_ignored(
    target: Target, nobody: Client
) -> None:
    many = "&".join(f"concern={number}" for number in range(10_000))
    found = []
    for address in everything().values():
        path = target.fill(address.path)
        found += broken(nobody.get(f"{path}?{many}"), path)

    assert found == []


def test_no_header_breaks_the_webhook(target: Target, nobody: Client) -> None:
    """R6: rubbish in place of a signature is refused, and nothing is stored."""
    rubbish = ("", "t=,v1=", "t=x,v1=x", "t=99999999999999999999,v1=a", "\x00", "v1=" * 5000)
    for signature in (*rubbish, "t=-1,v1=" + "a" * 64, "t=1,v1=\xed\xa0\x80"):
        for body in (b"", b"{}", b"\xff", b"[" * 100_000, b"A" * 3_000_000):
            answer = nobody.generic(
                "POST",
                "/stripe/webhook/",
                body,
                content_type="application/json",
                headers={"Stripe-Signature": signature},
            )
            assert answer.status_code == 400, signature[:50]
