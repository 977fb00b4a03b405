"""The only writer of parcels: pack one, unpack it, say how it is followed, hand it over.

Rows are locked in the order order, parcel, stock.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from django.db import transaction

from accounts.models import User
from catalog import stock_leaving
from catalog.batches import allotting
from catalog.batches.pieces import NotOfThisArticle
from checkout import emails, order_status, to_send
from checkout.batches import parcels
from checkout.models import (
    DeliveryMethod,
    Dispute,
    Fulfilment,
    ItemToSend,
    Order,
    OrderStatus,
    Shipment,
    ShipmentLine,
    ShipmentStatus,
)
from checkout.models.shipment import new_code

S = ShipmentStatus

NEXT: Mapping[ShipmentStatus, frozenset[ShipmentStatus]] = {
    S.PACKED: frozenset({S.HANDED_OVER, S.CANCELLED}),
    S.HANDED_OVER: frozenset(),
    S.CANCELLED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is known of a parcel besides what lies in it.

    :ivar tracking_url: where it is followed; empty: as the order's delivery method says.
    """

    carrier: str = ""
    tracking_number: str = ""
    tracking_url: str = ""
    weight_grams: int | None = None


class NotToBeSent(Exception):
    """Nothing may leave for an order that is not paid, was paid back, or is looked at."""

    def __init__(self, order: Order) -> None:
        super().__init__(
            f"Order {order.number} is {order.get_status_display().lower()}: nothing leaves for it."
        )


class Disputed(Exception):
    """The buyer's bank may take the money back: nothing leaves unless a manager says why."""

    def __init__(self, order: Order) -> None:
        super().__init__(
            f"The payment of order {order.number} is disputed: a manager says why, or it stays."
        )


class EmptyParcel(Exception):
    """A parcel holds at least one piece."""

    def __init__(self) -> None:
        super().__init__("Nothing is in the parcel yet.")


class NotArrived(Exception):
    """Something is on back-order: it cannot be packed before it is here."""

    def __init__(self, item: ItemToSend) -> None:
        super().__init__(f"{item.name} is not here yet: it waits for goods to arrive.")


class ShipmentRefused(Exception):
    """The parcel's status does not lead where it was asked to go."""

    def __init__(self, shipment: Shipment, to: ShipmentStatus) -> None:
        super().__init__(
            f"Parcel {shipment} is {shipment.get_status_display().lower()}"
            f" and cannot become {to.label.lower()}."
        )


class UnknownCode(Exception):
    """Nothing that waits to be collected has this code."""

    def __init__(self) -> None:
        super().__init__("Nothing waits to be collected under this code.")


REFUSALS = (
    Disputed,
    EmptyParcel,
    NotArrived,
    NotToBeSent,
    ShipmentRefused,
    UnknownCode,
    allotting.MayNotLeave,
    NotOfThisArticle,
    allotting.TooFewThatMayGo,
    stock_leaving.NotHere,
    to_send.NotOfThisOrder,
    to_send.TooMany,
)


@transaction.atomic
def pack(
    *,
    order_id: int,
    pieces: Mapping[int, int],
    reference: str,
    by: User | None,
    at: datetime,
    parcel: Parcel | None = None,
    batches: Mapping[int, int] | None = None,
) -> Shipment:
    """Pack one parcel; the same reference again is the same parcel.

    What is kept in batches is taken from the batch that the packer names, then from what expires
    first. Somebody who collects gets a mail with the code.

    :param pieces: how many of which item to send, by its id; none of an item is left out.
    :param batches: the batch that is preferred for an item.
    :raises NotToBeSent: unless the order is paid.
    :raises EmptyParcel: if no piece is named.
    :raises NotArrived: if an item waits for goods.
    :raises allotting.TooFewThatMayGo: if what is here is stopped, or expires too soon.
    :raises allotting.MayNotLeave: if a named batch is stopped or has expired.
    :raises NotOfThisArticle: if it is another article's.
    :raises to_send.TooMany: if more than was paid for and not packed yet.
    :raises to_send.NotOfThisOrder: if an item is another order's.
    """
    order = Order.objects.select_for_update().get(pk=order_id)
    known = Shipment.objects.filter(reference=reference).first()
    if known is not None:
        return known
    wanted = {item_id: quantity for item_id, quantity in pieces.items() if quantity > 0}
    if order.status != OrderStatus.PAID:
        raise NotToBeSent(order)
    if not wanted:
        raise EmptyParcel
    _demand_here(order, wanted)
    to_send.pack(order, wanted)
    shipment = _write(order, reference, parcel or Parcel(), by=by, at=at)
    ShipmentLine.objects.bulk_create(
        ShipmentLine(shipment=shipment, item_id=item_id, quantity=quantity)
        for item_id, quantity in wanted.items()
    )
    parcels.fill(order, shipment, named=batches or {}, at=at)
    to_send.recount(order)
    _note(shipment, order, "PACKED", _packed_words(shipment, wanted), by=by, at=at)
    if shipment.is_pickup:
        emails.queue(
            order, emails.READY_TO_COLLECT, at=at, key=str(shipment.pk), shipment=shipment.pk
        )
    return shipment


