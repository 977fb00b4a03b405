"""Page, structured data and both feeds tell the same of everything that is sold."""

import datetime as dt
import json
from typing import Any
from xml.etree import ElementTree

from django.test import Client
from django.utils import timezone
import pytest
from bs4 import BeautifulSoup

from catalog import prices, stock
from catalog.models import MovementKind, Offer
from tests.catalog.factories import (
    LONG_AGO,
    CatalogPageFactory,
    CategoryPageFactory,
    OfferFactory,
    PackagePageFactory,
    ProductPageFactory,
    TreatmentFactory,
)

pytestmark = pytest.mark.django_db

G = "{http://base.google.com/ns/1.0}"
STATES = {
    "https://schema.org/InStock": "in_stock",
    "https://schema.org/LimitedAvailability": "in_stock",
    "https://schema.org/BackOrder": "backorder",
    "https://schema.org/OutOfStock": "out_of_stock",
}


@pytest.fixture
def shop() -> dict[str, Any]:
    """One offer of every kind and state."""
    plain = ProductPageFactory.create(title="Quiet & <calm> wash", slug="quiet-wash")
    OfferFactory.create(page=plain, sku="PLAIN", on_hand=50, barcode="4006381333931")
    sized = ProductPageFactory.create(slug="sized")
    OfferFactory.create(page=sized, sku="SMALL", label="100 ml", content_amount=100, on_hand=2)
    OfferFactory.create(page=sized, sku="GONE", label="250 ml", on_hand=0)
    reduced = OfferFactory.create(page=sized, sku="CUT", label="1.5 l", content_amount=1500)
    _reduce(reduced)
    later = OfferFactory.create(page=sized, sku="LATER", label="Refill", on_hand=1)
    _allow_back_orders(later)
    treatment = TreatmentFactory.create()
    package = PackagePageFactory.create(slug="sessions", treatment=treatment)
    for sessions in (1, 6):
        OfferFactory.create(
            page=package, package=True, treatment=treatment, sku=f"P-{sessions}", sessions=sessions
        )
    return {"plain": plain, "sized": sized, "package": package}


def _reduce(offer: Offer) -> None:
    now = timezone.now() - dt.timedelta(days=1)
    prices.change(
        offer_id=offer.pk,
        price_minor=1900,
        is_reduction=True,
        reason="Sale",
        by=None,
        at=now,
    )


def _allow_back_orders(offer: Offer) -> None:
    """Take the last one off the shelf, and let five be sold before the next arrive."""
    stock.adjust(
        offer_id=offer.pk,
        change=-1,
        kind=MovementKind.DAMAGED,
        reason="Broken",
        by=None,
        at=LONG_AGO,
    )
    stock.configure(offer_id=offer.pk, low_from=3, back_order_limit=5, back_order_days=10)


def _told(url: str) -> list[dict[str, Any]]:
    page = BeautifulSoup(Client().get(url).content, "html.parser")
    [script] = page.find_all("script", type="application/ld+json")
    return list(json.loads(script.string)["@graph"])


def _of_type(things: list[dict[str, Any]], *kinds: str) -> dict[str, Any]:
    [found] = [thing for thing in things if thing["@type"] in kinds]
    return found


