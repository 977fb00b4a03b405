"""What staff took and handed back, day by day: the cash book, and the terminal's beside it."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from checkout.models import Payment, PaymentStatus, PaymentWay, Refund, RefundStatus
from checkout.models.payment import BY_HAND
from cms.periods import span


@dataclass(frozen=True, slots=True)
class Entry:
    """Money that went through somebody's hands.

    :ivar minor: minor units of the currency; less than nothing for what was handed back.
    """

    at: dt.datetime
    way: PaymentWay
    order_number: str
    reference: str
    who: str
    minor: int
    currency: str


def entries(*, from_on: dt.date, until_on: dt.date) -> list[Entry]:
    """Return what was taken and handed back on some days, both included, the earliest first."""
    start, end = span(from_on, until_on)
    taken = Payment.objects.filter(
        way__in=BY_HAND, status=PaymentStatus.SUCCEEDED, paid_at__gte=start, paid_at__lt=end
    )
    back = Refund.objects.by_hand().filter(
        status=RefundStatus.SUCCEEDED, finished_at__gte=start, finished_at__lt=end
    )
    found = [*_taken(taken), *_back(back)]
    return sorted(found, key=lambda entry: (entry.at, entry.order_number, entry.minor))


def to_hand_back() -> QuerySet[Refund]:
    """Return the refunds that were decided and wait for somebody to hand the money back."""
    waiting = Refund.objects.by_hand().filter(status=RefundStatus.PENDING)
    return waiting.select_related("order", "payment")


def by_way(found: Sequence[Entry]) -> list[tuple[PaymentWay, int, int]]:
    """Add up by way of payment what came in and what went out, minor units."""
    return [
        (
            way,
            sum(entry.minor for entry in found if entry.way == way and entry.minor > 0),
            sum(-entry.minor for entry in found if entry.way == way and entry.minor < 0),
        )
        for way in BY_HAND
    ]


def _taken(payments: QuerySet[Payment]) -> Iterator[Entry]:
    for payment in payments.select_related("order", "taken_by"):
        yield Entry(
            at=payment.paid_at or payment.created_at,
            way=PaymentWay(payment.way),
            order_number=payment.order.number,
            reference=payment.reference,
            who=payment.taken_by.get_full_name() if payment.taken_by else "",
            minor=payment.amount_minor,
            currency=payment.currency,
        )


def _back(refunds: QuerySet[Refund]) -> Iterator[Entry]:
    for refund in refunds.select_related("order", "payment", "handed_back_by"):
        yield Entry(
            at=refund.finished_at or refund.created_at,
            way=PaymentWay(refund.payment.bearer.way),
            order_number=refund.order.number,
            reference=refund.reference,
            who=refund.handed_back_by.get_full_name() if refund.handed_back_by else "",
            minor=-refund.amount_minor,
            currency=refund.currency,
        )
