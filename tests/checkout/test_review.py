"""Orders in review: a person can let go of what they hold, and nothing stays stuck."""

from datetime import datetime, timedelta

from django.contrib.auth import get_user_model
import pytest

from catalog.models import Stock
from checkout import payments, review, settlement, stripe_gateway
from checkout.models import Order, OrderStatus, Payment, PaymentStatus
from checkout.order_status import TransitionRefused
from tests.checkout.buying import DETAILS, basket_with, check_out, courier, product, session_id_of
from tests.stripe_in_process import StripeInProcess

pytestmark = pytest.mark.django_db


def test_cancelling_an_order_in_review_frees_its_goods(
    stripe: StripeInProcess, at: datetime
) -> None:
    courier()
    staff = get_user_model().objects.create_user("boss@example.com")
    order = check_out(basket_with((product(at=at), 2), at=at), at=at).order
    with pytest.raises(TransitionRefused):
        review.cancel(order_id=order.pk, by=staff, at=at)
    Payment.objects.update(amount_minor=1)
    stripe.pay(session_id_of(order))
    settlement.settle(session_id_of(order), at=at)
    assert Order.objects.get().status == OrderStatus.NEEDS_REVIEW
    assert Payment.objects.get().payment_intent
    assert Stock.objects.get().reserved == 2

    review.cancel(order_id=order.pk, by=staff, at=at)

    order.refresh_from_db()
    assert (order.status, Stock.objects.get().reserved) == (OrderStatus.CANCELLED, 0)
    newest = order.events.order_by("-pk").first()
    assert newest is not None
    assert newest.actor == staff


def test_what_stripe_rejects_for_good_is_said_as_such(
    stripe: StripeInProcess, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    courier()

    def refuse(**_: object) -> None:
        raise stripe_gateway.PaymentServiceRefused("Invalid email", "email_invalid")

    monkeypatch.setattr(stripe_gateway, "open_checkout", refuse)

    with pytest.raises(payments.PaymentRejected):
        check_out(basket_with((product(at=at), 1), at=at), at=at, details=DETAILS)

    assert Payment.objects.get().status == PaymentStatus.FAILED


def test_opening_the_payment_anew_does_not_hold_goods_for_ever(
    stripe: StripeInProcess, at: datetime
) -> None:
    courier()
    order = check_out(basket_with((product(at=at), 1), at=at), at=at).order
    for minutes in (34, 68, 102, 136, 170):
        payments.open_payment(order_id=order.pk, at=at + timedelta(minutes=minutes))

    with pytest.raises(payments.AlreadyPlaced):
        payments.open_payment(order_id=order.pk, at=at + timedelta(minutes=204))

    assert payments.expire_due(at=at + timedelta(minutes=206)) == 1
    assert Stock.objects.get().reserved == 0


def test_an_order_whose_session_stripe_has_forgotten_expires_in_the_end(
    stripe: StripeInProcess, at: datetime
) -> None:
    courier()
    order = check_out(basket_with((product(at=at), 1), at=at), at=at).order
    Payment.objects.update(session_id="cs_test_gone")

    assert payments.expire_due(at=at + timedelta(hours=1)) == 0
    assert payments.expire_due(at=at + timedelta(days=2)) == 1

    order.refresh_from_db()
    assert order.status == OrderStatus.EXPIRED