def _offers(thing: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return every offer of a product, a group or a package by its SKU."""
    if thing["@type"] == "ProductGroup":
        return {each["sku"]: each["offers"] for each in thing["hasVariant"]}
    offers = thing["offers"]
    return {each["sku"]: each for each in (offers if isinstance(offers, list) else [offers])}


def _read(path: str) -> bytes:
    answer = Client().get(path)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def _merchant() -> dict[str, dict[str, str]]:
    items = ElementTree.fromstring(_read("/feeds/products.xml")).iter("item")  # noqa: S314 (ours)
    found = [{field.tag.replace(G, "g:"): field.text or "" for field in item} for item in items]
    return {item["g:id"]: item for item in found}


def _agent() -> list[dict[str, Any]]:
    feed = json.loads(_read("/feeds/products.json"))
    return list(feed["itemListElement"])


def test_page_structured_data_and_feeds_tell_the_same(shop: dict[str, Any]) -> None:
    merchant, agent = _merchant(), _agent()
    by_name = {thing["name"]: thing for thing in agent}
    seen = set()
    for page in shop.values():
        on_page = _of_type(_told(page.url), "Product", "ProductGroup")
        told = _offers(on_page)
        assert _offers(by_name[page.title]) == told
        text = BeautifulSoup(Client().get(page.url).content, "html.parser").get_text(" ")
        for sku, offer in told.items():
            seen.add(sku)
            is_out = offer["availability"].endswith("OutOfStock")
            assert is_out or f"€{offer['price']}" in text, sku
            if sku.startswith("P-"):
                assert sku not in merchant
                continue
            item = merchant[sku]
            shown = item.get("g:sale_price") or item["g:price"]
            assert shown == f"{offer['price']} {offer['priceCurrency']}"
            assert item["g:availability"] == STATES[offer["availability"]]
            assert item["link"] == on_page["url"]
    assert seen == {"PLAIN", "SMALL", "GONE", "CUT", "LATER", "P-1", "P-6"}
    assert set(merchant) == {"PLAIN", "SMALL", "GONE", "CUT", "LATER"}


def test_every_state_is_told_in_its_own_words(shop: dict[str, Any]) -> None:
    told = _offers(_of_type(_told(shop["sized"].url), "ProductGroup"))

    assert {sku: offer["availability"].rsplit("/", 1)[1] for sku, offer in told.items()} == {
        "SMALL": "LimitedAvailability",
        "GONE": "OutOfStock",
        "CUT": "InStock",
        "LATER": "BackOrder",
    }


def test_a_reduction_is_told_with_the_lowest_price_before_it(shop: dict[str, Any]) -> None:
    told = _offers(_of_type(_told(shop["sized"].url), "ProductGroup"))["CUT"]
    strike = [each for each in told["priceSpecification"] if "priceType" in each]
    item = _merchant()["CUT"]

    assert (told["price"], [each["price"] for each in strike]) == ("19.00", ["24.00"])
    assert (item["g:price"], item["g:sale_price"]) == ("24.00 EUR", "19.00 EUR")


def test_the_unit_price_is_told_by_its_measures(shop: dict[str, Any]) -> None:
    told = _offers(_of_type(_told(shop["sized"].url), "ProductGroup"))["CUT"]
    [unit] = [each for each in told["priceSpecification"] if "referenceQuantity" in each]
    item = _merchant()["CUT"]

    assert unit["price"] == "19.00"
    assert unit["referenceQuantity"]["value"] == "1500.00"
    assert unit["referenceQuantity"]["valueReference"]["value"] == "1000"
    assert item["g:unit_pricing_measure"] == "1500 ml"
    assert item["g:unit_pricing_base_measure"] == "1000 ml"


def test_feeds_hold_nothing_that_is_hidden_or_has_ended(shop: dict[str, Any]) -> None:
    ended = shop["plain"]
    ended.is_discontinued = True
    ended.save_revision().publish()
    shop["package"].unpublish()

    assert set(_merchant()) == {"SMALL", "GONE", "CUT", "LATER"}
    assert [thing["name"] for thing in _agent()] == [shop["sized"].title]


def test_a_feed_that_has_not_changed_is_not_sent_again(shop: dict[str, Any]) -> None:
    client = Client()
    first = client.get("/feeds/products.json")
    b"".join(first.streaming_content)
    tag = {"If-None-Match": first["ETag"]}

    assert client.get("/feeds/products.json", headers=tag).status_code == 304
    stock.receive(
        offer_id=Offer.objects.get(sku="GONE").pk, quantity=3, reason="In", by=None, at=LONG_AGO
    )
    again = client.get("/feeds/products.json", headers=tag)
    assert again.status_code == 200
    assert b"OutOfStock" not in b"".join(again.streaming_content)


def test_a_list_tells_what_it_shows_and_where_it_stands(shop: dict[str, Any]) -> None:
    category = CategoryPageFactory.create()
    things = _told(category.url)
    listed = _of_type(things, "ItemList")["itemListElement"]
    crumbs = _of_type(things, "BreadcrumbList")["itemListElement"]

    assert {each["name"] for each in listed} == {page.title for page in shop.values()}
    assert [each["name"] for each in crumbs][-2:] == [
        CatalogPageFactory.create().title,
        category.title,
    ]
    assert all(each["item"].startswith("http://localhost:8000/") for each in crumbs)


def test_the_home_page_tells_of_the_shop_its_search_and_its_returns(shop: dict[str, Any]) -> None:
    kinds = {thing["@type"] for thing in _told("/")}

    assert kinds == {"OnlineStore", "WebSite", "MerchantReturnPolicy"}
