"""Products, packages and lists in schema.org's words.

What search engines read of them: https://developers.google.com/search/docs/appearance/structured-data/product
"""

from collections.abc import Sequence
from typing import Any, Protocol

from django.conf import settings

from catalog import markets
from catalog.availability import AvailabilityState
from catalog.cards import Card
from catalog.models.offers import ContentUnit
from catalog.sold_facts import SoldFact
from cms.structured_data import Thing, absolute, organisation
from money.money import Money

AVAILABILITY = {
    AvailabilityState.IN_STOCK: "https://schema.org/InStock",
    AvailabilityState.LOW: "https://schema.org/LimitedAvailability",
    AvailabilityState.BACK_ORDER: "https://schema.org/BackOrder",
    AvailabilityState.SOLD_OUT: "https://schema.org/OutOfStock",
}
# UN/CEFACT's codes of units, which schema.org asks for.
UNITS = {ContentUnit.ML: "MLT", ContentUnit.G: "GRM", ContentUnit.PIECE: "C62"}
# Directive 2011/83/EU, article 9: fourteen days to withdraw; the shop gives no fewer.
RETURN_DAYS = 14


class Described(Protocol):
    """The words of a page that sells."""

    title: Any
    benefit: Any
    pk: Any


def product(page: Described, sold: Sequence[SoldFact], *, url: str, images: Sequence[str]) -> Thing:
    """A page that sells: one product, or a group of it in several sizes."""
    told = _told(page, url, images)
    if len(sold) == 1:
        return told | _identity(sold[0]) | {"offers": offer(sold[0], url=url)}
    if not sold or not sold[0].is_goods:
        return told | ({"offers": [offer(each, url=url) for each in sold]} if sold else {})
    return told | {
        "@type": "ProductGroup",
        "productGroupID": str(page.pk),
        "variesBy": ["https://schema.org/size"],
        "hasVariant": [_variant(page, each, url, images) for each in sold],
    }


def offer(sold: SoldFact, *, url: str) -> Thing:
    """One size with its price, as the page shows them."""
    data: Thing = {
        "@type": "Offer",
        "name": sold.label,
        "sku": sold.sku,
        "url": absolute(url),
        "price": amount(sold.price),
        "priceCurrency": sold.price.currency,
        "availability": AVAILABILITY[sold.state],
        "seller": {"@id": organisation()["@id"]},
    }
    if sold.is_goods:
        data["itemCondition"] = "https://schema.org/NewCondition"
        data["hasMerchantReturnPolicy"] = {"@id": return_policy()["@id"]}
    if sold.until:
        data["priceValidUntil"] = sold.until.date().isoformat()
    if prices := _specifications(sold):
        data["priceSpecification"] = prices
    return data


def return_policy() -> Thing:
    """Whoever bought goods may withdraw, see https://schema.org/MerchantReturnPolicy."""
    return {
        "@type": "MerchantReturnPolicy",
        "@id": f"{settings.SITE_URL}/#returns",
        "applicableCountry": sorted(markets.COUNTRIES),
        "returnPolicyCategory": "https://schema.org/MerchantReturnFiniteReturnWindow",
        "merchantReturnDays": RETURN_DAYS,
        "returnMethod": "https://schema.org/ReturnByMail",
        "returnFees": "https://schema.org/ReturnFeesCustomerResponsibility",
    }


def item_list(cards: Sequence[Card]) -> Thing:
    """What a list shows, in its order, see https://schema.org/ItemList."""
    return {
        "@type": "ItemList",
        "numberOfItems": len(cards),
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": position,
                "url": absolute(card.url),
                "name": card.title,
            }
            for position, card in enumerate(cards, start=1)
        ],
    }


def amount(price: Money) -> str:
    """Write a price as machines read it: “24.00”, without its currency."""
    return f"{price.decimal():f}"


def _told(page: Described, url: str, images: Sequence[str]) -> Thing:
    data: Thing = {
        "@type": "Product",
        "@id": f"{absolute(url)}#product",
        "name": page.title,
        "description": page.benefit,
        "url": absolute(url),
        "brand": {"@type": "Brand", "name": settings.WAGTAIL_SITE_NAME},
    }
    return data | ({"image": [absolute(image) for image in images]} if images else {})


def _variant(page: Described, sold: SoldFact, url: str, images: Sequence[str]) -> Thing:
    data = _told(page, url, images[:1]) | _identity(sold)
    del data["@id"]
    name = f"{page.title}, {sold.label}"
    return data | {"name": name, "size": sold.label, "offers": offer(sold, url=url)}


def _identity(sold: SoldFact) -> Thing:
    return {"sku": sold.sku} | ({"gtin": sold.barcode} if sold.barcode else {})


def _specifications(sold: SoldFact) -> list[Thing]:
    prices: list[Thing] = []
    if sold.compared:
        prices.append(
            _specification(sold.price)
            | {
                "referenceQuantity": {
                    "@type": "QuantitativeValue",
                    "value": f"{sold.measure:f}",
                    "unitCode": UNITS[sold.compared.unit],
                    "valueReference": {
                        "@type": "QuantitativeValue",
                        "value": str(sold.compared.amount),
                        "unitCode": UNITS[sold.compared.unit],
                    },
                }
            }
        )
    if sold.usual_price:
        kind = "https://schema.org/StrikethroughPrice"
        prices.append(_specification(sold.usual_price) | {"priceType": kind})
    return prices


def _specification(price: Money) -> Thing:
    return {
        "@type": "UnitPriceSpecification",
        "price": amount(price),
        "priceCurrency": price.currency,
        "valueAddedTaxIncluded": True,
    }
