"""What a buyer is told about how many there are."""

from dataclasses import dataclass
from enum import StrEnum

from catalog.models.offers import Offer, OfferKind
from catalog.models.stock import Stock

MAX_PER_LINE = 99


class AvailabilityState(StrEnum):
    IN_STOCK = "IN_STOCK"
    LOW = "LOW"
    BACK_ORDER = "BACK_ORDER"
    SOLD_OUT = "SOLD_OUT"


@dataclass(frozen=True, slots=True)
class Availability:
    """`left` is told only when few are left, the days only on back-order."""

    state: AvailabilityState
    left: int | None
    max_quantity: int
    back_order_days: int | None

    @property
    def is_buyable(self) -> bool:
        return self.state != AvailabilityState.SOLD_OUT

    @property
    def max_shown(self) -> int:
        """The most that a page lets one choose: it tells how many there are only of the last few.

        Otherwise every sale would change the page; the basket says it when there are not so many.
        """
        exact = {AvailabilityState.LOW, AvailabilityState.SOLD_OUT}
        return self.max_quantity if self.state in exact else MAX_PER_LINE


ALWAYS = Availability(AvailabilityState.IN_STOCK, None, MAX_PER_LINE, None)
SOLD_OUT = Availability(AvailabilityState.SOLD_OUT, None, 0, None)


def availability(offer: Offer) -> Availability:
    """Say how many of an offer can be bought; reads `offer.stock`, so select it along.

    A package can always be bought; a product whose stock was never opened cannot.
    """
    if offer.kind == OfferKind.PACKAGE:
        return ALWAYS
    stock: Stock | None = getattr(offer, "stock", None)
    if stock is None:
        return SOLD_OUT
    most = min(MAX_PER_LINE, max(stock.available, stock.back_orders_left))
    if stock.available > 0:
        is_low = stock.available <= stock.low_from
        state = AvailabilityState.LOW if is_low else AvailabilityState.IN_STOCK
        return Availability(state, stock.available if is_low else None, most, None)
    if stock.back_orders_left > 0:
        return Availability(AvailabilityState.BACK_ORDER, None, most, stock.back_order_days)
    return SOLD_OUT
