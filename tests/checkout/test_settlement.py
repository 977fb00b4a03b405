"""Being paid: once, for the right order, whatever the order in which things happen."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from catalog import stock
from catalog.models import Offer, Reservation, Stock
from checkout import payments, refunds, settlement, stripe_gateway
from checkout.models import BasketLine, Order, OrderStatus, Payment, PaymentStatus, Refund
from checkout.order_status import TransitionRefused
from checkout.stripe_objects import CheckoutSession
from outbox.models import OutboundMail
from tests.checkout.buying import (
    basket_with,
    check_out,
    courier,
    package,
    product,
    session_id_of,
)
from tests.stripe_in_process import StripeInProcess
from treatments.models import LedgerEntry, SessionPass

pytestmark = pytest.mark.django_db


def events_of(order: Order) -> list[str]:
    return list(order.events.values_list("kind", flat=True))


def mails_of(order: Order) -> list[str]:
    return sorted(OutboundMail.objects.about(order.reference).values_list("event", flat=True))


def paid(stripe: StripeInProcess, order: Order, at: datetime, **pay: str) -> Order:
    stripe.pay(session_id_of(order), **pay)
    return settlement.settle(session_id_of(order), at=at)


def test_a_paid_session_pays_the_order_consumes_stock_and_grants_the_pass(
    stripe: StripeInProcess, at: datetime
) -> None:
    courier()
    wash, sessions = product(at=at), package(at=at)
    order = check_out(basket_with((wash, 2), (sessions, 1), at=at), at=at).order

    order = paid(stripe, order, at)

    assert (order.status, order.paid_minor) == (OrderStatus.PAID, 2 * 2400 + 42000 + 490)
    shelf = Stock.objects.get(offer=wash)
    assert (shelf.on_hand, shelf.reserved) == (10, 2)
    granted = SessionPass.objects.with_balance().get()
    assert (granted.balance, granted.holder_email) == (6, "ada@example.com")
    assert granted.grant_reference == f"order:{order.number}:line:2:unit:1"
    assert mails_of(order) == ["order_paid"]
    assert events_of(order) == ["PLACED", "PAID"]
    assert not BasketLine.objects.exists()


def test_settling_again_changes_nothing(stripe: StripeInProcess, at: datetime) -> None:
    """R4: the same word, many times, has one effect."""
    courier()
    order = check_out(basket_with((product(at=at), 1), (package(at=at), 2), at=at), at=at).order
    paid(stripe, order, at)

    for _ in range(4):
        settlement.settle(session_id_of(order), at=at)

    order.refresh_from_db()
    assert order.paid_minor == order.total_minor
    assert LedgerEntry.objects.count() == 2
    assert mails_of(order) == ["order_paid"]
    assert events_of(order) == ["PLACED", "PAID"]


def test_an_open_session_changes_nothing(stripe: StripeInProcess, at: datetime) -> None:
    courier()
    order = check_out(basket_with((product(at=at), 1), at=at), at=at).order

    order = settlement.settle(session_id_of(order), at=at)

    assert order.status == OrderStatus.AWAITING_PAYMENT
    assert stripe.calls[-1] == f"GET /v1/checkout/sessions/{session_id_of(order)}"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("amount_total_minor", 1, "amount: expected €448.90, Stripe says €0.01"),
        ("currency", "USD", "amount: expected €448.90, Stripe says $448.90"),
        ("livemode", True, "live mode: expected False, Stripe says True"),
        ("client_reference_id", "G-0000-0000", "order: expected"),
        ("metadata", {}, "order in the metadata: expected"),
        ("id", "cs_test_another", "session: expected"),
    ],
)
def test_paid_means_this_order_and_this_amount(
    stripe: StripeInProcess, at: datetime, field: str, value: Any, said: str
) -> None:
    """R7: whatever does not match is set aside for a person and never counts as paid."""
    courier()
    wash = product(at=at)
    order = check_out(basket_with((wash, 1), (package(at=at), 1), at=at), at=at).order
    stripe.pay(session_id_of(order))
    facts = _facts(session_id_of(order), order, amount=order.total_minor)

    order = settlement.apply(CheckoutSession(**(facts | _changed(field, value, order))), at=at)

    assert order.status == OrderStatus.NEEDS_REVIEW
    assert said in order.review_reason
    assert order.paid_minor == 0
    assert Stock.objects.get(offer=wash).reserved == 1
    assert not SessionPass.objects.exists()
    assert mails_of(order) == []


def _changed(field: str, value: Any, order: Order) -> dict[str, Any]:
    if field == "id":
        key = order.payments.get().idempotency_key
        return {"id": value, "metadata": {"order": order.number, "payment": key}}
    return {field: value}


def _facts(session_id: str, order: Order, *, amount: int) -> dict[str, Any]:
    return {
        "id": session_id,
        "status": "complete",
        "payment_status": "paid",
        "amount_total_minor": amount,
        "currency": "EUR",
        "livemode": False,
        "client_reference_id": order.number,
        "metadata": {"order": order.number},
        "payment_intent": "pi_1",
        "payment_intent_status": "succeeded",
        "url": "",
        "tax_minor": 0,
    }


def test_with_stripe_tax_the_order_keeps_stripes_figures(
    stripe: StripeInProcess, at: datetime, settings: Any
) -> None:
    settings.SHOP_TAX = "stripe"
    courier()
    wash = product(at=at)
    Offer.objects.filter(pk=wash.pk).update(vat_rate_bp=700)
    order = check_out(basket_with((wash, 1), (package(at=at), 1), at=at), at=at).order
    assert order.payments.get().params["automatic_tax"] == {"enabled": True}
    assert order.lines.get(position=1).vat_minor == 157

    order = paid(stripe, order, at)

    taxes = list(order.lines.values_list("vat_minor", flat=True))
    assert (order.status, taxes) == (OrderStatus.PAID, [383, 6706])
    order.refresh_from_db()
    assert order.vat_minor == 383 + 6706 + 78


def test_stripes_tax_is_kept_too_when_a_withdrawal_finds_the_order_paid(
    stripe: StripeInProcess, at: datetime, settings: Any
) -> None:
    settings.SHOP_TAX = "stripe"
    courier()
    wash = product(at=at)
    Offer.objects.filter(pk=wash.pk).update(vat_rate_bp=700)
    order = check_out(basket_with((wash, 1), at=at), at=at).order
    stripe.pay(session_id_of(order))

    with pytest.raises(TransitionRefused):
        payments.close(order_id=order.pk, to=OrderStatus.CANCELLED, at=at)

    order.refresh_from_db()
    assert order.lines.get().vat_minor == 383
    assert order.vat_minor == 383 + 78


def test_a_session_that_is_not_ours_is_refused(stripe: StripeInProcess, at: datetime) -> None:
    courier()
    order = check_out(basket_with((product(at=at), 1), at=at), at=at).order
    stranger = _facts("cs_test_stranger", order, amount=order.total_minor)

    with pytest.raises(settlement.UnknownSession):
        settlement.apply(CheckoutSession(**stranger), at=at)

    assert stripe.standin is not None
    order.refresh_from_db()
    assert order.status == OrderStatus.AWAITING_PAYMENT


def test_a_session_whose_id_was_never_stored_is_found_by_its_key(
    stripe: StripeInProcess, at: datetime
) -> None:
    """R5: a crash between Stripe's answer and our note of it loses nothing."""
    courier()
    order = check_out(basket_with((product(at=at), 1), at=at), at=at).order
    session_id = session_id_of(order)
    Payment.objects.filter(order=order).update(
        session_id=None, url="", status=PaymentStatus.OPENING
    )
    stripe.pay(session_id)

    order = settlement.settle(session_id, at=at)

    assert order.status == OrderStatus.PAID
    assert order.payments.get().session_id == session_id


