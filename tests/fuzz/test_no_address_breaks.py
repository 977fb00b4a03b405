"""R30: whatever is sent to whatever public address, 0 answers of 5xx.

The suite spoils one field with some of the values, and sends some of the bodies, methods and
cookies, drawn anew in every run; `make thorough` spoils every field, and sends all of them.
"""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from django.core.cache import cache
from django.test import Client
import pytest
from pytest_django import Settings

from accounts import even_time
from blog.models import PostingCount
from freshness import keeping
from freshness.log import Log
from tests.fuzz.addresses import ADDRESSES, Address, everything, public_patterns
from tests.fuzz.ammunition import BAD_COOKIES, BODIES, FEW, PATHS, TOO_BIG, VALUES
from tests.fuzz.conftest import Target
from tests.lengths import some

FORM = "application/x-www-form-urlencoded"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW", "get")
# Says so itself when the shop has no worker, as here.
READY = "/readyz"
# No web server takes a longer request line.
LONGEST_LINE = 16_000
HOSTS = ("evil.example", "testserver.evil.example", "testserver:evil", "[::1", "a b", "\x00", "")

# So many of each sort in the ordinary suite.
DRAWN = 6

each_address = pytest.mark.parametrize(
    "address", everything().values(), ids=list(everything().keys())
)


class StandingLog(Log):
    """A log in which nothing ever changes."""

    def follow(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _no_limits(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some limits of signing in are told in a form that has other answers too."""
    settings.ACCOUNT_RATE_LIMITS = False
    monkeypatch.setattr(even_time, "SECONDS", 0)


@pytest.fixture(autouse=True)
def _parts_are_kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Build what surrounds every page once, as a running shop does, and each page at every shot."""
    keeping.forget()
    monkeypatch.setattr("freshness.keeping.connection", SimpleNamespace(in_atomic_block=False))
    for module in ("freshness.keeping", "catalog.selling_times", "storefront.context_processors"):
        monkeypatch.setattr(f"{module}.log", StandingLog())
    monkeypatch.setattr("catalog.selling_times._known", None)
    monkeypatch.setattr("storefront.context_processors._known", None)
    yield
    keeping.forget()


def fire(who: Client, method: str, path: str, *, told: str = "", **sent: Any) -> list[str]:
    """Say what was sent if the shop broke; a limit that is reached must not hide the answer."""
    response = who.generic(method, path, **sent)
    if response.status_code == 429:
        PostingCount.objects.all().delete()
        cache.clear()
        response = who.generic(method, path, **sent)
    is_broken = response.status_code >= 500
    if response.status_code == 503 and READY in path:
        is_broken = False
    return [f"{response.status_code}: {method} {path[:120]} {told}"] if is_broken else []


def test_every_public_address_is_fired_at() -> None:
    """A new address must be added to the table with its fields."""
    assert set(public_patterns()) == set(ADDRESSES)


@each_address
def test_no_value_in_a_form_or_query_breaks_it(
    target: Target, nobody: Client, customer: Client, address: Address
) -> None:
    path = target.fill(address.path)
    found = [
        complaint
        for who in ((nobody, customer) if address.is_personal else (nobody,))
        for method, to, body in _shots(path, address, is_stopped=_is_sent_to_sign_in(who, path))
        for complaint in fire(who, method, to, data=body, content_type=FORM, told=repr(body[:80]))
    ]

    assert found == []


def _is_sent_to_sign_in(who: Client, path: str) -> bool:
    """Whether no field of a form is read, so that one may be like another."""
    answers = (who.get(path), who.post(path))
    return all("/account/login/?next=" in answer.headers.get("Location", "") for answer in answers)


def _shots(path: str, address: Address, *, is_stopped: bool) -> Iterator[tuple[str, str, bytes]]:
    """Spoil each field alone, the others being plain, then all of them at once."""
    values = some(VALUES.values(), most=DRAWN)
    for value in values:
        for name in some(address.query, most=1):
            yield "GET", f"{path}?{name}={value[:LONGEST_LINE]}", b""
    for name in some(FEW, most=1):
        value = VALUES[name]
        yield "GET", f"{path}?unknown={value[:LONGEST_LINE]}&{value[:100]}=1", b""
        yield "POST", path, f"unknown={value}&{value[:5000]}=1".encode()
    yield "POST", path, f"unknown={TOO_BIG}".encode()
    alone = () if is_stopped else address.form
    for value in values:
        for spoilt in some(alone, most=1):
            fields = {name: value if name == spoilt else "1" for name in address.form}
            yield "POST", path, _form(fields)
        if len(address.form) > len(alone) or len(alone) > 1:
            yield "POST", path, _form(dict.fromkeys(address.form, value[:100_000]))


def _form(fields: dict[str, str]) -> bytes:
    return "&".join(f"{name}={value}" for name, value in fields.items()).encode()


@pytest.mark.once("what is no form is refused before the database is asked")
@each_address
def test_no_body_method_host_or_cookie_breaks_it(
    target: Target, nobody: Client, customer: Client, address: Address
) -> None:
    path = target.fill(address.path)
    found = []
    for who in (nobody, customer) if address.is_personal else (nobody,):
        for kind, body in some(BODIES.values(), most=DRAWN):
            told = f"{kind} {body[:60]!r}"
            found += fire(who, "POST", path, data=body, content_type=kind, told=told)
        for method in some(METHODS, most=DRAWN):
            found += fire(who, method, path)
    for host in some(HOSTS, most=DRAWN):
        headers = {"Host": host, "X-Forwarded-Host": host}
        found += fire(nobody, "GET", path, headers=headers, told=f"on {host!r}")
    for cookie in some(BAD_COOKIES, most=DRAWN):
        for method in ("GET", "POST") if address.form else ("GET",):
            found += fire(nobody, method, path, HTTP_COOKIE=cookie, told=f"with {cookie[:80]!r}")

    assert found == []


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path[:40])
def test_no_path_breaks_the_shop(target: Target, customer: Client, path: str) -> None:
    found = []
    for method in ("GET", "POST"):
        found += fire(customer, method, path)

    assert found == []


def test_ten_thousand_query_parameters_are_refused_or_ignored(
    target: Target, nobody: Client
) -> None:
    many = "&".join(f"concern={number}" for number in range(10_000))
    found = []
    for address in everything().values():
        path = target.fill(address.path)
        found += fire(nobody, "GET", f"{path}?{many}")

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
