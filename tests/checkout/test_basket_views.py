"""The basket through HTTP: pages, drawer, redirects, refusals, cookies and rubbish."""

from datetime import datetime
from io import BytesIO
from typing import Any

from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
import pytest
from PIL import Image
from pytest_django.asserts import assertContains, assertNotContains

from accounts.models import User
from catalog.models import Offer, ProductPageImage, Stock
from checkout.models import Basket, BasketLine
from cms.models import CustomImage
from tests.checkout import buying

pytestmark = pytest.mark.django_db

BASKET = "/basket/"
ADD, CHANGE, RESTORE, DELIVERY = (
    f"/basket/{verb}/" for verb in ("add", "lines", "restore", "delivery")
)
HTMX = {"HX-Request": "true"}
DRAWER = {"HX-Request": "true", "HX-Target": "div#drawer-body"}


@pytest.fixture
def shopper(client: Client, at: datetime) -> Client:
    """A guest whose basket holds two bottles of wash; a package can be bought besides."""
    buying.courier()
    buying.product(price_minor=2400, on_hand=10, at=at)
    buying.package(at=at)
    _post(client, ADD, sku="WASH-250", quantity="2")
    return client


def _post(client: Client, url: str, headers: dict[str, str] | None = None, **data: str) -> Any:
    origin = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}
    return client.post(url, data, headers={**origin, **(headers or {})})


def _lines() -> dict[str, int]:
    rows = BasketLine.objects.select_related("offer")
    return {line.offer.sku: line.quantity for line in rows}


# --- Adding -------------------------------------------------------------------------------


def test_adding_leads_to_the_basket_and_leaves_two_cookies(client: Client, at: datetime) -> None:
    buying.courier()
    buying.product(at=at)

    response = _post(client, ADD, sku="WASH-250", quantity="2")

    assert (response.status_code, response["Location"]) == (303, "/basket/?added=WASH-250")
    key, count = response.cookies["galea_basket"], response.cookies["galea_basket_count"]
    assert (key["httponly"], key["samesite"], key["max-age"]) == (True, "Lax", 7776000)
    assert (count.value, count["httponly"], count["samesite"]) == ("2", "", "Lax")
    assert Basket.objects.get().key in key.value
    assert _lines() == {"WASH-250": 2}


def test_cookies_are_secure_where_sessions_are(client: Client, at: datetime, settings: Any) -> None:
    """R39: and the basket's bears the prefix that keeps other hosts from planting one."""
    settings.SESSION_COOKIE_SECURE = True
    settings.BASKET_COOKIE_NAME = "__Host-galea_basket"
    buying.product(at=at)

    response = _post(client, ADD, sku="WASH-250", quantity="1")
    again = _post(client, ADD, sku="WASH-250", quantity="1")

    key = response.cookies["__Host-galea_basket"]
    assert (key["secure"], key["path"], key["domain"]) == (True, "/", "")
    assert again.cookies["galea_basket_count"].value == "2"
    assert response.cookies["galea_basket_count"]["secure"] is True


def test_without_a_quantity_one_is_added(client: Client, at: datetime) -> None:
    buying.product(at=at)

    _post(client, ADD, sku="WASH-250")

    assert _lines() == {"WASH-250": 1}


def test_what_was_added_is_named_on_the_basket_page(shopper: Client) -> None:
    response = shopper.get(BASKET, {"added": "WASH-250"})

    added = response.context["added"]
    assert added.sku == "WASH-250"
    assertContains(response, f"Added: {added.name}, {added.label}")
    assert response.context["basket"].total.minor == 5290
    assertNotContains(shopper.get(BASKET, {"added": "NOTHING"}), "Added: ")