def test_a_delayed_payment_waits_for_the_bank_and_holds_the_goods(
    stripe: StripeInProcess, at: datetime
) -> None:
    courier()
    wash = product(at=at)
    order = check_out(basket_with((wash, 1), at=at), at=at).order

    order = paid(stripe, order, at, method="debit")

    assert (order.status, order.expires_at) == (OrderStatus.PAYMENT_PROCESSING, None)
    assert Stock.objects.get(offer=wash).reserved == 1
    held_until = Reservation.objects.get(reference=order.reference).expires_at
    assert held_until == at + timedelta(days=14)
    assert mails_of(order) == ["order_received"]
    assert payments.expire_due(at=at + timedelta(days=1)) == 0


@pytest.mark.parametrize("ending", ["succeed", "fail"])
def test_a_delayed_payment_ends_as_the_bank_says(
    stripe: StripeInProcess, at: datetime, ending: str
) -> None:
    courier()
    wash = product(at=at)
    order = paid(stripe, check_out(basket_with((wash, 1), at=at), at=at).order, at, method="debit")

    intent = stripe_gateway.fetch_checkout(session_id_of(order)).payment_intent
    stripe.control(f"payments/{intent}/settle", outcome=ending)
    order = settlement.settle(session_id_of(order), at=at)

    shelf = Stock.objects.get(offer=wash)
    if ending == "succeed":
        assert (order.status, shelf.on_hand, shelf.reserved) == (OrderStatus.PAID, 10, 1)
        assert mails_of(order) == ["order_paid", "order_received"]
    else:
        assert (order.status, shelf.on_hand, shelf.reserved) == (OrderStatus.CANCELLED, 10, 0)
        assert mails_of(order) == ["order_cancelled", "order_received"]


