"""Stripe's books of the demo's past: payments and refunds with their fees, and payouts."""

import datetime as dt
from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from checkout.models import Payment, PaymentStatus, Refund, RefundStatus, StripeBooking
from money.money import round_half_up

# Stripe's list price for European cards: 1.5 % and 25 cents.
PERCENT: Final = Fraction(15, 1000)
FIXED_MINOR: Final = 25
_WEEK: Final = dt.timedelta(days=7)


def seed(at: dt.datetime) -> None:
    """Book every payment and refund of the past, and pay out once a week what is a week old."""
    booked = sorted([*_charges(), *_refunds()], key=lambda booking: booking.booked_at)
    StripeBooking.objects.bulk_create([*booked, *_payouts(booked, at)])


def _charges() -> Iterator[StripeBooking]:
    taken = Payment.objects.filter(status__in=[PaymentStatus.SUCCEEDED, PaymentStatus.MISMATCHED])
    for payment in taken.exclude(payment_intent=None):
        fee = round_half_up(payment.amount_minor * PERCENT) + FIXED_MINOR
        yield StripeBooking(
            stripe_id=f"txn_demo_{payment.idempotency_key}",
            kind="charge",
            amount_minor=payment.amount_minor,
            fee_minor=fee,
            currency=payment.currency,
            booked_at=payment.paid_at or payment.created_at,
            source=f"ch_demo_{payment.idempotency_key}",
            payment_intent=payment.payment_intent or "",
            payment_key=payment.idempotency_key,
        )


def _refunds() -> Iterator[StripeBooking]:
    known = Refund.objects.exclude(stripe_refund_id=None).select_related("payment")
    for refund in known:
        yield _back(refund, "refund", -refund.amount_minor)
        if refund.status == RefundStatus.FAILED:
            yield _back(refund, "refund_failure", refund.amount_minor)


def _back(refund: Refund, kind: str, amount_minor: int) -> StripeBooking:
    return StripeBooking(
        stripe_id=f"txn_demo_{kind}_{refund.pk}",
        kind=kind,
        amount_minor=amount_minor,
        fee_minor=0,
        currency=refund.currency,
        booked_at=refund.finished_at or refund.created_at,
        source=refund.stripe_refund_id or "",
        payment_intent=refund.payment.payment_intent or "",
    )


def _payouts(booked: list[StripeBooking], at: dt.datetime) -> Iterator[StripeBooking]:
    if not booked:
        return
    paid_until, day = booked[0].booked_at, booked[0].booked_at + 2 * _WEEK
    while day < at:
        until = day - _WEEK
        due = [each for each in booked if paid_until <= each.booked_at < until]
        amount = sum(each.amount_minor - each.fee_minor for each in due)
        if amount > 0:
            yield StripeBooking(
                stripe_id=f"txn_demo_payout_{day:%Y%m%d}",
                kind="payout",
                amount_minor=-amount,
                fee_minor=0,
                currency=booked[0].currency,
                booked_at=day,
                source=f"po_demo_{day:%Y%m%d}",
            )
            paid_until = until
        day += _WEEK
