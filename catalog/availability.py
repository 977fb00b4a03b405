"""What a buyer is told about how many there are."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from catalog.models.offers import Offer
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


@dataclass(frozen=True, slots=True)
class Room:
    """How many pieces of an article can be taken from stock, or else on back-order."""

    in_stock: int
    on_back_order: int
    low_from: int
    back_order_days: int

    @property
    def most(self) -> int:
        """The pieces of one order come all from stock, or else all on back-order."""
        return max(self.in_stock, self.on_back_order)


NO_ROOM = Room(0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Supply:
    """So many pieces of an article go into one of what is sold: itself, or the parts of a kit."""

    article: Offer
    pieces: int


def supplies(offer: Offer) -> list[Supply]:
    """Return what one piece of an offer takes from stock; what is not sent takes nothing.

    A kit is asked for its parts: `catalog.kits.load_parts` reads those of many in one query.
    """
    if not offer.is_goods:
        return []
    if not offer.is_kit:
        return [Supply(offer, 1)]
    return [Supply(each.part, each.quantity) for each in offer.parts.all()]


def room(article: Offer) -> Room:
    """Say how many pieces of an article there are; reads `article.stock`, so select it along."""
    stock: Stock | None = getattr(article, "stock", None)
    if stock is None:
        return NO_ROOM
    return Room(stock.available, stock.back_orders_left, stock.low_from, stock.back_order_days)


def availability(offer: Offer, *, room_of: Callable[[Offer], Room] = room) -> Availability:
    """Say how many of an offer can be bought; reads `offer.stock`, so select it along.

    A package or gift card can always be bought; a product whose stock was never opened cannot. Of
    a kit there are as many as its scarcest part allows.
    """
    if not offer.is_goods:
        return ALWAYS
    found = [(room_of(supply.article), supply.pieces) for supply in supplies(offer)]
    if not found:
        return SOLD_OUT
    most = min(MAX_PER_LINE, *(each.most // pieces for each, pieces in found))
    there = min(each.in_stock // pieces for each, pieces in found)
    if there > 0:
        is_low = any(each.in_stock <= each.low_from for each, _ in found)
        state = AvailabilityState.LOW if is_low else AvailabilityState.IN_STOCK
        return Availability(state, there if is_low else None, most, None)
    if most > 0:
        waits = [each.back_order_days for each, pieces in found if each.in_stock < pieces]
        return Availability(AvailabilityState.BACK_ORDER, None, most, max(waits))
    return SOLD_OUT
