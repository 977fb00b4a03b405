"""Stripe's bookings beside ours, day by day, and each thing that the two differ about.

A booking and what we wrote down for it count on the day of the booking, so that a payment at
midnight is no difference. Days from before the first booking that was read, and minutes after the
last comparison, are not compared. What another application takes on the same account is told apart.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.db.models import Exists, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from checkout.bookkeeping.differences import Difference, given_up, of_booking, without_booking
from checkout.models import (
    Payment,
    PaymentStatus,
    ReconciliationRun,
    Refund,
    RefundStatus,
    StripeBooking,
)
from cms.periods import span

TAKEN: Final = frozenset({"charge", "payment", "payment_failure_refund"})
BACK: Final = frozenset({"refund", "payment_refund", "refund_failure"})
OUT: Final = frozenset({"payout", "payout_failure", "payout_cancel"})
# A booking can be a little later than what it is about.
LATER: Final = dt.timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Day:
    """Amounts in minor units; what went back and what was paid out stand above zero.

    :ivar fees: what Stripe kept.
    :ivar others: all else that moved: disputes, and what is not this shop's.
    """

    paid_here: int = 0
    paid_there: int = 0
    back_here: int = 0
    back_there: int = 0
    fees: int = 0
    others: int = 0
    paid_out: int = 0

    @property
    def difference(self) -> int:
        return (self.paid_there - self.back_there) - (self.paid_here - self.back_here)

    def __add__(self, other: "Day") -> "Day":
        return Day(
            self.paid_here + other.paid_here,
            self.paid_there + other.paid_there,
            self.back_here + other.back_here,
            self.back_there + other.back_there,
            self.fees + other.fees,
            self.others + other.others,
            self.paid_out + other.paid_out,
        )


@dataclass(frozen=True, slots=True)
class Books:
    """What was compared."""

    days: Mapping[dt.date, Day]
    differences: list[Difference]

    @property
    def total(self) -> Day:
        return sum(self.days.values(), Day())


@dataclass(frozen=True, slots=True)
class _Ours:
    """What we wrote down for some bookings, by what Stripe calls it."""

    by_intent: dict[str, Payment]
    by_key: dict[str, Payment]
    refunds: dict[str, Refund]
    # What came and went again at Stripe: we rightly have nothing for either.
    undone: frozenset[str]

    def payment_of(self, booking: StripeBooking) -> Payment | None:
        return self.by_intent.get(booking.payment_intent) or self.by_key.get(booking.payment_key)


def compare(*, from_on: dt.date, until_on: dt.date) -> Books:
    """Lay some days, both included, beside Stripe's, in a fixed number of queries."""
    start, end = span(from_on, until_on)
    bookings = StripeBooking.objects.filter(
        booked_at__gte=start, booked_at__lt=end, currency=settings.SHOP_CURRENCY
    ).order_by("booked_at", "pk")
    ours = _ours(bookings)
    days: dict[dt.date, Day] = defaultdict(Day)
    differences = list(given_up())
    for booking in bookings:
        day, difference = _compare(booking, ours)
        days[timezone.localdate(booking.booked_at)] += day
        if difference:
            differences.append(difference)
    for on, day, difference in _unbooked(start, end):
        days[on] += day
        differences.append(difference)
    return Books({on: days[on] for on in sorted(days)}, differences)


def _ours(bookings: QuerySet[StripeBooking]) -> _Ours:
    found = Payment.objects.select_related("order").filter(
        Q(payment_intent__in=bookings.order_by().values("payment_intent"))
        | Q(idempotency_key__in=bookings.order_by().values("payment_key"))
    )
    refunds = Refund.objects.filter(
        stripe_refund_id__in=bookings.filter(kind__in=BACK).order_by().values("source")
    )
    undone = bookings.filter(kind__in=["refund_failure", "payment_failure_refund"]).order_by()
    names = undone.values_list("source", "payment_intent", "kind")
    return _Ours(
        {each.payment_intent: each for each in found if each.payment_intent},
        {each.idempotency_key: each for each in found},
        {each.stripe_refund_id or "": each for each in refunds},
        frozenset(
            intent if kind == "payment_failure_refund" else source for source, intent, kind in names
        ),
    )


