"""The page that sells gift cards, and their values."""

import datetime as dt

from catalog import prices
from catalog.models import CatalogPage, GiftCardPage, Offer, OfferKind
from money.money import Money
from storefront.demo import content, people, tree
from storefront.demo.shelves import OPENED


def seed(at: dt.datetime) -> None:
    """Add the page with every value of the data file."""
    facts = content.facts("gift_cards")
    opened = at - OPENED
    page = GiftCardPage(**facts["page"])
    tree.add(CatalogPage.objects.get(), page, by=people.marketer(), at=opened)
    for order, offer in enumerate(facts["offer"]):
        prices.create_first(
            offer=Offer(
                sku=offer["sku"],
                page=page,
                label=offer["label"],
                kind=OfferKind.GIFT_CARD,
                price_minor=Money.parse(offer["price"]).minor,
                vat_rate_bp=0,
                tax_code="txcd_10502000",
                sort_order=order,
            ),
            by=people.manager(),
            at=opened,
        )