def test_adding_by_script_answers_the_drawer(client: Client, at: datetime) -> None:
    buying.courier()
    buying.product(at=at)

    response = _post(client, ADD, HTMX, sku="WASH-250", quantity="2")

    assert response.status_code == 200
    assert response.templates[0].name == "checkout/basket_drawer.html"
    assert b"<html" not in response.content
    assert response.context["added"].quantity == 2
    assert response.cookies["galea_basket_count"].value == "2"


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(
    ("quantity", "sentence"),
    [
        ("0", "Type a whole number from 1 to 99."),
        ("-1", "Type a whole number from 1 to 99."),
        ("1000000000", "Type a whole number from 1 to 99."),
        ("1.5", "Type a whole number from 1 to 99."),
        ("two", "Type a whole number from 1 to 99."),
        ("9", "Only 10 left, and 2 of them in your basket already."),
    ],
)
def test_a_refused_quantity_says_why_and_changes_nothing(
    shopper: Client, headers: dict[str, str], quantity: str, sentence: str
) -> None:
    """R8"""
    token = Basket.objects.get().checkout_token

    response = _post(shopper, ADD, headers, sku="WASH-250", quantity=quantity)

    assert response.status_code == 422
    notices = [(notice.level, notice.text) for notice in response.context["basket"].notices]
    assert notices == [("error", sentence)]
    assert response.context["attempt"].typed_quantity == quantity
    assert response.context["basket"].goods[0].typed_quantity == quantity
    assert sentence in response.content.decode()
    assert _lines() == {"WASH-250": 2}
    assert Basket.objects.get().checkout_token == token


def test_prices_that_a_browser_sends_are_ignored(client: Client, at: datetime) -> None:
    """R8: the total is the server's, whatever is posted."""
    buying.courier()
    buying.product(price_minor=2400, at=at)

    _post(
        client, ADD, sku="WASH-250", quantity="1", price="1", price_minor="1", total="1",
        currency="JPY", discount="99", delivery="0", vat="0",
    )  # fmt: skip

    assert client.get(BASKET).context["basket"].total.minor == 2890


# --- Changing -----------------------------------------------------------------------------


def test_a_quantity_is_changed(shopper: Client) -> None:
    response = _post(shopper, CHANGE, sku="WASH-250", quantity="5")

    assert (response.status_code, response["Location"]) == (303, BASKET)
    assert response.cookies["galea_basket_count"].value == "5"
    assert _lines() == {"WASH-250": 5}


def test_changing_in_the_drawer_answers_the_drawer(shopper: Client) -> None:
    response = _post(shopper, CHANGE, DRAWER, sku="WASH-250", quantity="5")

    assert (response.status_code, response.templates[0].name) == (
        200,
        "checkout/basket_drawer.html",
    )
    assert response.context["basket"].count == 5


def test_changing_on_the_page_by_script_leads_back_to_the_page(shopper: Client) -> None:
    headers = {"HX-Request": "true", "HX-Target": "div#basket"}

    assert _post(shopper, CHANGE, headers, sku="WASH-250", quantity="5").status_code == 303


@pytest.mark.parametrize("typed", ["0", "", "100", "1000000000", "two", "11"])
def test_a_refused_change_keeps_what_was_typed_and_changes_nothing(
    shopper: Client, typed: str
) -> None:
    response = _post(shopper, CHANGE, sku="WASH-250", quantity=typed)

    assert response.status_code == 422
    (line,) = response.context["basket"].goods
    assert (line.quantity, line.typed_quantity) == (2, typed)
    assert line.problem == response.context["basket"].notices[0].text
    assert _lines() == {"WASH-250": 2}


def test_removing_offers_to_put_it_back(shopper: Client) -> None:
    response = _post(shopper, CHANGE, sku="WASH-250", quantity="0", remove="1")

    assert response["Location"] == "/basket/?removed=WASH-250&quantity=2"
    assert response.cookies["galea_basket_count"].value == "0"
    assert _lines() == {}

    removed = shopper.get(response["Location"]).context["removed"]

    assert (removed.sku, removed.quantity) == ("WASH-250", 2)
    assert removed.name == "Daily Wash WASH-250, 250 ml"

    response = _post(shopper, RESTORE, sku=removed.sku, quantity=str(removed.quantity))

    assert response["Location"] == BASKET
    assert _lines() == {"WASH-250": 2}


def test_removing_in_the_drawer_offers_to_put_it_back_there(shopper: Client) -> None:
    response = _post(shopper, CHANGE, DRAWER, sku="WASH-250", quantity="0", remove="1")

    assert response.status_code == 200
    assert response.context["removed"].quantity == 2
    assert response.cookies["galea_basket_count"].value == "0"

    response = _post(shopper, RESTORE, DRAWER, sku="WASH-250", quantity="2")

    assert response.context["basket"].count == 2


@pytest.mark.parametrize(("headers", "status"), [({}, 303), (DRAWER, 200)])
def test_removing_twice_is_no_error(shopper: Client, headers: dict[str, str], status: int) -> None:
    _post(shopper, CHANGE, sku="WASH-250", remove="1")

    response = _post(shopper, CHANGE, headers, sku="WASH-250", remove="1")

    assert response.status_code == status


