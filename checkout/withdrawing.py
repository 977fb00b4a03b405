"""The only writer of withdrawals: receive a statement, and note what staff decide about it."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from catalog.models import OfferKind
from checkout import emails, order_status
from checkout.gift_cards.sold import has_paid
from checkout.models import (
    Order,
    OrderLine,
    OrderStatus,
    ShipmentStatus,
    Withdrawal,
    WithdrawalDecision,
    WithdrawalLine,
)
from checkout.order_page import passes_of
from checkout.returns import asking
from checkout.withdrawal_terms import REFUND_WITHIN, WORDS, Standing, ends_on, standing

# What was never paid is cancelled instead.
_PAID = {
    OrderStatus.PAID,
    OrderStatus.SHIPPED,
    OrderStatus.COMPLETED,
    OrderStatus.NEEDS_REVIEW,
    OrderStatus.REFUNDED,
}


class NothingToWithdraw(Exception):
    """The order was never paid, or no piece of it was named."""

    def __init__(self) -> None:
        super().__init__("Choose what you withdraw from: at least one piece of this order.")


class DecidedAlready(Exception):
    """Somebody else has decided about the withdrawal."""

    def __init__(self) -> None:
        super().__init__("This withdrawal has been decided about already.")


@dataclass(frozen=True, slots=True)
class Part:
    """So many pieces of a line, and whether the buyer says that they are opened."""

    quantity: int
    is_opened: bool = False


@dataclass(frozen=True, slots=True)
class StatedLine:
    """What a statement says of one line, with how it stands."""

    line: OrderLine
    quantity: int
    is_opened: bool
    standing: Standing
    ends: dt.date | None

    @property
    def name(self) -> str:
        """Name and label together, as in "Barrier Balm, 75 ml"."""
        return ", ".join(filter(None, [self.line.name, self.line.label]))

    @property
    def is_package(self) -> bool:
        return self.line.kind != OfferKind.PRODUCT

    @property
    def words(self) -> str:
        """What the buyer is told of it."""
        return WORDS[self.standing]


def can_withdraw(order: Order) -> bool:
    """Tell whether there is a contract to withdraw from."""
    return order.paid_at is not None and order.status in _PAID


def whole(order: Order) -> dict[int, Part]:
    """Return all of an order, unopened, by line."""
    return {line.pk: Part(line.quantity) for line in order.lines.all()}


def statement(order: Order, parts: Mapping[int, Part], *, on: dt.date) -> list[StatedLine]:
    """Return what a statement would say, line by line; at most five queries.

    :raises NothingToWithdraw: if it names no piece of the order, or more than it has.
    """
    lines = {line.pk: line for line in order.lines.all()}
    named = {pk: part for pk, part in parts.items() if part.quantity}
    is_there = all(
        pk in lines and 0 < part.quantity <= lines[pk].quantity for pk, part in named.items()
    )
    if not named or not is_there or not can_withdraw(order):
        raise NothingToWithdraw
    arrived = _arrivals(order)
    begun = _begun(order, lines.values())
    bought_on = timezone.localdate(order.paid_at)
    found = []
    for pk, part in named.items():
        is_package = lines[pk].kind != OfferKind.PRODUCT
        ends = ends_on(is_package=is_package, bought_on=bought_on, arrived_on=arrived)
        stands = standing(
            is_package=is_package,
            is_opened=part.is_opened,
            is_begun=pk in begun,
            is_gift_card=lines[pk].kind == OfferKind.GIFT_CARD,
            ends=ends,
            on=on,
        )
        is_opened = part.is_opened and not is_package
        found.append(StatedLine(lines[pk], part.quantity, is_opened, stands, ends))
    return sorted(found, key=lambda each: each.line.position)


def withdraw(
    *, order_id: int, parts: Mapping[int, Part], reference: str, at: dt.datetime, on: dt.date
) -> Withdrawal:
    """Receive a statement of withdrawal, and mail its receipt to the order's address.

    The same form twice is one statement. Late, or of opened goods, it is received all the same.

    :param reference: what the form carries, so that sending it again writes nothing.
    :param on: today, in the shop's zone.
    :raises NothingToWithdraw: if it names no piece of the order.
    """
    with transaction.atomic():
        order = Order.objects.select_for_update().get(pk=order_id)
        known = Withdrawal.objects.filter(reference=reference).first()
        if known is not None:
            return known
        stated = statement(order, parts, on=on)
        row = Withdrawal.objects.create(
            order=order, reference=reference, stated_at=at, refund_due_on=on + REFUND_WITHIN
        )
        WithdrawalLine.objects.bulk_create(
            WithdrawalLine(
                withdrawal=row,
                line=each.line,
                quantity=each.quantity,
                is_opened=each.is_opened,
                standing=each.standing,
            )
            for each in stated
        )
        words = ", ".join(f"{each.quantity} × {each.name}" for each in stated)
        order_status.record(
            order, kind="WITHDRAWAL", message=f"The buyer withdraws from: {words}", at=at
        )
        emails.queue(order, emails.WITHDRAWAL_RECEIVED, at=at, key=reference, withdrawal=row.pk)
    return row


def decide(
    *, withdrawal_id: int, is_accepted: bool, by: User, at: dt.datetime
) -> WithdrawalDecision:
    """Note what staff decided, once; paying back is an act of its own.

    What is accepted and has left us opens a return, so that it is known what is to come back.

    :raises DecidedAlready: if there is a decision.
    """
    with transaction.atomic():
        order_id = Withdrawal.objects.values_list("order_id", flat=True).get(pk=withdrawal_id)
        order = Order.objects.select_for_update().get(pk=order_id)
        if WithdrawalDecision.objects.filter(withdrawal=withdrawal_id).exists():
            raise DecidedAlready
        row = WithdrawalDecision.objects.create(
            withdrawal_id=withdrawal_id,
            is_accepted=is_accepted,
            by=by,
            decided_at=at,
        )
        message = "Withdrawal accepted" if is_accepted else "Withdrawal declined"
        order_status.record(order, kind="WITHDRAWAL_DECIDED", message=message, at=at, by=by)
        if is_accepted:
            asking.open_for(Withdrawal.objects.get(pk=withdrawal_id), by=by, at=at)
    return row


def _arrivals(order: Order) -> list[dt.date | None]:
    """Return when each parcel arrived.

    Where nobody knows, not before it left, nor before the last promised day.
    """
    kept = order.shipments.exclude(status=ShipmentStatus.CANCELLED)
    days: list[dt.date | None] = []
    for shipment in kept:
        left = shipment.handed_over_at and timezone.localdate(shipment.handed_over_at)
        promised = None if shipment.is_pickup else order.arrives_until_on
        known = shipment.arrived_at and timezone.localdate(shipment.arrived_at)
        days.append(known or (max(filter(None, [left, promised])) if left else None))
    return [*days, None] if order.pieces_to_pack else days


def _begun(order: Order, lines: Iterable[OrderLine]) -> set[int]:
    """Return the lines of which a session was had, set aside or passed on, or a card has paid."""
    rows: Any = passes_of(order).with_balance()
    balances: dict[str, int] = {}
    for row in rows:
        line_reference = row.grant_reference.rsplit(":unit:", 1)[0]
        balances[line_reference] = min(row.balance, balances.get(line_reference, row.balance))
    lines = list(lines)
    spent = {line.pk for line in lines if line.kind == OfferKind.GIFT_CARD and has_paid(line)}
    return spent | {
        line.pk
        for line in lines
        if balances.get(f"{order.reference}:line:{line.position}", line.sessions or 0)
        < (line.sessions or 0)
    }
