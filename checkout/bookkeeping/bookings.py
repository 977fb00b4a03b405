"""The only writer of Stripe's bookings: it reads them, and keeps what it does not have."""

import datetime as dt
import itertools

from checkout import stripe_gateway
from checkout.models import StripeBooking

AT_ONCE = 500


def read(*, since: dt.datetime, until: dt.datetime) -> int:
    """Read what Stripe booked between two moments; return how much that is, known or new.

    :raises stripe_gateway.PaymentServiceUnavailable: if Stripe is away; what was read is kept.
    """
    count = 0
    found = stripe_gateway.bookings(since=since, until=until)
    while some := list(itertools.islice(found, AT_ONCE)):
        StripeBooking.objects.bulk_create(
            (
                StripeBooking(
                    stripe_id=booking.id,
                    kind=booking.kind,
                    amount_minor=booking.amount_minor,
                    fee_minor=booking.fee_minor,
                    currency=booking.currency,
                    booked_at=booking.booked_at,
                    source=booking.source,
                    payment_intent=booking.payment_intent,
                    payment_key=booking.payment_key[:80],
                )
                for booking in some
            ),
            ignore_conflicts=True,
        )
        count += len(some)
    return count
