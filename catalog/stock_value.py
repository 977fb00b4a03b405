"""What the stock is worth: a piece at what the newest one cost, or else at its net price."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from catalog.models import Offer, Stock
from money.money import Money, included_vat


@dataclass(frozen=True, slots=True)
class Worth:
    """One article's pieces and what they are worth.

    :ivar is_cost: whether a piece counts at its cost; otherwise at its price without VAT.
    """

    offer: Offer
    pieces: int
    withheld: int
    piece: Money
    is_cost: bool

    @property
    def total(self) -> Money:
        return self.piece * self.pieces

    @property
    def name(self) -> str:
        title = self.offer.page.title if self.offer.page else self.offer.sku
        return f"{title}, {self.offer.label}"


def worths() -> list[Worth]:
    """Return what every article that is here is worth, by name; in one query."""
    rows = Stock.objects.filter(on_hand__gt=0, offer__currency=settings.SHOP_CURRENCY)
    named = rows.select_related("offer__page").order_by("offer__page__title", "offer__sku")
    return [_worth(row) for row in named]


def total_of(found: Sequence[Worth]) -> Money:
    return Money(sum(each.total.minor for each in found), settings.SHOP_CURRENCY)


def _worth(row: Stock) -> Worth:
    offer = row.offer
    is_cost = row.cost_minor is not None
    net_minor = offer.price_minor - included_vat(offer.price_minor, offer.vat_rate_bp)
    piece_minor = row.cost_minor if row.cost_minor is not None else net_minor
    return Worth(offer, row.on_hand, row.withheld, Money(piece_minor, offer.currency), is_cost)
