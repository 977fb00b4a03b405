"""By which ways an order's money goes back: as it came, what a gift card paid last of all."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import User
from checkout import refunds
from checkout.models import Order, Payment, PaymentStatus, PaymentWay, Refund, RefundStatus
from checkout.refund_lines import NOTHING_NAMED, Wanted
from money.money import Money


class AboveLimit(Exception):
    """More would go back for an order than somebody may pay back; nothing was written."""

    def __init__(self, limit: Money) -> None:
        super().__init__(
            f"More than {limit} would go back for this order: a manager has to do this."
        )


def request(
    order: Order,
    *,
    amount_minor: int,
    reason: str,
    by: User | None,
    at: datetime,
    wanted: Wanted = NOTHING_NAMED,
    most_minor: int | None = None,
) -> Refund:
    """Decide that so much of an order goes back, by as many refunds as it has to; return the first.

    :param amount_minor: minor units of the order's currency.
    :param wanted: what it is for; nothing named falls on everything that is left.
    :param most_minor: how much may have gone back for the order with it; none for no limit.
    :raises AboveLimit: if that is more.
    :raises refunds.RefundRefused: if less is left of its payments, or on gift cards it bought.
    """
    with transaction.atomic():
        if most_minor is not None:
            _demand_within(order, amount_minor, most_minor)
        parts = list(_parts(order, amount_minor))
        wishes = _parted(wanted, [share for _, share in parts])
        made = [
            refunds.request(
                payment=payment, amount_minor=share, reason=reason, by=by, at=at, wanted=wish
            )
            for (payment, share), wish in zip(parts, wishes, strict=True)
        ]
    return made[0]


def _demand_within(order: Order, amount_minor: int, most_minor: int) -> None:
    """Look at what has gone once nobody else can pay back of the order any more.

    :raises AboveLimit: if it is more than the most together with an amount.
    """
    now = Order.objects.select_for_update().get(pk=order.pk)
    if now.refunded_minor + now.refund_reserved_minor + amount_minor > most_minor:
        raise AboveLimit(Money(most_minor, now.currency))


def payment_with(order: Order, amount_minor: int) -> Payment:
    """Return the newest payment of an order of which so much has not gone back.

    :raises refunds.RefundTooLarge: if there is none.
    """
    for payment, left in _lefts(order):
        if left >= amount_minor:
            return payment
    raise refunds.RefundTooLarge(order, amount_minor)


def _parts(order: Order, amount_minor: int) -> Iterator[tuple[Payment, int]]:
    """Yield payments with what goes back of each: of one that can bear it all, else of several."""
    lefts = _lefts(order)
    one = next(
        (each for each in lefts if each[1] >= amount_minor and _is_no_card(each[0])),
        None,
    )
    if one is not None:
        yield one[0], amount_minor
        return
    if sum(left for _, left in lefts) < amount_minor:
        raise refunds.RefundTooLarge(order, amount_minor)
    for payment, left in lefts:
        share = min(left, amount_minor)
        amount_minor -= share
        if share:
            yield payment, share


def _lefts(order: Order) -> list[tuple[Payment, int]]:
    """Return what has not gone back of each payment, the newest first, gift cards last."""
    paid = order.payments.filter(status=PaymentStatus.SUCCEEDED).order_by("-pk")
    found = []
    for payment in sorted(paid, key=lambda each: not _is_no_card(each)):
        kept = payment.refunds.exclude(status=RefundStatus.FAILED)
        gone = sum(kept.values_list("amount_minor", flat=True))
        found.append((payment, payment.amount_minor - gone))
    return found


def _is_no_card(payment: Payment) -> bool:
    return payment.way != PaymentWay.GIFT_CARD


def _parted(wanted: Wanted, amounts: Sequence[int]) -> list[Wanted]:
    """Divide what refunds are for by their amounts, line after line.

    A line's pieces go with the refund in which its amount is complete.
    """
    if len(amounts) == 1 or not wanted.gross:
        return [wanted, *([NOTHING_NAMED] * (len(amounts) - 1))]
    left = dict(wanted.gross)
    named = [*left, *(line for line in wanted.pieces if line not in left)]
    found = []
    for number, amount in enumerate(amounts, start=1):
        gross: dict[int | None, int] = {}
        complete = []
        for line_id in named:
            share = min(left.get(line_id, 0), amount)
            gross[line_id] = share
            left[line_id] = left.get(line_id, 0) - share
            amount -= share
            if not left[line_id] and (amount or number == len(amounts)):
                complete.append(line_id)
        named = [line_id for line_id in named if line_id not in complete]
        found.append(
            Wanted(
                gross=gross,
                pieces=_of(wanted.pieces, complete),
                called_off=_of(wanted.called_off, complete),
                restocked=_of(wanted.restocked, complete),
            )
        )
    return found


def _of(counts: Mapping[int | None, int], lines: Sequence[int | None]) -> dict[int | None, int]:
    return {line_id: counts[line_id] for line_id in lines if line_id in counts}
