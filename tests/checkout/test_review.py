"""Orders in review: a person can let go of what they hold, and nothing stays stuck."""

from datetime import datetime, timedelta

from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
import pytest

from accounts.models import User
from catalog.models import Stock
from checkout import payments, refunds, review, settlement, shipments, stripe_gateway
from checkout.models import (
    Fulfilment,
    Order,
    OrderStatus,
    Payment,
    PaymentStatus,
    Refund,
    RefundStatus,
)
from checkout.order_status import TransitionRefused
from tests.checkout.buying import DETAILS, basket_with, check_out, courier, product, session_id_of
from tests.checkout.history_of import history_of
from tests.checkout.test_packing_desk import staff as desk_staff
from tests.checkout.test_shipments import mails, pack, paid, shelf, state
from tests.stripe_in_process import StripeInProcess

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> User:
    return User.objects.create_user("boss@example.com")


def test_cancelling_an_order_in_review_frees_its_goods(
    stripe: StripeInProcess, at: datetime, staff: User
) -> None:
    courier()
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


# --- Paid orders that were set aside -------------------------------------------------------


@pytest.fixture
def paid_in_review(stripe: StripeInProcess, at: datetime) -> Order:
    """Two washes, paid; the costs of delivery went back, and Stripe said later that it failed."""
    courier()
    order = paid(stripe, (product(at=at), 2), at=at)
    pay_back(order, order.delivery_minor, at)
    refund = Refund.objects.get()
    stripe.control(f"refunds/{refund.stripe_refund_id}/fail")
    refunds.mirror(refund.stripe_refund_id or "", at=at)
    order.refresh_from_db()
    assert order.status == OrderStatus.NEEDS_REVIEW
    return order


def pay_back(order: Order, amount_minor: int, at: datetime) -> None:
    refunds.request(
        payment=order.payments.get(), amount_minor=amount_minor, reason="Agreed", by=None, at=at
    )
    assert refunds.send_due(at=at) == 1


@pytest.mark.parametrize("status", [OrderStatus.CANCELLED, OrderStatus.EXPIRED])
def test_the_money_of_an_order_that_was_given_up_goes_back_to_the_end(
    paid_in_review: Order, at: datetime, status: OrderStatus
) -> None:
    order = paid_in_review
    Order.objects.update(status=status)

    pay_back(order, order.paid_minor, at)

    assert state(order) == ("REFUNDED", "NOTHING_TO_SEND", 0, 0)
    assert (order.refunded_minor, order.refund_reserved_minor) == (order.paid_minor, 0)
    assert Refund.objects.latest("pk").status == RefundStatus.SUCCEEDED
    assert mails(order)[-1] == "order_refunded"
    assert shelf("WASH-250") == (10, 0)


def test_all_of_the_money_back_calls_off_the_goods_of_an_order_in_review_too(
    paid_in_review: Order, at: datetime
) -> None:
    pay_back(paid_in_review, paid_in_review.paid_minor, at)

    assert state(paid_in_review) == ("NEEDS_REVIEW", "NOTHING_TO_SEND", 0, 0)
    assert shelf("WASH-250") == (10, 0)


