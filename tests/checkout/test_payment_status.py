"""What Stripe says of a payment against every status of its order, and of the payment itself."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction
import pytest

from checkout import settlement, stripe_gateway
from checkout.models import Order, OrderStatus, Payment, PaymentStatus
from checkout.stripe_objects import CheckoutSession
from tests.checkout.buying import basket_with, check_out, courier, product, session_id_of
from tests.stripe_in_process import StripeInProcess

pytestmark = pytest.mark.django_db

S, P = OrderStatus, PaymentStatus
SAID = {
    "open": {"status": "open", "payment_status": "unpaid"},
    "paid": {"status": "complete", "payment_status": "paid", "payment_intent": "pi_1"},
    "with the bank": {
        "status": "complete", "payment_status": "unpaid",
        "payment_intent": "pi_1", "payment_intent_status": "processing",
    },
    "refused": {
        "status": "complete", "payment_status": "unpaid",
        "payment_intent": "pi_1", "payment_intent_status": "requires_payment_method",
    },
    "expired": {"status": "expired", "payment_status": "unpaid"},
}  # fmt: skip
UNPAID = {S.AWAITING_PAYMENT, S.PAYMENT_PROCESSING}
# Where the order goes; in all others it stays where it is.
LEADS = {
    "paid": dict.fromkeys([*UNPAID, S.EXPIRED, S.CANCELLED], S.PAID),
    "with the bank": {S.AWAITING_PAYMENT: S.PAYMENT_PROCESSING},
    "refused": dict.fromkeys(UNPAID, S.CANCELLED),
    "expired": {S.AWAITING_PAYMENT: S.EXPIRED},
}
BECOMES = {
    "open": P.OPEN,
    "paid": P.SUCCEEDED,
    "with the bank": P.PROCESSING,
    "refused": P.FAILED,
    "expired": P.CLOSED,
}
PAID_BEFORE = {S.PAID, S.SHIPPED, S.COMPLETED, S.REFUNDING, S.REFUNDED}


@pytest.fixture
def order(stripe: StripeInProcess, at: datetime) -> Order:
    courier()
    return check_out(basket_with((product(at=at), 1), at=at), at=at).order


@pytest.mark.parametrize("status", OrderStatus)
def test_what_stripe_says_leads_every_order_where_the_table_says(
    order: Order, at: datetime, status: OrderStatus
) -> None:
    Order.objects.update(status=status)
    found = {words: _told(order, words, at) for words in SAID}

    assert found == {
        words: (
            LEADS.get(words, {}).get(status, status),
            BECOMES[words],
            order.total_minor if words == "paid" else 0,
            # What was paid twice goes back at once.
            1 if words == "paid" and status in PAID_BEFORE else 0,
        )
        for words in SAID
    }


@pytest.mark.parametrize("status", [P.SUCCEEDED, P.MISMATCHED])
def test_a_payment_that_has_ended_stays_as_it_is(
    order: Order, at: datetime, status: PaymentStatus
) -> None:
    Payment.objects.update(status=status)
    Order.objects.update(status=S.NEEDS_REVIEW)

    found = {words: _told(order, words, at) for words in SAID}

    assert found == dict.fromkeys(SAID, (S.NEEDS_REVIEW, status, 0, 0))


def test_a_page_that_is_being_closed_ends_no_order(order: Order, at: datetime) -> None:
    Payment.objects.update(status=P.CLOSING)

    assert _told(order, "expired", at) == (S.AWAITING_PAYMENT, P.CLOSED, 0, 0)
    assert _told(order, "paid", at) == (S.PAID, P.SUCCEEDED, order.total_minor, 0)


def _told(order: Order, words: str, at: datetime) -> tuple[str, str, int, int]:
    """Tell the order's status, its payment's, what was paid and refunds, and undo it all."""
    known = stripe_gateway.fetch_checkout(session_id_of(order))
    with transaction.atomic():
        session: CheckoutSession = replace(known, **SAID[words])
        settlement.apply(session, at=at)
        after = Order.objects.get()
        result = (
            after.status,
            after.payments.get().status,
            after.paid_minor,
            after.refunds.count(),
        )
        transaction.set_rollback(True)
    return result
