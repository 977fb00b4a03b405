"""The only writer of what has still to be sent, and of what an order itself counts of it.

Every verb belongs into a transaction that has locked the order. Each change is one conditional
UPDATE besides, and a constraint holds the sum: more than was paid for is never packed.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime

from django.db.models import F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from accounts.models import User
from catalog import stock_leaving
from catalog.models import OfferKind
from checkout.models import (
    Fulfilment,
    ItemToSend,
    Order,
    OrderLine,
    Shipment,
    ShipmentLine,
    ShipmentStatus,
)

Pieces = Mapping[int, int]


class TooMany(Exception):
    """More of an item was to move than is left for it; nothing was changed."""

    def __init__(self, item: ItemToSend, left: int) -> None:
        self.item = item
        super().__init__(
            f"Of {item.name} only {left} can go." if left else f"Nothing is left of {item.name}."
        )


class NotOfThisOrder(Exception):
    """An item was named that the order does not have."""

    def __init__(self) -> None:
        super().__init__("This article is not in the order.")


def before_payment(*, needs_delivery: bool) -> Fulfilment:
    """Return how a new order stands: its goods, if it has any, have not left."""
    return Fulfilment.UNFULFILLED if needs_delivery else Fulfilment.NOTHING_TO_SEND


def open_for(order: Order) -> None:
    """Write down what a paid order's goods are, kits as their parts; again, it writes nothing."""
    if order.items_to_send.exists():
        return
    lines = order.lines.filter(kind=OfferKind.PRODUCT).prefetch_related("parts")
    ItemToSend.objects.bulk_create(item for line in lines for item in _items_of(line))
    recount(order)


def _items_of(line: OrderLine) -> Iterator[ItemToSend]:
    parts = list(line.parts.all())
    for part in parts:
        yield ItemToSend(
            order_id=line.order_id,
            line=line,
            part=part,
            offer_id=part.offer_id,
            ordered=part.quantity * line.quantity,
        )
    if not parts:
        yield ItemToSend(
            order_id=line.order_id, line=line, offer_id=line.offer_id, ordered=line.quantity
        )


def pack(order: Order, pieces: Pieces) -> None:
    """Put pieces into a parcel.

    :param pieces: how many of which item, by its id.
    :raises TooMany: if more than is left of an item.
    :raises NotOfThisOrder: if an item is not the order's.
    """
    for item, quantity in _named(order, pieces):
        wanted = F("packed") + F("called_off") + quantity
        rows = ItemToSend.objects.filter(pk=item.pk, ordered__gte=wanted)
        if not rows.update(packed=F("packed") + quantity):
            raise TooMany(item, item.to_pack)


def unpack(order: Order, pieces: Pieces) -> None:
    """Take pieces out of a parcel that has not left.

    :raises TooMany: if they have left.
    """
    for item, quantity in _named(order, pieces):
        rows = ItemToSend.objects.filter(pk=item.pk, packed__gte=F("handed_over") + quantity)
        if not rows.update(packed=F("packed") - quantity):
            raise TooMany(item, item.packed - item.handed_over)


def hand_over(
    order: Order,
    pieces: Pieces,
    *,
    batches: Mapping[int, Pieces],
    name: str,
    by: User | None,
    at: datetime,
) -> None:
    """Let packed pieces leave, and the shelf with them.

    :param batches: from which batches the pieces of an article were packed, by its id.
    :param name: the parcel that they leave in.
    :raises stock_leaving.NotHere: if some have not arrived yet.
    :raises TooMany: if they are not packed.
    """
    leaving: Counter[int] = Counter()
    for item, quantity in _named(order, pieces):
        rows = ItemToSend.objects.filter(pk=item.pk, packed__gte=F("handed_over") + quantity)
        if not rows.update(handed_over=F("handed_over") + quantity):
            raise TooMany(item, item.packed - item.handed_over)
        leaving[item.offer_id] += quantity
    stock_leaving.hand_over(
        reference=order.reference, pieces=leaving, batches=batches, name=name, by=by, at=at
    )


