"""Sold goods leave the shelf, or stay because they were called off: the rest of writing stock.

What was sold before goods left at hand-over is consumed with nothing handed over: it is gone from
the shelf already, and handing it over takes nothing more.
"""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from catalog import shown_stock, stock
from catalog.batches import pieces as batch_pieces
from catalog.models import MovementKind, Reservation, ReservationStatus, Stock, StockMovement


class NotHere(Exception):
    """Goods are to leave that were not sold under this reference, or have not arrived yet."""

    def __init__(self, offer_id: int) -> None:
        self.offer_id = offer_id
        super().__init__("Some of it is not here yet: it waits for goods to arrive.")


@transaction.atomic
def hand_over(
    *,
    reference: str,
    pieces: Mapping[int, int],
    name: str,
    by: User | None,
    at: dt.datetime,
    batches: Mapping[int, Mapping[int, int]] | None = None,
) -> None:
    """Take sold goods off the shelf.

    :param pieces: how many of each article leave.
    :param batches: from which batches the pieces of an article were packed, where it has some.
    :param name: what they leave in; the same name takes nothing a second time.
    :raises NotHere: if so many are not sold and here; nothing leaves then.
    """
    stock.lock(sorted(pieces))
    for offer_id, quantity in sorted(pieces.items()):
        if _left_long_ago(reference, offer_id) or _has_left(name, offer_id):
            continue
        _count_as_gone(reference, offer_id, quantity)
        row, on = Stock.objects.get(offer_id=offer_id), timezone.localdate(at)
        gone = batch_pieces.leave(row, quantity, packed=(batches or {}).get(offer_id, {}))
        Stock.objects.filter(pk=row.pk).update(
            on_hand=F("on_hand") - quantity,
            reserved=F("reserved") - quantity,
            **batch_pieces.sums(row, on=on),
        )
        movement = StockMovement.objects.create(
            stock=row,
            kind=MovementKind.SOLD,
            quantity=-quantity,
            reason=reference,
            reference=f"{name}:{offer_id}",
            by=by,
            happened_at=at,
        )
        batch_pieces.note(gone, movement=movement, by=by, at=at)


@transaction.atomic
def call_off(
    *, reference: str, pieces: Mapping[int, int], name: str, by: User | None, at: dt.datetime
) -> None:
    """Let go of sold goods that are not to leave any more; the oldest back-orders get them.

    :param name: what they are called off for.
    :raises NotHere: if so many were not sold under the reference, or have left.
    """
    stock.lock(sorted(pieces))
    said = shown_stock.faces(sorted(pieces))
    for offer_id, quantity in sorted(pieces.items()):
        if _left_long_ago(reference, offer_id):
            _put_back(offer_id, quantity, f"{name}:{offer_id}", by, at)
            continue
        _let_go(reference, offer_id, quantity)
        stock.serve_back_orders(offer_id)
    shown_stock.tell(said)


def awaited(*, reference: str) -> set[int]:
    """Return the articles under a reference that have not arrived yet."""
    owed = Reservation.objects.promised().filter(reference=reference, is_back_order=True)
    return set(owed.values_list("offer_id", flat=True))


def gone_long_ago(*, reference: str) -> set[int]:
    """Return the articles under a reference that left the shelf when they were sold."""
    rows = Reservation.objects.filter(reference=reference, handed_over=0)
    gone = rows.filter(status=ReservationStatus.CONSUMED)
    return set(gone.values_list("offer_id", flat=True))


def _left_long_ago(reference: str, offer_id: int) -> bool:
    rows = Reservation.objects.filter(reference=reference, offer_id=offer_id, handed_over=0)
    return rows.filter(status=ReservationStatus.CONSUMED).exists()


def _has_left(name: str, offer_id: int) -> bool:
    return StockMovement.objects.filter(reference=f"{name}:{offer_id}").exists()


def _count_as_gone(reference: str, offer_id: int, quantity: int) -> None:
    rows = Reservation.objects.filter(reference=reference, offer_id=offer_id)
    here = rows.filter(status=ReservationStatus.SOLD, is_back_order=False)
    wanted = F("handed_over") + quantity
    if not here.filter(quantity__gte=wanted).update(handed_over=wanted):
        raise NotHere(offer_id)
    here.filter(handed_over=F("quantity")).update(status=ReservationStatus.CONSUMED)


def _let_go(reference: str, offer_id: int, quantity: int) -> None:
    rows = Reservation.objects.filter(reference=reference, offer_id=offer_id)
    sold = rows.filter(status=ReservationStatus.SOLD).first()
    if sold is None or sold.quantity - sold.handed_over < quantity:
        raise NotHere(offer_id)
    column = "back_ordered" if sold.is_back_order else "reserved"
    Stock.objects.filter(offer_id=offer_id).update(**{column: F(column) - quantity})
    if sold.quantity == quantity:
        sold.status = ReservationStatus.RELEASED
    else:
        sold.quantity -= quantity
        if sold.quantity == sold.handed_over:
            sold.status = ReservationStatus.CONSUMED
    sold.save(update_fields=["status", "quantity"])


def _put_back(offer_id: int, quantity: int, name: str, by: User | None, at: dt.datetime) -> None:
    stock.adjust(
        offer_id=offer_id,
        change=quantity,
        kind=MovementKind.RETURNED,
        reason="Sold and never sent",
        by=by,
        at=at,
        reference=name,
    )