@pytest.mark.parametrize(
    "query",
    [
        {"removed": "NOTHING", "quantity": "1"},
        {"removed": "MD-6", "quantity": "0"},
        {"removed": "MD-6"},
        {"removed": "WASH-250", "quantity": "1"},
        {"removed": "M\x00", "quantity": "1"},
    ],
)
def test_an_address_that_makes_no_sense_offers_nothing(
    shopper: Client, query: dict[str, str]
) -> None:
    assert shopper.get(BASKET, query).context["removed"] is None


def test_restoring_what_has_sold_out_says_so(shopper: Client) -> None:
    _post(shopper, CHANGE, sku="WASH-250", remove="1")
    Stock.objects.update(on_hand=0)

    response = _post(shopper, RESTORE, sku="WASH-250", quantity="2")

    assert response.status_code == 422
    assert response.context["basket"].notices[0].text == "This is sold out."
    assert _lines() == {}


# --- Delivery -----------------------------------------------------------------------------


def test_a_delivery_is_chosen(shopper: Client) -> None:
    response = _post(shopper, DELIVERY, country="DE", method="standard")

    assert (response.status_code, response["Location"]) == (303, BASKET)
    basket = Basket.objects.select_related("delivery_method").get()
    assert basket.delivery_method is not None
    assert (basket.country, basket.delivery_method.code) == ("DE", "standard")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"country": "US"}, "We do not deliver to this country. Choose one from the list."),
        ({}, "We do not deliver to this country. Choose one from the list."),
        (
            {"country": "DE", "method": "rocket"},
            "This delivery is not offered here. Choose one from the list.",
        ),
    ],
)
def test_a_refused_delivery_says_why(shopper: Client, data: dict[str, str], sentence: str) -> None:
    response = _post(shopper, DELIVERY, **data)

    assert response.status_code == 422
    assert response.context["basket"].notices[0].text == sentence


# --- Whoever has no basket ----------------------------------------------------------------


@pytest.mark.parametrize("url", [CHANGE, DELIVERY])
def test_a_change_without_a_basket_is_refused(client: Client, url: str) -> None:
    response = _post(client, url, sku="WASH-250", quantity="1", country="DE")

    assert response.status_code == 422
    assert not Basket.objects.exists()


def test_looking_writes_nothing_and_leaves_no_cookie(client: Client) -> None:
    """R27: a basket never changes by GET."""
    for url in (BASKET, "/basket/drawer/"):
        with CaptureQueriesContext(connection) as queries:
            response = client.get(url)

        assert response.status_code == 200
        assert not response.cookies
        assert not [query for query in queries if not query["sql"].startswith("SELECT")]


@pytest.mark.parametrize("url", [ADD, CHANGE, RESTORE, DELIVERY])
def test_a_change_by_get_is_refused(shopper: Client, url: str) -> None:
    """R27"""
    assert shopper.get(url, {"sku": "WASH-250", "quantity": "1"}).status_code == 405
    assert _lines() == {"WASH-250": 2}


