"""What is sold, told to machines: one source for structured data and both feeds.

Each fact comes from the same `OfferView` that the page shows, so no two of them can differ.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from catalog.availability import AvailabilityState
from catalog.models.offers import Offer
from catalog.offer_views import OfferView, offer_views
from catalog.unit_prices import Comparison, offer_comparison
from money.money import Money


@dataclass(frozen=True, slots=True)
class SoldFact:
    """One size of a product or package, as machines are told of it.

    `usual_price` is the lowest of the 30 days before a reduction, while one is announced.
    `until` is the moment from which it is no longer sold, where that is known.
    """

    sku: str
    label: str
    price: Money
    usual_price: Money | None
    state: AvailabilityState
    unit_price_text: str
    compared: Comparison | None
    content: str
    measure: Decimal | None
    barcode: str
    is_package: bool
    is_goods: bool
    sessions: int | None
    weight_grams: int
    until: dt.datetime | None

    @property
    def is_buyable(self) -> bool:
        return self.state != AvailabilityState.SOLD_OUT


def sold_facts(offers: Sequence[Offer]) -> list[SoldFact]:
    """Tell the facts of one page's offers, in their order; no query."""
    return [_fact(offer, view) for offer, view in zip(offers, offer_views(offers), strict=True)]


def _fact(offer: Offer, view: OfferView) -> SoldFact:
    return SoldFact(
        sku=view.sku,
        label=view.label,
        price=view.price,
        usual_price=view.lowest_recent,
        state=view.availability.state,
        unit_price_text=view.unit_price,
        compared=offer_comparison(offer),
        content=view.content,
        measure=offer.content_amount,
        barcode=offer.barcode,
        is_package=offer.is_package,
        is_goods=offer.is_goods,
        sessions=view.sessions,
        weight_grams=offer.weight_grams,
        until=offer.active_until,
    )
