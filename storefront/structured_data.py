"""What the home page tells search engines of the shop: who it is, and on which terms it sells."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse

from catalog.structured_data import amount, return_policy
from checkout.models import DeliveryRate
from cms.structured_data import Thing, organisation
from money.money import Money

if TYPE_CHECKING:
    from storefront.context_processors import Shop


def home(shop: "Shop") -> list[Thing]:
    """The shop, its search and its terms; no query."""
    return [_shop(shop), _search(), return_policy()]


def _shop(shop: "Shop") -> Thing:
    told: Thing = organisation() | {
        "@type": "OnlineStore",
        "legalName": shop.company_name,
        "address": " ".join(shop.clinic.address.split()),
        "telephone": shop.clinic.phone,
        "email": shop.clinic.email,
        "hasMerchantReturnPolicy": {"@id": return_policy()["@id"]},
    }
    return {name: value for name, value in told.items() if value}


def _search() -> Thing:
    """See https://schema.org/SearchAction."""
    target = f"{settings.SITE_URL}{reverse('search')}?q={{search_term_string}}"
    return {
        "@type": "WebSite",
        "@id": f"{settings.SITE_URL}/#website",
        "name": settings.WAGTAIL_SITE_NAME,
        "url": f"{settings.SITE_URL}/",
        "publisher": {"@id": organisation()["@id"]},
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": target},
            "query-input": "required name=search_term_string",
        },
    }


def delivery_terms() -> Thing:
    """The shop with what sending costs, for plain pages such as the one on delivery; one query."""
    return organisation() | {"@type": "OnlineStore", "hasShippingService": _delivery()}


def _delivery() -> list[Thing]:
    """What sending costs and how long it takes, see https://schema.org/ShippingService."""
    rates = DeliveryRate.objects.select_related("method__zone").order_by(
        "method__zone__sort_order", "method__pk", "up_to_grams", "from_value_minor"
    )
    return [_conditions(rate) for rate in rates if rate.method.kind == rate.method.Kind.COURIER]


def _conditions(rate: DeliveryRate) -> Thing:
    method = rate.method
    conditions: Thing = {
        "@type": "ShippingConditions",
        "shippingDestination": {
            "@type": "DefinedRegion",
            "addressCountry": method.zone.country_codes(),
        },
        "shippingRate": _money(rate.price_minor),
        "transitTime": {
            "@type": "ServicePeriod",
            "duration": {
                "@type": "QuantitativeValue",
                "minValue": method.min_days,
                "maxValue": method.max_days,
                "unitCode": "DAY",
            },
        },
    }
    if rate.from_value_minor:
        least = {"minValue": amount(Money(rate.from_value_minor, settings.SHOP_CURRENCY))}
        currency = {"currency": settings.SHOP_CURRENCY}
        conditions["orderValue"] = {"@type": "MonetaryAmount"} | least | currency
    if rate.up_to_grams:
        weight = {"maxValue": rate.up_to_grams, "unitCode": "GRM"}
        conditions["weight"] = {"@type": "QuantitativeValue"} | weight
    return {"@type": "ShippingService", "name": method.name, "shippingConditions": conditions}


def _money(minor: int) -> Thing:
    price = Money(minor, settings.SHOP_CURRENCY)
    return {"@type": "MonetaryAmount", "value": amount(price), "currency": price.currency}