@transaction.atomic
def cancel(*, shipment_id: int, by: User | None, at: datetime) -> Shipment:
    """Unpack a parcel that has not left: its pieces are to be packed again.

    :raises ShipmentRefused: if it has left, or was unpacked before.
    """
    shipment, order = _locked(shipment_id)
    _move(shipment, S.CANCELLED)
    shipment.cancelled_at = at
    shipment.pickup_code = ""
    shipment.save()
    parcels.empty(shipment)
    to_send.unpack(order, _pieces(shipment))
    to_send.recount(order)
    if order.status == OrderStatus.REFUNDED:
        to_send.call_off_the_rest(order, name=f"unpacked:{shipment.pk}", by=by, at=at)
    _note(shipment, order, "UNPACKED", f"Parcel {shipment.position} unpacked", by=by, at=at)
    return shipment


@transaction.atomic
def hand_over(*, shipment_id: int, by: User | None, at: datetime, despite: str = "") -> Shipment:
    """Let a parcel leave: its goods leave the shelf, and the buyer is told how to follow it.

    The last parcel makes an order shipped, or completed if its buyer has collected it.

    :param despite: why it leaves although the payment is disputed; who may say so is the caller's
        to ask.
    :raises ShipmentRefused: if it has left, or was unpacked.
    :raises Disputed: if the payment is disputed, and no reason was given.
    :raises NotToBeSent: if the order was paid back or is looked at.
    :raises allotting.MayNotLeave: if a batch in it was stopped, or has expired.
    :raises stock_leaving.NotHere: if something in it is not on the shelf.
    """
    shipment, order = _locked(shipment_id)
    _move(shipment, S.HANDED_OVER)
    if order.status != OrderStatus.PAID:
        raise NotToBeSent(order)
    is_disputed = Dispute.objects.open().filter(order=order).exists()
    if is_disputed and not despite.strip():
        raise Disputed(order)
    to_send.hand_over(
        order,
        _pieces(shipment),
        batches=parcels.to_leave(shipment, at=at),
        name=f"shipment:{shipment.pk}",
        by=by,
        at=at,
    )
    shipment.handed_over_at, shipment.handed_over_by = at, by
    shipment.save()
    to_send.recount(order)
    words = _left_words(shipment)
    if is_disputed:
        words = f"{words}, although the payment is disputed: {despite.strip()}"
    _note(shipment, order, "HANDED_OVER", words, by=by, at=at)
    if not shipment.is_pickup:
        emails.queue(order, emails.ORDER_SENT, at=at, key=str(shipment.pk), shipment=shipment.pk)
    finish(order, by=by, at=at)
    return shipment


def collect(*, code: str, by: User | None, at: datetime) -> Shipment:
    """Hand over what waits under a code that the buyer shows.

    :raises UnknownCode: if nothing does.
    """
    waiting = Shipment.objects.filter(status=S.PACKED, is_pickup=True)
    shipment = waiting.filter(pickup_code=code).first() if code.isdecimal() else None
    if shipment is None:
        raise UnknownCode
    return hand_over(shipment_id=shipment.pk, by=by, at=at)


@transaction.atomic
def arrive(*, shipment_id: int, by: User | None, at: datetime) -> Shipment:
    """Say that a parcel has arrived; with its last parcel an order is completed.

    :raises ShipmentRefused: if it has not left, or is collected at the clinic.
    """
    shipment, order = _locked(shipment_id)
    if shipment.status != S.HANDED_OVER or shipment.is_pickup:
        raise ShipmentRefused(shipment, S.HANDED_OVER)
    if shipment.arrived_at is not None:
        return shipment
    shipment.arrived_at = at
    shipment.save(update_fields=["arrived_at"])
    _note(shipment, order, "ARRIVED", f"Parcel {shipment.position} has arrived", by=by, at=at)
    if order.status == OrderStatus.SHIPPED and not is_under_way(order):
        words = "Everything has arrived"
        order_status.transition(order, OrderStatus.COMPLETED, at=at, by=by, message=words)
    return shipment


