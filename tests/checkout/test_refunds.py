"""Money back: never more than was paid, once each, mirrored from wherever it was decided."""

from datetime import datetime, timedelta

import pytest

from checkout import disputes, reconciliation, refunds, settlement, stripe_gateway
from checkout.models import Order, OrderStatus, Payment, Refund, RefundStatus
from checkout.stripe_objects import StripeRefund
from outbox.models import OutboundMail
from tests.checkout.buying import basket_with, check_out, courier, product, session_id_of
from tests.stripe_in_process import StripeInProcess

pytestmark = pytest.mark.django_db


@pytest.fixture
def payment(stripe: StripeInProcess, at: datetime) -> Payment:
    courier()
    order = check_out(basket_with((product(at=at), 1), at=at), at=at).order
    stripe.pay(session_id_of(order))
    settlement.settle(session_id_of(order), at=at)
    return order.payments.get()


def ask(payment: Payment, amount_minor: int, at: datetime) -> Refund:
    return refunds.request(
        payment=payment, amount_minor=amount_minor, reason="Broken pump", by=None, at=at
    )


def test_a_partial_refund_is_held_then_sent(payment: Payment, at: datetime) -> None:
    refund = ask(payment, 500, at)
    order = Order.objects.get()
    assert (order.refund_reserved_minor, order.refunded_minor) == (500, 0)

    assert refunds.send_due(at=at) == 1

    order.refresh_from_db()
    refund.refresh_from_db()
    assert (order.refund_reserved_minor, order.refunded_minor) == (0, 500)
    assert (order.status, refund.status) == (OrderStatus.PAID, RefundStatus.SUCCEEDED)
    assert OutboundMail.objects.filter(event="order_refunded").count() == 1


def test_refunds_never_exceed_what_was_paid(payment: Payment, at: datetime) -> None:
    ask(payment, 2000, at)

    with pytest.raises(refunds.RefundTooLarge):
        ask(payment, payment.amount_minor - 2000 + 1, at)

    assert Refund.objects.count() == 1
    assert Order.objects.get().refund_reserved_minor == 2000
    ask(payment, payment.amount_minor - 2000, at)
    refunds.send_due(at=at)
    assert Order.objects.get().status == OrderStatus.REFUNDED


def test_a_refund_whose_answer_was_lost_is_sent_once(
    stripe: StripeInProcess, payment: Payment, at: datetime
) -> None:
    """R11: one idempotency key per refund, so repeating it moves no more money."""
    ask(payment, 500, at)
    stripe.control("faults", kind="lose_answer", count="2")
    assert refunds.send_due(at=at) == 0
    assert Order.objects.get().refund_reserved_minor == 500

    assert refunds.send_due(at=at + timedelta(minutes=2)) == 1

    made = list(stripe_gateway.refunds_since(at - timedelta(hours=1)))
    assert [answer.amount_minor for answer in made] == [500]


def test_a_refund_whose_key_stripe_has_forgotten_is_looked_up_before_it_is_sent(
    stripe: StripeInProcess, payment: Payment, at: datetime
) -> None:
    """R11: after a day the same key would send the money a second time."""
    ask(payment, 500, at)
    stripe.control("faults", kind="lose_answer", count="2")
    assert refunds.send_due(at=at) == 0
    stripe.calls.clear()

    assert refunds.send_due(at=at + timedelta(days=2)) == 1

    assert stripe.calls == ["GET /v1/refunds"]
    assert Order.objects.get().refunded_minor == 500


def test_a_refund_that_was_never_sent_is_sent_however_late(
    stripe: StripeInProcess, payment: Payment, at: datetime
) -> None:
    ask(payment, 500, at)

    assert refunds.send_due(at=at + timedelta(days=2)) == 1

    assert Order.objects.get().refunded_minor == 500


def test_a_refund_from_the_dashboard_gets_a_row_of_its_own(
    stripe: StripeInProcess, payment: Payment, at: datetime
) -> None:
    stripe.control(f"payments/{payment.payment_intent}/refund", amount="700")
    made = next(stripe_gateway.refunds_since(at - timedelta(hours=1)))

    for _ in range(3):
        refunds.mirror(made.id, at=at)

    order = Order.objects.get()
    assert (order.refunded_minor, order.refund_reserved_minor) == (700, 0)
    assert Refund.objects.get().stripe_refund_id == made.id


def test_a_refund_that_fails_later_is_open_again(
    stripe: StripeInProcess, payment: Payment, at: datetime
) -> None:
    ask(payment, 500, at)
    refunds.send_due(at=at)
    refund = Refund.objects.get()

    stripe.control(f"refunds/{refund.stripe_refund_id}/fail")
    refunds.mirror(refund.stripe_refund_id or "", at=at)

    order = Order.objects.get()
    assert (order.refunded_minor, order.status) == (0, OrderStatus.NEEDS_REVIEW)
    assert Refund.objects.get().status == RefundStatus.FAILED
    assert ask(payment, payment.amount_minor, at).status == RefundStatus.PENDING


def test_a_second_refund_too_large_for_an_order_in_review_is_noted_there(
    stripe: StripeInProcess, payment: Payment, at: datetime
) -> None:
    ask(payment, payment.amount_minor, at)
    Order.objects.update(status=OrderStatus.NEEDS_REVIEW)
    stripe.control(f"payments/{payment.payment_intent}/refund", amount="700")

    run = reconciliation.sweep(at=at + timedelta(minutes=10))

    assert run.finished_at is not None
    assert Order.objects.get().status == OrderStatus.NEEDS_REVIEW
    assert Refund.objects.get(amount_minor=700).status == RefundStatus.FAILED


def test_an_order_paid_again_after_its_refund_is_refunded_again(
    stripe: StripeInProcess, payment: Payment, at: datetime
) -> None:
    ask(payment, payment.amount_minor, at)
    refunds.send_due(at=at)
    Order.objects.update(paid_minor=payment.amount_minor + 500)
    assert Order.objects.get().status == OrderStatus.REFUNDED
    again = ask(payment, 500, at)

    refunds.mirror_answer(
        StripeRefund(
            "re_again", "succeeded", 500, "EUR", "", {"refund": again.idempotency_key}, ""
        ),
        at=at,
    )

    order = Order.objects.get()
    assert (order.status, order.refund_reserved_minor) == (OrderStatus.REFUNDED, 0)
    assert order.refunded_minor == payment.amount_minor + 500


def test_a_dispute_is_mirrored_and_noted_once_per_change(
    stripe: StripeInProcess, payment: Payment, at: datetime
) -> None:
    dispute_id = stripe.control(f"payments/{payment.payment_intent}/dispute")["id"]

    disputes.mirror(dispute_id, at=at)
    disputes.mirror(dispute_id, at=at)
    stripe.control(f"disputes/{dispute_id}/close", outcome="lost")
    closed = disputes.mirror(dispute_id, at=at)

    assert closed is not None
    assert closed.status == "lost"
    assert Order.objects.get().events.filter(kind="DISPUTE").count() == 2