def test_one_refund_that_breaks_does_not_stop_the_others_and_is_heard_of_until_it_is_mended(
    stripe: StripeInProcess, at: datetime, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    courier()
    payment = paid(stripe, (product(at=at), 2), at=at).payments.get()
    broken, other = (
        refunds.request(payment=payment, amount_minor=100, reason=reason, by=None, at=at)
        for reason in ("This one", "That one")
    )
    send = refunds.send

    def break_one(refund: Refund, *, at: datetime) -> bool:
        if refund.pk == broken.pk:
            raise RuntimeError
        return send(refund, at=at)

    monkeypatch.setattr(refunds, "send", break_one)

    with pytest.raises(RuntimeError):
        refunds.send_due(at=at)

    other.refresh_from_db()
    assert other.status == RefundStatus.SUCCEEDED
    assert broken.idempotency_key in caplog.text
    soon = at + timedelta(seconds=10)
    with pytest.raises(RuntimeError):
        refunds.send_due(at=soon)
    monkeypatch.setattr(refunds, "send", send)
    assert refunds.send_due(at=soon) == 1


def test_a_paid_order_in_review_is_not_cancelled(
    paid_in_review: Order, at: datetime, staff: User
) -> None:
    with pytest.raises(review.MoneyIsIn, match="was paid"):
        review.cancel(order_id=paid_in_review.pk, by=staff, at=at)
    pay_back(paid_in_review, paid_in_review.paid_minor, at)
    with pytest.raises(review.MoneyIsIn, match="was paid"):
        review.cancel(order_id=paid_in_review.pk, by=staff, at=at)

    assert state(paid_in_review)[0] == OrderStatus.NEEDS_REVIEW


def test_money_that_came_in_during_review_goes_back_before_the_order_is_cancelled(
    stripe: StripeInProcess, at: datetime, staff: User
) -> None:
    courier()
    order = check_out(basket_with((product(at=at), 2), at=at), at=at).order
    Order.objects.update(status=OrderStatus.NEEDS_REVIEW)
    stripe.pay(session_id_of(order))
    settlement.settle(session_id_of(order), at=at)
    order.refresh_from_db()
    with pytest.raises(review.MoneyIsIn, match=r"has €\S+ of the buyer's money"):
        review.cancel(order_id=order.pk, by=staff, at=at)
    with pytest.raises(review.NothingToSettle):
        review.put_back(order_id=order.pk, reason="All is well", by=staff, at=at)

    pay_back(order, order.paid_minor, at)
    review.cancel(order_id=order.pk, by=staff, at=at)

    assert state(order)[0] == OrderStatus.CANCELLED
    assert shelf("WASH-250") == (10, 0)


def test_a_settled_order_goes_on_where_it_stood(
    paid_in_review: Order, at: datetime, staff: User
) -> None:
    order = paid_in_review

    def put_back() -> str:
        Order.objects.update(status=OrderStatus.NEEDS_REVIEW, review_reason="Look")
        review.put_back(order_id=order.pk, reason=" The buyer has  it in cash ", by=staff, at=at)
        return state(order)[0]

    sent = len(mails(order))
    assert put_back() == OrderStatus.PAID
    event = order.events.latest("pk")
    assert (event.message, event.actor) == ("Settled after review: The buyer has it in cash", staff)
    assert (order.review_reason, len(mails(order))) == ("", sent)
    first, second = pack(order, at, WASH_250=1), pack(order, at, WASH_250=1)
    shipments.hand_over(shipment_id=first.pk, by=staff, at=at)
    assert put_back() == OrderStatus.PAID
    shipments.hand_over(shipment_id=second.pk, by=staff, at=at)
    assert put_back() == OrderStatus.SHIPPED
    for parcel in (first, second):
        Order.objects.update(status=OrderStatus.NEEDS_REVIEW)
        shipments.arrive(shipment_id=parcel.pk, by=staff, at=at)
    assert put_back() == OrderStatus.COMPLETED
    pay_back(order, order.paid_minor, at)
    assert put_back() == OrderStatus.REFUNDED


def test_what_was_collected_is_completed_again(
    paid_in_review: Order, at: datetime, staff: User
) -> None:
    Order.objects.update(fulfilment=Fulfilment.FULFILLED, delivery_method_kind="PICKUP")

    order = review.put_back(order_id=paid_in_review.pk, reason="Done", by=staff, at=at)

    assert order.status == OrderStatus.COMPLETED


def test_an_order_is_put_back_with_a_reason_and_out_of_review_alone(
    paid_in_review: Order, at: datetime, staff: User
) -> None:
    with pytest.raises(review.ReasonMissing):
        review.put_back(order_id=paid_in_review.pk, reason="  ", by=staff, at=at)
    review.put_back(order_id=paid_in_review.pk, reason="Done", by=staff, at=at)

    with pytest.raises(review.NothingToSettle):
        review.put_back(order_id=paid_in_review.pk, reason="Done", by=staff, at=at)

    assert state(paid_in_review)[0] == OrderStatus.PAID


def test_who_may_pay_back_presses_the_button(client: Client, paid_in_review: Order) -> None:
    order, url = paid_in_review, reverse("orders:put_back", args=[paid_in_review.pk])
    screen = reverse("orders:inspect", args=[order.pk])
    somebody = desk_staff("view_order", "cancel_order")
    client.force_login(somebody)
    assert url not in client.get(screen).content.decode()
    assert client.post(url, {"reason": "Done"})["Location"] == "/admin/"
    assert state(order)[0] == OrderStatus.NEEDS_REVIEW
    somebody.user_permissions.add(Permission.objects.get(codename="refund_order"))
    assert client.get(url).status_code == 405

    assert "Say why it is settled" in client.post(url, follow=True).content.decode()
    answer = client.post(url, {"reason": "Done"}, follow=True).content.decode()
    again = client.post(url, {"reason": "Done"}, follow=True).content.decode()

    assert f"Order {order.number} is paid now." in answer
    assert "is no paid order in review" in again
    assert history_of(order) == [("The order was put back after review", "staff@example.com")]