def is_under_way(order: Order) -> bool:
    """Tell whether a parcel of an order is not known to have arrived."""
    return bool(order.shipments.kept().filter(is_pickup=False, arrived_at=None).exists())


@transaction.atomic
def follow(
    *, shipment_id: int, carrier: str, number: str, url: str, by: User | None, at: datetime
) -> Shipment:
    """Say how a parcel is followed, or put it right; the timeline says that, not the number.

    A number leads to where its buyer lives, and the timeline outlives a buyer's account.

    :raises ShipmentRefused: if it was unpacked.
    """
    shipment, order = _locked(shipment_id)
    if shipment.status == S.CANCELLED:
        raise ShipmentRefused(shipment, S.HANDED_OVER)
    before = shipment.tracking_number
    shipment.carrier, shipment.tracking_number = carrier, number
    if url or number != before:
        shipment.tracking_url = url or _tracking_url(order, number)
    shipment.save(update_fields=["carrier", "tracking_number", "tracking_url"])
    words = f"Tracking of parcel {shipment.position} written down"
    _note(shipment, order, "TRACKING", words, by=by, at=at)
    return shipment


def finish(order: Order, *, by: User | None, at: datetime) -> None:
    """Move an order on once everything that was to leave has left."""
    if order.fulfilment != Fulfilment.FULFILLED or order.status != OrderStatus.PAID:
        return
    if order.delivery_method_kind == DeliveryMethod.Kind.PICKUP:
        order_status.transition(
            order, OrderStatus.COMPLETED, at=at, by=by, message="Everything is collected"
        )
    else:
        order_status.transition(
            order, OrderStatus.SHIPPED, at=at, by=by, message="Everything has been sent"
        )


def _locked(shipment_id: int) -> tuple[Shipment, Order]:
    order_id = Shipment.objects.values_list("order_id", flat=True).get(pk=shipment_id)
    order = Order.objects.select_for_update().get(pk=order_id)
    return Shipment.objects.select_for_update().get(pk=shipment_id), order


def _move(shipment: Shipment, to: ShipmentStatus) -> None:
    if to not in NEXT[ShipmentStatus(shipment.status)]:
        raise ShipmentRefused(shipment, to)
    shipment.status = to


def _demand_here(order: Order, pieces: Mapping[int, int]) -> None:
    awaited = stock_leaving.awaited(reference=order.reference)
    items = order.items_to_send.select_related("line", "part")
    for item in items.filter(pk__in=pieces, offer_id__in=awaited):
        raise NotArrived(item)


def _write(
    order: Order, reference: str, parcel: Parcel, *, by: User | None, at: datetime
) -> Shipment:
    is_pickup = order.delivery_method_kind == DeliveryMethod.Kind.PICKUP
    return Shipment.objects.create(
        order=order,
        position=order.shipments.count() + 1,
        reference=reference,
        is_pickup=is_pickup,
        pickup_code=_free_code() if is_pickup else "",
        carrier=parcel.carrier,
        tracking_number=parcel.tracking_number,
        tracking_url=parcel.tracking_url or _tracking_url(order, parcel.tracking_number),
        weight_grams=parcel.weight_grams,
        packed_at=at,
        packed_by=by,
    )


def _free_code() -> str:
    code = new_code()
    while Shipment.objects.filter(status=S.PACKED, pickup_code=code).exists():
        code = new_code()
    return code


def _tracking_url(order: Order, number: str) -> str:
    """Return where a parcel of the order's method is followed, if the method says so."""
    method = DeliveryMethod.objects.filter(code=order.delivery_method_code).first()
    if method is None or not number or "{number}" not in method.tracking_link:
        return ""
    return method.tracking_link.replace("{number}", quote(number, safe=""))


def _pieces(shipment: Shipment) -> dict[int, int]:
    return dict(shipment.lines.values_list("item_id", "quantity"))


def _packed_words(shipment: Shipment, pieces: Mapping[int, int]) -> str:
    count = sum(pieces.values())
    what = f"{count} piece{'' if count == 1 else 's'}"
    if shipment.is_pickup:
        return f"Put aside to be collected: {what} (parcel {shipment.position})"
    return f"Packed parcel {shipment.position}: {what}"


def _left_words(shipment: Shipment) -> str:
    if shipment.is_pickup:
        return f"Collected: parcel {shipment.position}"
    by = f" by {shipment.carrier}" if shipment.carrier else ""
    return f"Sent parcel {shipment.position}{by}"


def _note(
    shipment: Shipment, order: Order, kind: str, words: str, *, by: User | None, at: datetime
) -> None:
    order_status.record(
        order, kind=kind, message=words, at=at, by=by, details={"shipment": shipment.pk}
    )
