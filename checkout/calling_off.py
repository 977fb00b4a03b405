"""Pay goods back that have not been packed, line by line, instead of sending them."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import User
from checkout import (
    order_status,
    refund_lines,
    refund_ways,
    refunds,
    shipments,
    to_send,
)
from checkout.models import (
    Fulfilment,
    ItemToSend,
    Order,
    OrderLine,
    OrderStatus,
    Refund,
)
from checkout.refund_lines import Wanted
from money.money import Money


class NothingToCallOff(Exception):
    """Nothing was named, the order is not paid, or all of it lies in parcels."""

    def __init__(self) -> None:
        super().__init__("Nothing was called off: say how many of what lies in no parcel yet.")


class AmountChanged(Exception):
    """Something was packed or paid back since the amount was shown."""

    def __init__(self, amount: Money) -> None:
        super().__init__(f"The amount is {amount} now. Nothing was changed; confirm it again.")
        self.amount = amount


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A line of which units, for a kit whole kits, can still be called off."""

    line: OrderLine
    units: int
    items: list[ItemToSend]

    @property
    def name(self) -> str:
        """Name and label together, as in "Barrier Balm, 75 ml"."""
        return ", ".join(filter(None, [self.line.name, self.line.label]))

    def pieces(self, units: int) -> dict[int, int]:
        """Return how many of which item so many units are."""
        return {item.pk: units * (item.part.quantity if item.part else 1) for item in self.items}


def open_lines(order: Order) -> list[OpenLine]:
    """Return the lines of which something lies in no parcel yet."""
    by_line: dict[int, list[ItemToSend]] = {}
    for item in order.items_to_send.select_related("line", "part"):
        by_line.setdefault(item.line_id, []).append(item)
    found = [
        OpenLine(
            line=items[0].line,
            units=min(item.to_pack // (item.part.quantity if item.part else 1) for item in items),
            items=items,
        )
        for items in by_line.values()
    ]
    return [each for each in found if each.units > 0]


def amount(order: Order, units: Mapping[int, int]) -> Money:
    """Return what comes back for so many units of each line, by the line's id.

    The costs of delivery come back with the last of the goods, if none has been packed. What went
    back before, for a line or for delivery, does not come back again.

    :raises NothingToCallOff: if a line has not so many, or none is named.
    """
    return Money(sum(_worths(order, units).values()), order.currency)


def call_off(
    *,
    order_id: int,
    units: Mapping[int, int],
    agreed_minor: int,
    reason: str,
    by: User | None,
    at: datetime,
    most_minor: int | None = None,
) -> Refund | None:
    """Decide that units of lines are paid back and not sent; others may buy them at once.

    None where nothing is left to pay back for them: they are not sent all the same.

    :param agreed_minor: the amount that was shown, minor units of the order's currency.
    :param most_minor: how much may have gone back for the order then, all its refunds together,
        minor units; none for no limit.
    :raises refund_ways.AboveLimit: if that is more.
    :raises NothingToCallOff: if there are not so many in no parcel.
    :raises refunds.PaymentDisputed: if the buyer's bank holds the money.
    :raises AmountChanged: if another amount was shown.
    :raises refunds.RefundRefused: if less is left of what was paid.
    """
    with transaction.atomic():
        order = Order.objects.select_for_update().get(pk=order_id)
        refunds.demand_undisputed(order)
        worths = _worths(order, units)
        comes_back = Money(sum(worths.values()), order.currency)
        if comes_back.minor != agreed_minor:
            raise AmountChanged(comes_back)
        named = [each for each in open_lines(order) if units.get(each.line.pk, 0) > 0]
        words = ", ".join(f"{units[each.line.pk]} × {each.name}" for each in named)
        pieces: dict[int | None, int] = {each.line.pk: units[each.line.pk] for each in named}
        refund = None
        if agreed_minor:
            refund = refund_ways.request(
                order,
                amount_minor=agreed_minor,
                reason=f"{reason}: {words}"[:200],
                by=by,
                at=at,
                wanted=Wanted(gross=worths, pieces=pieces, called_off=pieces),
                most_minor=most_minor,
            )
            order.refresh_from_db()
            leave_unsent(order, units, name=refund.idempotency_key, by=by, at=at)
        else:
            name = f"called-off-{secrets.token_hex(16)}"
            leave_unsent(order, units, name=name, by=by, at=at, reason=reason)
    return refund


def _worths(order: Order, units: Mapping[int, int]) -> dict[int | None, int]:
    """Return what comes back of delivery and of each line: what is left of its price for so many.

    :raises NothingToCallOff: if a line has not so many, or none is named.
    """
    wanted = {line_id: count for line_id, count in units.items() if count > 0}
    lines = {each.line.pk: each for each in open_lines(order)}
    is_there = all(
        line_id in lines and count <= lines[line_id].units for line_id, count in wanted.items()
    )
    if not wanted or not is_there or order.status != OrderStatus.PAID:
        raise NothingToCallOff
    lefts = {left.line_id: left for left in refund_lines.left_of(order)}
    pieces = sum(sum(lines[pk].pieces(count).values()) for pk, count in wanted.items())
    is_last = pieces == order.pieces_to_pack and not order.items_to_send.filter(packed__gt=0)
    worths: dict[int | None, int] = {None: lefts[None].gross_minor if is_last else 0}
    for line_id, count in wanted.items():
        left = lefts[line_id]
        line = lines[line_id].line
        worths[line_id] = refund_lines.worth_of(line, left, min(count, left.pieces))
    return worths


def leave_unsent(
    order: Order,
    units: Mapping[int, int],
    *,
    name: str,
    by: User | None,
    at: datetime,
    reason: str = "",
) -> None:
    """Leave units unsent that a refund has been decided for; the caller has locked the order.

    :param name: what they are called off for.
    :param reason: why, for staff, where no refund says it.
    :raises to_send.TooMany: if they lie in parcels by now.
    """
    named = [each for each in open_lines(order) if units.get(each.line.pk, 0) > 0]
    for each in named:
        pieces = each.pieces(units[each.line.pk])
        to_send.call_off(order, pieces, name=f"{name}:{each.line.position}", by=by, at=at)
    to_send.recount(order)
    words = ", ".join(f"{units[each.line.pk]} × {each.name}" for each in named)
    message = f"Not to be sent: {words}" + (f" ({reason})" if reason else "")
    order_status.record(order, kind="CALLED_OFF", message=message, at=at, by=by)
    if order.fulfilment == Fulfilment.FULFILLED:
        shipments.finish(order, by=by, at=at)