@pytest.mark.parametrize("url", [ADD, CHANGE, RESTORE, DELIVERY])
def test_a_change_from_another_site_is_refused(at: datetime, url: str) -> None:
    """R27"""
    buying.product(at=at)
    client = Client(enforce_csrf_checks=True)

    response = client.post(
        url,
        {"sku": "WASH-250"},
        headers={"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
    )

    assert response.status_code == 403
    assert not Basket.objects.exists()


def test_every_answer_is_private(shopper: Client) -> None:
    answers: list[Any] = [
        shopper.get(BASKET),
        shopper.get("/basket/drawer/"),
        _post(shopper, ADD, sku="MD-6", quantity="1"),
        _post(shopper, ADD, HTMX, sku="MD-6", quantity="1"),
        _post(shopper, CHANGE, sku="MD-6", quantity="0"),
        _post(shopper, CHANGE, sku="MD-6", remove="1"),
        _post(shopper, RESTORE, sku="MD-6", quantity="1"),
        _post(shopper, DELIVERY, country="US"),
    ]

    assert {response["Cache-Control"] for response in answers} == {"private, no-store"}


def test_a_basket_emptied_elsewhere_corrects_the_count(shopper: Client) -> None:
    BasketLine.objects.all().delete()

    response = shopper.get(BASKET)

    assert response.cookies["galea_basket_count"].value == "0"
    assert not shopper.get(BASKET).cookies


def test_an_accounts_basket_needs_no_key(client: Client, at: datetime) -> None:
    buying.product(at=at)
    client.force_login(User.objects.create_user("ada@example.com"))

    response = _post(client, ADD, sku="WASH-250", quantity="1")

    assert response.cookies["galea_basket"].value == ""
    assert Basket.objects.get().user is not None


# --- Rubbish ------------------------------------------------------------------------------

RUBBISH = [
    "\x00",
    "a\x00b",
    "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    "\u202e",
    "9" * 5000,
    "x" * 1_000_000,
    "%00",
    "'; DROP TABLE",
    "<script>",
    "🧴" * 1000,
]


@pytest.mark.parametrize("rubbish", RUBBISH)
@pytest.mark.parametrize("url", [ADD, CHANGE, RESTORE, DELIVERY])
def test_rubbish_is_refused_and_changes_nothing(shopper: Client, url: str, rubbish: str) -> None:
    """R30"""
    for name in ("sku", "quantity", "country", "method"):
        fields = {"sku": "WASH-250", "quantity": "1", "country": "DE", "method": "standard"}
        if url == DELIVERY and name in {"sku", "quantity"}:
            continue
        if url != DELIVERY and name in {"country", "method"}:
            continue

        response = _post(shopper, url, **{**fields, name: rubbish})

        assert response.status_code == 422
    assert _lines() == {"WASH-250": 2}


@pytest.mark.parametrize("rubbish", RUBBISH)
def test_rubbish_in_addresses_and_cookies_is_ignored(shopper: Client, rubbish: str) -> None:
    """R30"""
    response = shopper.get(BASKET, {"added": rubbish, "removed": rubbish, "quantity": rubbish})

    assert response.status_code == 200
    as_sent = rubbish[:50].encode().decode("latin-1")
    client = Client(headers={"Cookie": f"galea_basket={as_sent}; galea_basket_count={as_sent}"})
    assert client.get(BASKET).status_code == 200


def test_a_quantity_in_a_strange_encoding_is_shown_safely(shopper: Client) -> None:
    """R30: a lone surrogate in the answer would be no UTF-8."""
    body = (
        '--b\r\nContent-Disposition: form-data; name="sku"\r\n\r\nWASH-250\r\n'
        '--b\r\nContent-Disposition: form-data; name="quantity"\r\n\r\n\\ud800\r\n--b--\r\n'
    )

    response = shopper.post(
        CHANGE,
        body.encode(),
        content_type="multipart/form-data; boundary=b; charset=unicode_escape",
        headers={"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"},
    )

    assert response.status_code in {400, 422}
    assert _lines() == {"WASH-250": 2}


# --- Queries ------------------------------------------------------------------------------


def test_the_basket_page_costs_the_same_for_one_line_and_for_fifty(
    client: Client, at: datetime
) -> None:
    buying.courier()
    offers = [buying.product(f"WASH-{number}", at=at) for number in range(49)]
    offers.append(buying.package(at=at))
    for number, offer in enumerate(offers[:5]):
        _give_picture(offer, number)
    counts = [_queries_of_page_with(client, offers[:lines], at) for lines in (1, 5, 49)]
    with_package = _queries_of_page_with(client, offers, at)

    assert counts == [13, 13, 13]
    assert with_package == 14


def _give_picture(offer: Offer, number: int) -> None:
    file = ContentFile(_png(), name=f"wash-{number}.png")
    image = CustomImage.objects.create(title="Wash", alt="A bottle", file=file)
    ProductPageImage.objects.create(page_id=offer.page_id, image=image)


def _png() -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (8, 10), "tan").save(buffer, "PNG")
    return buffer.getvalue()


def _queries_of_page_with(client: Client, offers: list[Offer], at: datetime) -> int:
    Basket.objects.all().delete()
    client.cookies.clear()
    _post(client, ADD, sku=offers[0].sku, quantity="1")
    basket = Basket.objects.get()
    BasketLine.objects.bulk_create(
        BasketLine(
            basket=basket, offer=offer, quantity=1, price_seen_minor=offer.price_minor, added_at=at
        )
        for offer in offers[1:]
    )
    client.get(BASKET)
    cache.clear()
    with CaptureQueriesContext(connection) as queries:
        response = client.get(BASKET)
    assert response.context["basket"].count == len(offers)
    return len(queries)


def test_addresses_are_those_of_the_plan() -> None:
    assert reverse("checkout:basket_drawer") == "/basket/drawer/"
