"""Where requests may come from and where they may lead: R27, R28, R29."""

import re
from urllib.parse import urljoin, urlsplit

from django.core import mail
from django.core.cache import cache
from django.test import Client
import pytest

from checkout.models import BasketLine, Order, OrderStatus
from tests.fuzz.addresses import everything
from tests.fuzz.conftest import CUSTOMER, ORIGIN, PASSWORD, Target

WEBHOOK = "stripe/webhook/"
UNSUBSCRIBE = "newsletter/unsubscribe/<str:token>/"
FORGED: tuple[dict[str, str], ...] = (
    {},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://testserver.evil.example"},
    {"Origin": "https://testserver"},
    {"Origin": ORIGIN, "Sec-Fetch-Site": "cross-site"},
    {"Origin": ORIGIN, "Sec-Fetch-Site": "same-site"},
    {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"},
    {"Referer": "http://testserver/basket/"},
)


@pytest.mark.parametrize("headers", FORGED, ids=str)
def test_a_post_from_elsewhere_is_refused_everywhere(
    target: Target, headers: dict[str, str]
) -> None:
    """R27: without a token and not from our own pages, only what is signed gets in.

    That is Stripe's notices, and a mail program's word that its reader wants no more mail.
    """
    forger = Client(enforce_csrf_checks=True, headers=headers)
    forger.force_login(target.customer)

    answers = {
        name: forger.post(target.fill(address.path), {"x": "1"}).status_code
        for name, address in everything().items()
    }

    assert answers.pop(WEBHOOK) == 400
    assert answers.pop(UNSUBSCRIBE) == 404
    assert {name: status for name, status in answers.items() if status != 403} == {}


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_nothing_changes_by_looking(target: Target, customer: Client, method: str) -> None:
    """R27: an address that changes something takes a POST alone."""
    fields = {"sku": target.product.sku, "quantity": "5", "remove": "1"}
    for name in ("add", "lines", "restore", "delivery"):
        getattr(customer, method)(f"/basket/{name}/", fields)
    for name in ("pay", "cancel", "again"):
        getattr(customer, method)(f"/orders/{target.order.access_token}/{name}/")

    assert list(BasketLine.objects.values_list("quantity", flat=True)) == [1, 1, 1]
    target.order.refresh_from_db()
    assert target.order.status == OrderStatus.AWAITING_PAYMENT
    assert Order.objects.count() == 1


@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "testserver@evil"])
def test_a_foreign_host_is_refused(target: Target, host: str) -> None:
    """R28: a name that is not ours gets no page."""
    for address in everything().values():
        answer = Client().get(target.fill(address.path), headers={"Host": host})
        assert answer.status_code in {400, 200, 404, 405}
        assert b"evil" not in answer.getvalue()


@pytest.mark.parametrize(
    "header", ["X-Forwarded-Host", "X-Host", "X-Forwarded-Server", "Forwarded", "X-Original-Host"]
)
def test_a_forwarded_host_is_ignored(target: Target, nobody: Client, header: str) -> None:
    """R28: nothing that a visitor claims gets into a page, a redirect or a mail."""
    claim = {header: "evil.example"}
    for address in everything().values():
        answer = nobody.get(target.fill(address.path), headers=claim)
        assert b"evil.example" not in answer.getvalue()
        assert "evil.example" not in str(answer.headers)

    nobody.post("/account/password/reset/", {"email": CUSTOMER}, headers=claim)
    nobody.post("/account/login/", {"login": CUSTOMER}, headers=claim)

    assert len(mail.outbox) == 2
    for message in mail.outbox:
        assert "evil.example" not in message.message().as_string()


TRICKS = (
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r/evil.example",
    "\t//evil.example",
    " //evil.example",
    "\x00//evil.example",
    "\x01//evil.example",
    "http://evil.example",
    "https://evil.example",
    "HTTPS://EVIL.EXAMPLE",
    "http:evil.example",
    "https:evil.example",
    "http:/evil.example",
    "https:/evil.example",
    "http:///evil.example",
    "https:\\\\evil.example",
    "http:\\evil.example",
    "ht\ttp://evil.example",
    "https://testserver@evil.example",
    "https://testserver:80@evil.example",
    "https://testserver%40evil.example",
    "https://testserver.evil.example",
    "https://evil.example/testserver",
    "https://evil.example#testserver",
    "https://evil.example?testserver",
    "https://evil.example\\@testserver",
    "https://evil.example\\testserver",
    "http://testserver\\.evil.example",
    "//evil.example/%2f..",
    "//evil.example/%2e%2e",
    "//evil。example",
    "//evil%E3%80%82example",
    "//ⓔⓥⓘⓛ.example",
    "//0x7f000001",
    "//2130706433",
    "//[::1]",
    "//[::ffff:127.0.0.1]",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "\x01javascript:alert(1)",
    "javascript://testserver/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "ftp://evil.example",
    "mailto:a@evil.example",
    "about:blank",
    "blob:https://evil.example/1",
    "@evil.example",
    ":80@evil.example",
    ".evil.example",
    "//\ted\tvil.example",
    "/%09/evil.example",
    "/%5cevil.example",
    "/%2f%2fevil.example",
    "\ufeff//evil.example",
    "/..//evil.example",
    "/.//evil.example",
)
_DROPPED = re.compile(r"[\t\r\n]")


def _as_a_browser_reads(location: str) -> tuple[str, str]:
    """Where a browser would go: blanks dropped, backslashes turned, as WHATWG's URL says."""
    cleaned = _DROPPED.sub("", location.strip("".join(map(chr, range(33))))).replace("\\", "/")
    address = urlsplit(urljoin(f"{ORIGIN}/account/login/", cleaned))
    return address.scheme, address.netloc


@pytest.mark.parametrize("trick", TRICKS, ids=ascii)
def test_no_trick_leads_away_from_the_shop(target: Target, trick: str) -> None:
    """R29: `next` leads to our own host or nowhere."""
    target.customer.set_password(PASSWORD)
    target.customer.save()
    for answer in _led_by(trick):
        if 300 <= answer.status_code < 400:
            assert _as_a_browser_reads(answer["Location"]) == ("http", "testserver"), answer[
                "Location"
            ]
        cache.clear()


def _led_by(trick: str) -> list[object]:
    def signed_in() -> Client:
        client = Client(headers={"Origin": ORIGIN})
        client.post("/account/login/", {"login": CUSTOMER, "password": PASSWORD})
        assert "_auth_user_id" in client.session
        return client

    fresh = Client(headers={"Origin": ORIGIN})
    password = {"login": CUSTOMER, "password": PASSWORD, "next": trick}
    return [
        fresh.post("/account/login/", password),
        Client(headers={"Origin": ORIGIN}).post(
            "/account/login/", {"login": CUSTOMER, "next": trick}
        ),
        Client().get("/account/login/code/", {"next": trick}),
        Client().get("/account/signup/", {"next": trick}),
        signed_in().get("/account/login/", {"next": trick}),
        signed_in().post("/account/logout/", {"next": trick}),
        signed_in().post("/account/reauthenticate/", {"password": PASSWORD, "next": trick}),
    ]
