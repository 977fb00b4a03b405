"""What Stripe and the shop differ about: in words, and with the one call that can settle it."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils import timezone

from checkout import refunds, settlement, webhooks
from checkout.bookkeeping import bookings
from checkout.models import Order, Payment, PaymentStatus, Refund, StripeBooking, StripeEvent
from checkout.whole_numbers import ID, whole
from cms.periods import span
from money.money import Money

PAYMENT, REFUND, NOTICE, DAY = "payment", "refund", "notice", "day"


class NothingToSettle(Exception):
    """There is no such difference; somebody else may have settled it."""

    def __init__(self) -> None:
        super().__init__("There is nothing to settle any more.")


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that the two differ about.

    :ivar remedy: what the button says; empty where only a person can help.
    :ivar what: of which kind `key` names a thing, for `settle`.
    :ivar order: the order to look at, if there is one.
    """

    on: dt.date
    words: str
    remedy: str = ""
    what: str = ""
    key: str = ""
    order: Order | None = None


def settle(*, what: str, key: str, at: dt.datetime) -> None:
    """Make the one call that settles a difference; again, it changes nothing.

    :raises NothingToSettle: if there is no such thing.
    :raises settlement.UnknownSession: if Stripe's session is not this shop's.
    :raises stripe_gateway.PaymentServiceUnavailable: if Stripe did not answer.
    :raises stripe_gateway.PaymentServiceRefused: if Stripe does not know it.
    """
    if what not in _SETTLE:
        raise NothingToSettle
    _SETTLE[what](key, at)


def of_booking(
    booking: StripeBooking, payment: Payment | None, refund: Refund | None, *, here: int
) -> Difference:
    """Say what is wrong with a booking that is this shop's.

    :param here: what we have for it, minor units.
    """
    on = timezone.localdate(booking.booked_at)
    amount = Money(abs(booking.amount_minor), booking.currency)
    order = payment.order if payment else None
    name = f"Order {order.number}" if order else f"Payment {booking.payment_key or booking.source}"
    if booking.amount_minor < 0 or booking.kind == "refund_failure":
        known = "another state" if refund else "not known here"
        words = f"{name}: refund {booking.source} of {amount} at Stripe is {known}"
        return Difference(on, words, "Take it over", REFUND, booking.source, order)
    if payment is None:
        return Difference(on, f"{name}: Stripe took {amount}, and there is no such payment here")
    if payment.status == PaymentStatus.MISMATCHED:
        words = f"{name}: Stripe took {amount}, which does not fit the order; it needs a review"
        return Difference(on, words, order=order)
    if here:
        words = f"{name}: Stripe took {amount}, we wrote down {Money(here, booking.currency)}"
        return Difference(on, words, order=order)
    words = f"{name}: Stripe took {amount}, here it is not paid"
    return Difference(on, words, "Settle it", PAYMENT, str(payment.pk), order)


def without_booking(row: Payment | Refund, *, on: dt.date) -> Difference:
    """Say that we wrote down what Stripe has not booked."""
    noun = "paid" if isinstance(row, Payment) else "paid back"
    words = f"Order {row.order.number}: {Money(row.amount_minor, row.currency)} {noun} here"
    words = f"{words}, and Stripe's books of that day do not show it"
    return Difference(on, words, "Read that day again", DAY, on.isoformat(), row.order)


def given_up() -> Iterator[Difference]:
    """Yield the notices of Stripe's that nothing will act on by itself any more."""
    for notice in StripeEvent.objects.filter(handled_at=None, next_try_at=None):
        yield Difference(
            timezone.localdate(notice.received_at),
            f"Notice {notice.type} about {notice.object_id} was given up after "
            f"{notice.attempts} tries: {notice.error}",
            "Try once more",
            NOTICE,
            str(notice.pk),
        )


def _settle_payment(key: str, at: dt.datetime) -> None:
    payment = Payment.objects.filter(pk=_number(key), session_id__isnull=False).first()
    if payment is None:
        raise NothingToSettle
    settlement.settle(payment.session_id or "", at=at)


def _take_refund_over(key: str, at: dt.datetime) -> None:
    if not StripeBooking.objects.filter(source=key).exists():
        raise NothingToSettle
    refunds.mirror(key, at=at)


def _try_notice_again(key: str, at: dt.datetime) -> None:
    given_up_still = {"pk": _number(key), "handled_at": None, "next_try_at": None}
    if not StripeEvent.objects.filter(**given_up_still).update(next_try_at=at, attempts=0):
        raise NothingToSettle
    webhooks.process(StripeEvent.objects.get(pk=_number(key)), at=at)


def _read_day_again(key: str, _at: dt.datetime) -> None:
    try:
        on = dt.date.fromisoformat(key)
    except ValueError:
        raise NothingToSettle from None
    start, end = span(on, on)
    bookings.read(since=start, until=end)


def _number(key: str) -> int:
    return whole(key, digits=ID) or 0


_SETTLE: Final[Mapping[str, Callable[[str, dt.datetime], None]]] = {
    PAYMENT: _settle_payment,
    REFUND: _take_refund_over,
    NOTICE: _try_notice_again,
    DAY: _read_day_again,
}
