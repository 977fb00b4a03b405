"""Offering an order for payment: one payable session, nothing lost when Stripe is away."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from catalog import prices, stock
from catalog.models import Stock
from checkout import payments, placement, settlement, stripe_gateway
from checkout.models import Discount, DiscountKind, Order, OrderStatus, PaymentStatus
from checkout.order_status import TransitionRefused
from tests.checkout import discounting
from tests.checkout.buying import (
    DETAILS,
    basket_with,
    check_out,
    courier,
    package,
    product,
    session_id_of,
)
from tests.stripe_in_process import StripeInProcess

pytestmark = pytest.mark.django_db

CREATE = "POST /v1/checkout/sessions"


def statuses(order: Order) -> list[str]:
    return list(order.payments.values_list("status", flat=True))


def test_checking_out_places_reserves_and_opens_one_session(
    stripe: StripeInProcess, at: datetime
) -> None:
    courier()
    wash = product(at=at)

    placed = check_out(basket_with((wash, 3), at=at), at=at)

    assert placed.order.status == OrderStatus.AWAITING_PAYMENT
    assert placed.order.total_minor == 3 * 2400 + 490
    assert Stock.objects.get(offer=wash).reserved == 3
    payment = placed.order.payments.get()
    assert (payment.status, payment.url) == (PaymentStatus.OPEN, placed.url)
    session = stripe_gateway.fetch_checkout(session_id_of(placed.order))
    assert session.amount_total_minor == placed.order.total_minor
    assert session.metadata["order"] == placed.order.number
    assert payment.expires_at - at == timedelta(minutes=35)


def test_packages_alone_send_stripe_no_address(stripe: StripeInProcess, at: datetime) -> None:
    order = check_out(
        basket_with((package(at=at), 1), at=at),
        at=at,
        details=replace(DETAILS, address=placement.Address()),
    ).order

    params = order.payments.get().params

    assert not order.needs_delivery
    assert "shipping" not in params["payment_intent_data"]
    assert len(params["line_items"]) == 1


def test_the_same_basket_again_is_the_same_order_and_session(
    stripe: StripeInProcess, at: datetime
) -> None:
    """R13: a second click, or a second tab, leads to the same payment page."""
    courier()
    basket = basket_with((product(at=at), 1), at=at)

    first = check_out(basket, at=at)
    second = check_out(basket, at=at + timedelta(seconds=1))

    assert (second.order.pk, second.url) == (first.order.pk, first.url)
    assert stripe.calls.count(CREATE) == 1


def test_new_details_close_the_old_session_before_another_opens(
    stripe: StripeInProcess, at: datetime
) -> None:
    courier()
    basket = basket_with((product(at=at), 1), at=at)
    first = check_out(basket, at=at)

    second = check_out(basket, at=at, details=replace(DETAILS, email="ada@new.example"))

    assert second.order.pk == first.order.pk
    assert second.url != first.url
    assert statuses(second.order) == [PaymentStatus.CLOSED, PaymentStatus.OPEN]
    old = first.order.payments.get(attempt=1)
    assert stripe_gateway.fetch_checkout(old.session_id or "").status == "expired"
    assert Stock.objects.get().reserved == 1


def test_a_changed_basket_replaces_the_older_order(stripe: StripeInProcess, at: datetime) -> None:
    courier()
    wash = product(at=at)
    basket = basket_with((wash, 1), at=at)
    first = check_out(basket, at=at).order
    basket.refresh_from_db()
    more = basket_with((wash, 1), at=at)
    assert more.pk != basket.pk
    payments.baskets.set_quantity(basket=basket, sku=wash.sku, quantity=4, at=at)

    second = check_out(basket, at=at).order

    first.refresh_from_db()
    assert (first.status, second.status) == (OrderStatus.CANCELLED, OrderStatus.AWAITING_PAYMENT)
    assert Stock.objects.get().reserved == 4


@pytest.mark.parametrize("country", ["CH", ""])
def test_an_order_is_not_sent_elsewhere_than_its_delivery_was_priced_for(
    stripe: StripeInProcess, at: datetime, country: str
) -> None:
    """R8: an old page posted again cannot move an order to where delivery costs more."""
    courier()
    basket = basket_with((product(at=at), 1), at=at)
    order = check_out(basket, at=at).order
    elsewhere = replace(DETAILS, address=replace(DETAILS.address, country=country))

    with pytest.raises(placement.BasketChanged):
        check_out(
            basket,
            at=at,
            checkout_token=order.checkout_token,
            agreed_total_minor=order.total_minor,
            details=elsewhere,
        )

    order.refresh_from_db()
    assert (order.delivery_country, order.delivery_line1) == ("DE", DETAILS.address.line1)


def test_a_price_that_changed_is_shown_before_anybody_pays_it(
    stripe: StripeInProcess, at: datetime
) -> None:
    """R9: the buyer agrees to a total; another total is refused, not charged."""
    courier()
    wash = product(at=at)
    basket = basket_with((wash, 1), at=at)
    prices.change(offer_id=wash.pk, price_minor=2600, reason="New batch", by=None, at=at)

    with pytest.raises(placement.TotalChanged, match=r"€30\.90"):
        check_out(basket, at=at, agreed_total_minor=2890)

    assert not Order.objects.exists()
    assert Stock.objects.get().reserved == 0
    assert check_out(basket, at=at).order.total_minor == 3090


def test_an_order_keeps_its_price_when_the_shop_changes_it(
    stripe: StripeInProcess, at: datetime
) -> None:
    """R9: the promise is frozen; the change asks the buyer to agree anew."""
    courier()
    wash = product(at=at)
    basket = basket_with((wash, 1), at=at)
    first = check_out(basket, at=at).order
    prices.change(offer_id=wash.pk, price_minor=2600, reason="New batch", by=None, at=at)

    # Whoever agrees sees the checkout once more, not the order that was cancelled for it.
    for _ in range(2):
        with pytest.raises(placement.BasketChanged):
            check_out(basket, at=at, checkout_token=first.checkout_token, agreed_total_minor=3090)
    second = check_out(basket, at=at).order

    first.refresh_from_db()
    assert (first.status, first.total_minor) == (OrderStatus.CANCELLED, 2890)
    assert second.total_minor == 3090


def test_goods_that_are_gone_refuse_the_order_and_reserve_nothing(
    stripe: StripeInProcess, at: datetime
) -> None:
    courier()
    wash, balm = product(at=at, on_hand=1), product("BALM-75", at=at)
    mine, theirs = (basket_with((balm, 1), (wash, 1), at=at) for _ in range(2))
    check_out(theirs, at=at)

    with pytest.raises((stock.SoldOut, placement.NothingToOrder)):
        check_out(mine, at=at)

    assert Order.objects.count() == 1
    assert Stock.objects.get(offer=balm).reserved == 1


def test_when_stripe_is_away_the_order_is_kept_and_the_next_try_pays_once(
    stripe: StripeInProcess, at: datetime
) -> None:
    """R45: the customer is answered, nothing is lost, and the same key is used again."""
    courier()
    basket = basket_with((product(at=at), 1), at=at)
    stripe.is_down = True
    with pytest.raises(payments.PaymentNotOpened) as refusal:
        check_out(basket, at=at)
    order = refusal.value.order
    assert (order.status, statuses(order)) == (OrderStatus.AWAITING_PAYMENT, ["OPENING"])
    assert Stock.objects.get().reserved == 1

    stripe.is_down = False
    url = payments.open_payment(order_id=order.pk, at=at + timedelta(seconds=20))

    assert order.payments.get().url == url
    assert order.payments.get().idempotency_key == f"{order.number}-attempt-1"


def test_an_answer_that_was_lost_is_asked_for_again_and_is_one_session(
    stripe: StripeInProcess, at: datetime
) -> None:
    courier()
    basket = basket_with((product(at=at), 1), at=at)
    stripe.control("faults", kind="lose_answer", count="2")
    with pytest.raises(payments.PaymentNotOpened) as refusal:
        check_out(basket, at=at)

    payments.open_payment(order_id=refusal.value.order.pk, at=at)

    sessions = list(stripe_gateway.checkouts_since(at - timedelta(minutes=1)))
    assert [session.id for session in sessions] == [session_id_of(refusal.value.order)]


def test_a_repeated_error_does_not_block_the_order_for_ever(
    stripe: StripeInProcess, at: datetime
) -> None:
    """Stripe repeats a 500 under the same key: after a minute a new attempt has a new key."""
    courier()
    basket = basket_with((product(at=at), 1), at=at)
    stripe.is_down = True
    with pytest.raises(payments.PaymentNotOpened) as refusal:
        check_out(basket, at=at)
    stripe.is_down = False

    payments.open_payment(order_id=refusal.value.order.pk, at=at + timedelta(minutes=2))

    assert statuses(refusal.value.order) == [PaymentStatus.CLOSED, PaymentStatus.OPEN]


def test_cancelling_makes_the_session_unpayable_then_frees_the_goods(
    stripe: StripeInProcess, at: datetime
) -> None:
    courier()
    order = check_out(basket_with((product(at=at), 2), at=at), at=at).order

    order = payments.close(order_id=order.pk, to=OrderStatus.CANCELLED, at=at)

    assert order.status == OrderStatus.CANCELLED
    assert stripe_gateway.fetch_checkout(session_id_of(order)).status == "expired"
    assert Stock.objects.get().reserved == 0


def test_what_stripe_did_not_confirm_is_not_freed(stripe: StripeInProcess, at: datetime) -> None:
    courier()
    order = check_out(basket_with((product(at=at), 2), at=at), at=at).order
    stripe.is_down = True

    with pytest.raises(stripe_gateway.PaymentServiceUnavailable):
        payments.close(order_id=order.pk, to=OrderStatus.CANCELLED, at=at)

    order.refresh_from_db()
    assert order.status == OrderStatus.AWAITING_PAYMENT
    assert Stock.objects.get().reserved == 2


def test_cancelling_an_order_that_was_just_paid_pays_it(
    stripe: StripeInProcess, at: datetime
) -> None:
    courier()
    order = check_out(basket_with((product(at=at), 1), at=at), at=at).order
    stripe.pay(session_id_of(order))

    with pytest.raises(TransitionRefused, match="is paid and cannot become cancelled"):
        payments.close(order_id=order.pk, to=OrderStatus.CANCELLED, at=at)

    order.refresh_from_db()
    assert order.status == OrderStatus.PAID


def test_unpaid_orders_expire_when_their_time_is_up(stripe: StripeInProcess, at: datetime) -> None:
    courier()
    order = check_out(basket_with((product(at=at), 1), at=at), at=at).order

    assert payments.expire_due(at=at + timedelta(minutes=34)) == 0
    assert payments.expire_due(at=at + timedelta(minutes=35)) == 1
    assert payments.expire_due(at=at + timedelta(minutes=36)) == 0

    order.refresh_from_db()
    assert order.status == OrderStatus.EXPIRED
    assert Stock.objects.get().reserved == 0


def test_an_order_whose_session_stripe_does_not_know_holds_up_no_other(
    stripe: StripeInProcess, at: datetime
) -> None:
    courier()
    wash = product(at=at)
    unknown, other = (check_out(basket_with((wash, 1), at=at), at=at).order for _ in range(2))
    unknown.payments.update(session_id="cs_test_of_another_account")

    assert payments.expire_due(at=at + timedelta(hours=1)) == 1

    unknown.refresh_from_db()
    other.refresh_from_db()
    assert (unknown.status, other.status) == (OrderStatus.AWAITING_PAYMENT, OrderStatus.EXPIRED)


def test_an_order_whose_discount_is_counted_wrongly_holds_up_no_other(
    stripe: StripeInProcess, at: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    """Its use cannot be given back: the database refuses less than none."""
    courier()
    wash = product(at=at)
    discount = discounting.make(DiscountKind.PERCENT, percent=10)
    wrong = check_out(basket_with((wash, 1), at=at), at=at).order
    Discount.objects.update(is_active=False)
    other = check_out(basket_with((wash, 1), at=at), at=at).order
    Discount.objects.filter(pk=discount.pk).update(used=0)

    assert payments.expire_due(at=at + timedelta(hours=1)) == 1

    wrong.refresh_from_db()
    other.refresh_from_db()
    assert (wrong.status, other.status) == (OrderStatus.AWAITING_PAYMENT, OrderStatus.EXPIRED)
    assert Stock.objects.get().reserved == 1
    assert f"Order {wrong.pk} cannot expire" in caplog.text


def test_a_basket_can_be_ordered_again_after_its_order_expired(
    stripe: StripeInProcess, at: datetime
) -> None:
    courier()
    basket = basket_with((product(at=at), 1), at=at)
    first = check_out(basket, at=at).order
    payments.expire_due(at=at + timedelta(hours=1))

    second = check_out(basket, at=at + timedelta(hours=1)).order

    assert second.pk != first.pk
    assert second.status == OrderStatus.AWAITING_PAYMENT


def test_a_basket_that_was_paid_is_not_ordered_twice(stripe: StripeInProcess, at: datetime) -> None:
    """R13: the back button after paying leads to the paid order."""
    courier()
    basket = basket_with((product(at=at), 1), at=at)
    order = check_out(basket, at=at).order
    token = order.checkout_token
    stripe.pay(session_id_of(order))
    settlement.settle(session_id_of(order), at=at)

    with pytest.raises(placement.AlreadyPlaced) as refusal:
        check_out(basket, at=at, checkout_token=token, agreed_total_minor=order.total_minor)

    assert refusal.value.order.pk == order.pk
    assert Order.objects.count() == 1


def test_a_session_expired_at_stripe_expires_the_order(
    stripe: StripeInProcess, at: datetime
) -> None:
    courier()
    order = check_out(basket_with((product(at=at), 1), at=at), at=at).order
    stripe.control(f"sessions/{session_id_of(order)}/expire")

    order = settlement.settle(session_id_of(order), at=at)

    assert (order.status, Stock.objects.get().reserved) == (OrderStatus.EXPIRED, 0)
