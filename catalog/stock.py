"""The writer of stock: take goods in, count them, keep some for a buyer, sell them.

What was sold stays on the shelf, and reserved, until `catalog.stock_leaving` hands it over.

Every verb first locks the stock rows it touches in the order of their offers, so two of them
cannot block each other; then each change is one conditional UPDATE, so the rule holds on a
database without row locks too.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import F
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from accounts.models import User
from catalog import shown_stock
from catalog.availability import Availability, AvailabilityState, availability
from catalog.batches import pieces, turning
from catalog.models import (
    MovementKind,
    Offer,
    OfferKind,
    Reservation,
    ReservationStatus,
    Stock,
    StockMovement,
)
from catalog.stock_contradictions import contradictions

__all__ = [
    "Availability",
    "AvailabilityState",
    "LimitBelowPromises",
    "NoStockOfItsOwn",
    "NotEnoughOnHand",
    "NotSoMany",
    "ReasonMissing",
    "SoldOut",
    "adjust",
    "availability",
    "configure",
    "contradictions",
    "extend",
    "lock",
    "locked",
    "receive",
    "release",
    "reserve",
    "sell",
    "serve_back_orders",
]


class SoldOut(Exception):
    """There are not so many of an offer, neither in stock nor on back-order."""

    def __init__(self, offer_id: int, wanted: int, available: int) -> None:
        self.offer_id = offer_id
        self.wanted = wanted
        self.available = available
        super().__init__(f"Only {available} left." if available else "Sold out.")


class NotEnoughOnHand(ValueError):
    """More would go than is there and promised to nobody."""

    def __init__(self, available: int) -> None:
        super().__init__(f"Only {available} can go: the others are not there or promised.")


class NotSoMany(ValueError):
    """A quantity must be a whole number of at least one, or not zero for a correction."""

    def __init__(self, quantity: int) -> None:
        super().__init__(f"{quantity} is no quantity.")


class ReasonMissing(ValueError):
    """Every movement says why."""

    def __init__(self) -> None:
        super().__init__("Say why the stock changes.")


class NoStockOfItsOwn(ValueError):
    """A kit is counted by its parts."""

    def __init__(self, offer: Offer) -> None:
        super().__init__(f"{offer.sku} is a kit: receive and count its parts instead.")


class LimitBelowPromises(ValueError):
    """The back-order limit cannot fall below what is promised already."""

    def __init__(self, back_ordered: int) -> None:
        super().__init__(f"{back_ordered} are promised on back-order already.")


def reserve(
    *,
    items: Sequence[tuple[int, int]],
    reference: str,
    expires_at: dt.datetime,
    at: dt.datetime,
) -> None:
    """Keep goods for a buyer until a moment; the same reference again keeps them once.

    Each item is an offer's id and a quantity. Of a kit its parts are kept, together with what is
    wanted of them by themselves. The pieces of an article are taken wholly from stock or else
    wholly on back-order. Packages are skipped: no reservation is written for what cannot run out.
    What was let go under the same reference is taken anew. Pieces too short to sell on the day are
    not taken, however long ago the worker last looked.

    :raises SoldOut: if an article, alone or as a part, has not so many left; the caller's
        transaction must roll back.
    :raises NotSoMany: if a quantity is below one.
    :raises TransactionManagementError: outside the caller's transaction.
    """
    _demand_transaction()
    wanted = _pieces(_add_up(items))
    limited = _limited(wanted)
    lock(limited)
    said = shown_stock.faces(limited)
    turning.turn(said.offers, on=timezone.localdate(at))
    known = {held.offer_id: held for held in Reservation.objects.filter(reference=reference)}
    new = []
    for offer_id in limited:
        reservation = known.get(offer_id) or Reservation(reference=reference, offer_id=offer_id)
        if reservation.pk and reservation.status != ReservationStatus.RELEASED:
            continue
        reservation.is_back_order = _take(offer_id, wanted[offer_id])
        reservation.quantity = wanted[offer_id]
        reservation.status = ReservationStatus.HELD
        reservation.expires_at = expires_at
        reservation.created_at = at
        if reservation.pk:
            reservation.save()
        else:
            new.append(reservation)
    Reservation.objects.bulk_create(new)
    shown_stock.tell(said)


@transaction.atomic
def sell(*, reference: str) -> int:
    """Sell what is held under a reference; again, it sells nothing.

    The goods stay reserved until they are handed over, a back-order owed until goods arrive.

    :returns: how many reservations were sold now.
    """
    reservations = _locked_reservations(reference)
    return sum(_leave_held(held, ReservationStatus.SOLD) for held in reservations)


@transaction.atomic
def release(*, reference: str) -> int:
    """Let go of what is held under a reference; what was sold or let go stays as it is.

    Goods that become free go to the oldest back-orders first.

    :returns: how many reservations were let go now.
    """
    let_go = 0
    reservations = _locked_reservations(reference)
    said = shown_stock.faces([held.offer_id for held in reservations])
    for held in reservations:
        if not _leave_held(held, ReservationStatus.RELEASED):
            continue
        let_go += 1
        column = "back_ordered" if held.is_back_order else "reserved"
        Stock.objects.filter(offer_id=held.offer_id).update(**{column: F(column) - held.quantity})
        serve_back_orders(held.offer_id)
    shown_stock.tell(said)
    return let_go


def extend(*, reference: str, expires_at: dt.datetime) -> int:
    """Hold what is held under a reference until another moment.

    :returns: how many reservations are still held.
    """
    return Reservation.objects.held().filter(reference=reference).update(expires_at=expires_at)


@transaction.atomic
def receive(
    *,
    offer_id: int,
    quantity: int,
    reason: str,
    by: User | None,
    at: dt.datetime,
    batch_id: int | None = None,
) -> Stock:
    """Take delivered goods in; the oldest back-orders get theirs first.

    :param batch_id: the batch they are of, where the article is kept in batches and it is known.
    :raises NotSoMany: if the quantity is below one.
    :raises NoStockOfItsOwn: if the offer is a kit.
    :raises ReasonMissing: if no reason is given.
    """
    if quantity < 1:
        raise NotSoMany(quantity)
    move = _Move(MovementKind.RECEIVED, quantity, reason, by, at, batch_id=batch_id)
    return _move(offer_id, move)


@transaction.atomic
def adjust(
    *,
    offer_id: int,
    change: int,
    kind: MovementKind,
    reason: str,
    by: User | None,
    at: dt.datetime,
    reference: str | None = None,
    batch_id: int | None = None,
) -> Stock:
    """Correct what is on hand after counting, damage or a return.

    :param change: how many more, or fewer when negative.
    :param batch_id: the batch they are of; without one, the pieces without a number.
    :param reference: what it is for, where the same thing must not be booked twice.
    :raises NotEnoughOnHand: if promised goods would go.
    :raises pieces.NotInBatch: if the batch has not so many outside of parcels.
    :raises NoStockOfItsOwn: if the offer is a kit.
    :raises NotSoMany: if the change is zero or goes against its kind.
    :raises ReasonMissing: if no reason is given.
    """
    goes_up = {MovementKind.RETURNED: True, MovementKind.DAMAGED: False}.get(kind, change > 0)
    if change == 0 or (change > 0) != goes_up or kind in {MovementKind.RECEIVED, MovementKind.SOLD}:
        raise NotSoMany(change)
    move = _Move(kind, change, reason, by, at, reference=reference, batch_id=batch_id)
    return _move(offer_id, move)


@transaction.atomic
def configure(
    *, offer_id: int, low_from: int, back_order_limit: int, back_order_days: int
) -> Stock:
    """Set from how few on the page warns and how many may be sold before they arrive.

    :raises LimitBelowPromises: if more are on back-order already.
    :raises NoStockOfItsOwn: if the offer is a kit.
    """
    locked(offer_id)
    said = shown_stock.faces([offer_id])
    changed = Stock.objects.filter(offer_id=offer_id, back_ordered__lte=back_order_limit).update(
        low_from=low_from, back_order_limit=back_order_limit, back_order_days=back_order_days
    )
    stock = Stock.objects.get(offer_id=offer_id)
    if not changed:
        raise LimitBelowPromises(stock.back_ordered)
    shown_stock.tell(said)
    return stock


def _demand_transaction() -> None:
    if not connection.in_atomic_block:
        raise TransactionManagementError("reserve() belongs into the caller's transaction")


def _add_up(items: Sequence[tuple[int, int]]) -> dict[int, int]:
    wanted: dict[int, int] = {}
    for offer_id, quantity in items:
        if quantity < 1:
            raise NotSoMany(quantity)
        wanted[offer_id] = wanted.get(offer_id, 0) + quantity
    return wanted


def _pieces(wanted: Mapping[int, int]) -> dict[int, int]:
    """Return how many pieces of each article that can run out are wanted: kits by their parts."""
    rows = Offer.objects.filter(pk__in=wanted, kind=OfferKind.PRODUCT)
    pieces: Counter[int] = Counter()
    for offer_id, part_id, in_one in rows.values_list("pk", "parts__part", "parts__quantity"):
        pieces[part_id or offer_id] += wanted[offer_id] * (in_one or 1)
    return dict(pieces)


def _limited(article_ids: Iterable[int]) -> list[int]:
    """Return articles in the one order in which their rows are locked."""
    return sorted(article_ids)


def lock(offer_ids: Iterable[int]) -> None:
    """Lock the stock of articles in the one order that all verbs keep."""
    rows = Stock.objects.filter(offer_id__in=offer_ids).order_by("offer_id")
    list(rows.select_for_update().values_list("pk"))


def _take(offer_id: int, quantity: int) -> bool:
    """Take a quantity from stock or else on back-order; tell whether it is a back-order."""
    rows = Stock.objects.filter(offer_id=offer_id)
    # What is promised on back-order has the first claim on what is there.
    free = F("withheld") + F("reserved") + F("back_ordered") + quantity
    if rows.filter(on_hand__gte=free).update(reserved=F("reserved") + quantity):
        return False
    room = F("back_ordered") + quantity
    if rows.filter(back_order_limit__gte=room).update(back_ordered=room):
        return True
    stock = rows.first()
    left = max(stock.available, stock.back_orders_left) if stock else 0
    raise SoldOut(offer_id, quantity, left)


def _locked_reservations(reference: str) -> list[Reservation]:
    """Lock the stock of what is held under a reference, then read what is held."""
    held = Reservation.objects.held().filter(reference=reference)
    lock(list(held.values_list("offer_id", flat=True)))
    return list(held.order_by("offer_id"))


def _leave_held(held: Reservation, status: ReservationStatus) -> bool:
    """Move one reservation on, unless somebody else did so first."""
    return bool(Reservation.objects.held().filter(pk=held.pk).update(status=status))


@dataclass(frozen=True, slots=True)
class _Move:
    """One change of what is on hand."""

    kind: MovementKind
    change: int
    reason: str
    by: User | None
    at: dt.datetime
    reference: str | None = None
    batch_id: int | None = None


def _move(offer_id: int, move: _Move) -> Stock:
    if not move.reason.strip():
        raise ReasonMissing
    stock, on = locked(offer_id), timezone.localdate(move.at)
    if move.reference and StockMovement.objects.filter(reference=move.reference).exists():
        return stock
    said = shown_stock.faces([offer_id])
    rows = Stock.objects.filter(pk=stock.pk, on_hand__gte=F("reserved") - move.change)
    moved = pieces.move(stock, move.change, batch_id=move.batch_id, on=on)
    if not rows.update(on_hand=F("on_hand") + move.change, **pieces.sums(stock, on=on)):
        raise NotEnoughOnHand(stock.on_hand - stock.reserved)
    movement = StockMovement.objects.create(
        stock=stock,
        kind=move.kind,
        quantity=move.change,
        reason=move.reason.strip(),
        by=move.by,
        reference=move.reference,
        happened_at=move.at,
    )
    pieces.note(moved, movement=movement, by=move.by, at=move.at)
    serve_back_orders(offer_id)
    shown_stock.tell(said)
    stock.refresh_from_db()
    return stock


def locked(offer_id: int) -> Stock:
    """Lock the stock that is to change; an offer becomes a kit under the same lock."""
    stock = Stock.objects.select_for_update().get(offer_id=offer_id)
    if stock.offer.is_kit:
        raise NoStockOfItsOwn(stock.offer)
    return stock


def serve_back_orders(offer_id: int) -> None:
    """Give what is there to the oldest back-orders, in turn, as long as it is enough for them."""
    stock = Stock.objects.get(offer_id=offer_id)
    there = stock.on_hand - stock.withheld - stock.reserved
    waiting = Reservation.objects.promised().filter(offer_id=offer_id, is_back_order=True)
    for owed in waiting.order_by("created_at", "pk"):
        if owed.quantity > there:
            return
        there -= owed.quantity
        Reservation.objects.filter(pk=owed.pk).update(is_back_order=False)
        Stock.objects.filter(pk=stock.pk).update(
            back_ordered=F("back_ordered") - owed.quantity,
            reserved=F("reserved") + owed.quantity,
        )