def call_off(order: Order, pieces: Pieces, *, name: str, by: User | None, at: datetime) -> None:
    """Leave pieces unsent that lie in no parcel; somebody else may buy them.

    :param name: what they are called off for.
    :raises TooMany: if they are packed or gone.
    """
    freed: Counter[int] = Counter()
    for item, quantity in _named(order, pieces):
        wanted = F("packed") + F("called_off") + quantity
        rows = ItemToSend.objects.filter(pk=item.pk, ordered__gte=wanted)
        if not rows.update(called_off=F("called_off") + quantity):
            raise TooMany(item, item.to_pack)
        freed[item.offer_id] += quantity
    stock_leaving.call_off(reference=order.reference, pieces=freed, name=name, by=by, at=at)


def call_off_the_rest(order: Order, *, name: str, by: User | None, at: datetime) -> None:
    """Leave unsent whatever lies in no parcel, because all of the money has gone back."""
    pieces = {item.pk: item.to_pack for item in order.items_to_send.all() if item.to_pack}
    if pieces:
        call_off(order, pieces, name=name, by=by, at=at)
        recount(order)


def recount(order: Order) -> None:
    """Let the order say anew how much of it has left, lies in no parcel, or waits packed."""
    sums = order.items_to_send.aggregate(
        wanted=Sum(F("ordered") - F("called_off"), default=0),
        packed=Sum("packed", default=0),
        gone=Sum("handed_over", default=0),
    )
    order.fulfilment = _state(wanted=sums["wanted"], gone=sums["gone"])
    order.pieces_to_pack = sums["wanted"] - sums["packed"]
    order.parcels_waiting = Shipment.objects.filter(
        order=order, status=ShipmentStatus.PACKED
    ).count()
    order.save(update_fields=["fulfilment", "pieces_to_pack", "parcels_waiting"])


def _state(*, wanted: int, gone: int) -> Fulfilment:
    if not wanted:
        return Fulfilment.NOTHING_TO_SEND
    if not gone:
        return Fulfilment.UNFULFILLED
    return Fulfilment.PARTLY if gone < wanted else Fulfilment.FULFILLED


def _named(order: Order, pieces: Pieces) -> list[tuple[ItemToSend, int]]:
    """Return the order's items in one order, each with how many of it move."""
    found = order.items_to_send.select_related("line", "part").in_bulk(list(pieces))
    if set(found) != set(pieces):
        raise NotOfThisOrder
    return [(found[pk], pieces[pk]) for pk in sorted(pieces)]


def contradictions() -> Iterator[str]:
    """Yield, in words, every item that its parcels contradict."""
    kept = ShipmentLine.objects.filter(item=OuterRef("pk")).exclude(
        shipment__status=ShipmentStatus.CANCELLED
    )
    wrong = ItemToSend.objects.annotate(
        in_parcels=_pieces_of(kept),
        gone=_pieces_of(kept.filter(shipment__status=ShipmentStatus.HANDED_OVER)),
    ).exclude(packed=F("in_parcels"), handed_over=F("gone"))
    for item in wrong.select_related("order", "line", "part"):
        yield (
            f"{item.order}: of {item.name} {item.packed} packed and {item.handed_over} gone,"
            f" its parcels say {item.in_parcels} and {item.gone}"
        )


def _pieces_of(lines: QuerySet[ShipmentLine]) -> Coalesce:
    summed = lines.order_by().values("item").annotate(pieces=Sum("quantity"))
    return Coalesce(Subquery(summed.values("pieces")), 0)


__all__ = [
    "NotOfThisOrder",
    "TooMany",
    "before_payment",
    "call_off",
    "call_off_the_rest",
    "contradictions",
    "hand_over",
    "open_for",
    "pack",
    "recount",
    "unpack",
]