def test_money_that_arrives_late_takes_the_goods_if_they_are_still_there(
    stripe: StripeInProcess, at: datetime
) -> None:
    """R16, the good end: reserved anew, consumed, paid."""
    courier()
    wash = product(at=at)
    order = check_out(basket_with((wash, 1), at=at), at=at).order
    stripe.pay(session_id_of(order))
    _forget_the_order(order, at)

    order = settlement.settle(session_id_of(order), at=at)

    shelf = Stock.objects.get(offer=wash)
    assert (order.status, shelf.on_hand, shelf.reserved) == (OrderStatus.PAID, 10, 1)


def test_money_that_arrives_after_the_goods_are_gone_goes_back(
    stripe: StripeInProcess, at: datetime
) -> None:
    """R16: full refund, apology, never a negative stock."""
    courier()
    wash = product(at=at, on_hand=1)
    order = check_out(basket_with((wash, 1), at=at), at=at).order
    stripe.pay(session_id_of(order))
    _forget_the_order(order, at)
    rival = check_out(basket_with((wash, 1), at=at), at=at).order
    paid(stripe, rival, at)

    order = settlement.settle(session_id_of(order), at=at)

    assert order.status == OrderStatus.REFUNDING
    assert Refund.objects.get().amount_minor == order.paid_minor == order.total_minor
    assert Stock.objects.get(offer=wash).available == 0

    assert refunds.send_due(at=at) == 1

    order.refresh_from_db()
    assert (order.status, order.refunded_minor) == (OrderStatus.REFUNDED, order.total_minor)
    assert mails_of(order) == ["late_payment_refunded"]


def test_a_second_payment_of_a_paid_order_goes_back_whole(
    stripe: StripeInProcess, at: datetime
) -> None:
    courier()
    wash = product(at=at)
    order = check_out(basket_with((wash, 1), at=at), at=at).order
    first = session_id_of(order)
    Payment.objects.filter(order=order).update(status=PaymentStatus.CLOSED)
    payments.open_payment(order_id=order.pk, at=at)
    second = session_id_of(order)
    for session_id in (first, second):
        stripe.pay(session_id)
        settlement.settle(session_id, at=at)

    refunds.send_due(at=at)

    order.refresh_from_db()
    assert (order.status, order.paid_minor) == (OrderStatus.PAID, 2 * order.total_minor)
    assert order.refunded_minor == order.total_minor
    assert Stock.objects.get(offer=wash).reserved == 1


def _forget_the_order(order: Order, at: datetime) -> None:
    """The order expired on our side while Stripe was taking the money."""
    stock.release(reference=order.reference)
    Order.objects.filter(pk=order.pk).update(status=OrderStatus.EXPIRED)