def _compare(booking: StripeBooking, ours: _Ours) -> tuple[Day, Difference | None]:
    """Return what a booking adds to its day, and what is wrong with it."""
    payment = ours.payment_of(booking)
    is_ours = payment is not None or bool(booking.payment_key)
    amount, fees = booking.amount_minor, booking.fee_minor
    if booking.kind in OUT:
        return Day(fees=fees, paid_out=-amount), None
    if booking.kind == "stripe_fee":
        return Day(fees=fees - amount), None
    if not is_ours or booking.kind not in TAKEN | BACK:
        return Day(fees=fees, others=amount), None
    refund = ours.refunds.get(booking.source)
    is_taken = booking.kind in TAKEN
    if is_taken:
        here = _taken_here(booking, payment, ours.undone)
    else:
        here = _back_here(booking, refund, ours.undone)
    difference = None
    if here != amount:
        difference = of_booking(booking, payment, refund, here=here)
    if is_taken:
        return Day(paid_here=here, paid_there=amount, fees=fees), difference
    return Day(back_here=-here, back_there=-amount, fees=fees), difference


def _taken_here(booking: StripeBooking, payment: Payment | None, undone: frozenset[str]) -> int:
    """Return what we have for money that came; a bank that confirms has our word, too."""
    if booking.payment_intent in undone:
        return booking.amount_minor
    is_settled = payment is not None and payment.status in {
        PaymentStatus.SUCCEEDED,
        PaymentStatus.PROCESSING,
    }
    return payment.amount_minor if payment is not None and is_settled else 0


def _back_here(booking: StripeBooking, refund: Refund | None, undone: frozenset[str]) -> int:
    """Return what we have for money that went back, below zero; one that failed came back."""
    if refund is None:
        return 0
    has_failed = refund.status == RefundStatus.FAILED
    if booking.source in undone:
        return booking.amount_minor if has_failed else -refund.amount_minor
    return 0 if has_failed else -refund.amount_minor


def _unbooked(start: dt.datetime, end: dt.datetime) -> Iterator[tuple[dt.date, Day, Difference]]:
    """Yield what we wrote down and Stripe did not book, of the time that was compared."""
    first = StripeBooking.objects.aggregate(first=Min("booked_at"))["first"]
    last = ReconciliationRun.objects.exclude(finished_at=None).order_by("-started_at").first()
    if first is None or last is None:
        return
    since, until = max(start, first), min(end, last.started_at - LATER)
    of_payment = Q(payment_intent=OuterRef("payment_intent"))
    paid = Payment.objects.filter(
        ~Exists(StripeBooking.objects.filter(of_payment, kind__in=TAKEN)),
        status=PaymentStatus.SUCCEEDED,
        paid_at__gte=since,
        paid_at__lt=until,
        payment_intent__startswith="pi_",
    ).select_related("order")
    for payment in paid:
        if payment.paid_at is not None:
            on = timezone.localdate(payment.paid_at)
            yield on, Day(paid_here=payment.amount_minor), without_booking(payment, on=on)
    of_refund = Q(source=OuterRef("stripe_refund_id"))
    sent = Refund.objects.filter(
        ~Exists(StripeBooking.objects.filter(of_refund, kind__in=BACK)),
        status=RefundStatus.SUCCEEDED,
        finished_at__gte=since,
        finished_at__lt=until,
        stripe_refund_id__isnull=False,
    ).select_related("order")
    for refund in sent:
        if refund.finished_at is not None:
            on = timezone.localdate(refund.finished_at)
            yield on, Day(back_here=refund.amount_minor), without_booking(refund, on=on)
