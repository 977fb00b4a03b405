"""Our books against Stripe's: with every notice lost, nothing that was paid stays unpaid."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from catalog.models import Stock
from checkout import reconciliation, refunds, settlement
from checkout.models import Order, OrderStatus, Payment, PaymentStatus, Refund, StripeEvent
from tests.checkout.buying import basket_with, check_out, courier, package, product, session_id_of
from tests.stripe_in_process import StripeInProcess
from treatments.models import LedgerEntry

pytestmark = pytest.mark.django_db

LATER = timedelta(minutes=10)


@pytest.fixture
def unsettled(stripe: StripeInProcess, at: datetime) -> list[Order]:
    """Three orders that were paid while no notice reached the shop."""
    courier()
    wash, sessions = product(at=at), package(at=at)
    orders = [
        check_out(basket_with((wash, 1), (sessions, 1), at=at), at=at).order for _ in range(3)
    ]
    for order in orders:
        stripe.pay(session_id_of(order))
    return orders


def test_a_sweep_settles_every_payment_that_nobody_told_us_of(
    unsettled: list[Order], at: datetime
) -> None:
    """R15: 100 % of the notices dropped, every paid order fulfilled once, 0 differences."""
    first = reconciliation.sweep(at=at + LATER)
    second = reconciliation.sweep(at=at + 2 * LATER)

    assert {order.status for order in Order.objects.all()} == {OrderStatus.PAID}
    assert (first.repaired, second.repaired) == (3, 0)
    assert (first.differences, second.differences) == ([], [])
    assert LedgerEntry.objects.count() == 3
    assert Stock.objects.get().reserved == 3


def test_a_session_that_stripe_does_not_know_holds_up_no_other(
    unsettled: list[Order], at: datetime
) -> None:
    unknown = unsettled[0].payments.get()
    Payment.objects.filter(pk=unknown.pk).update(
        session_id="cs_test_of_another_account", idempotency_key="of-another-account"
    )

    run = reconciliation.sweep(at=at + LATER)

    assert run.repaired == 2
    statuses = [Order.objects.get(pk=order.pk).status for order in unsettled]
    assert statuses == [OrderStatus.AWAITING_PAYMENT, OrderStatus.PAID, OrderStatus.PAID]


def test_an_order_that_cannot_be_settled_is_named_and_holds_up_no_other(
    unsettled: list[Order], at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = settlement.ledger.grant

    def broken_for_one(**kwargs: Any) -> Any:
        if kwargs["reference"].startswith(unsettled[0].reference):
            raise settlement.ledger.ReferenceTaken(kwargs["reference"])
        return usual(**kwargs)

    monkeypatch.setattr(settlement.ledger, "grant", broken_for_one)

    run = reconciliation.sweep(at=at + LATER)

    assert (run.repaired, run.finished_at is not None) == (2, True)
    assert any("ReferenceTaken" in difference for difference in run.differences)


def test_a_session_is_found_at_stripe_even_if_our_row_lost_its_id(
    unsettled: list[Order], at: datetime
) -> None:
    Payment.objects.update(session_id=None, status=PaymentStatus.CLOSED)

    run = reconciliation.sweep(at=at + LATER)

    assert run.repaired == 3
    assert {order.status for order in Order.objects.all()} == {OrderStatus.PAID}


def test_a_buyer_who_is_paying_right_now_is_left_alone(
    stripe: StripeInProcess, at: datetime
) -> None:
    courier()
    check_out(basket_with((product(at=at), 1), at=at), at=at)
    stripe.calls.clear()

    reconciliation.sweep(at=at + timedelta(minutes=1))

    assert not [call for call in stripe.calls if "/cs_test_" in call]


def test_notices_that_could_not_be_delivered_are_fetched(
    stripe: StripeInProcess, at: datetime
) -> None:
    courier()
    order = check_out(basket_with((product(at=at), 1), at=at), at=at).order
    stripe.refuses_notices = True
    stripe.pay(session_id_of(order))
    stripe.deliver()

    reconciliation.sweep(at=at + LATER)

    assert "checkout.session.completed" in StripeEvent.objects.values_list("type", flat=True)


def test_a_refund_from_the_dashboard_is_found_without_a_notice(
    stripe: StripeInProcess, at: datetime
) -> None:
    courier()
    order = check_out(basket_with((product(at=at), 1), at=at), at=at).order
    stripe.pay(session_id_of(order))
    settlement.settle(session_id_of(order), at=at)
    stripe.control(f"payments/{order.payments.get().payment_intent}/refund", amount="700")

    run = reconciliation.sweep(at=at + LATER)

    order.refresh_from_db()
    assert (run.repaired, order.refunded_minor, run.differences) == (1, 700, [])


def test_rows_that_contradict_each_other_are_named(unsettled: list[Order], at: datetime) -> None:
    reconciliation.sweep(at=at + LATER)
    paid, refunded, _ = Order.objects.order_by("pk")
    Order.objects.filter(pk=paid.pk).update(paid_minor=1)
    refunds.request(
        payment=refunded.payments.get(), amount_minor=100, reason="Test", by=None, at=at
    )
    Refund.objects.update(amount_minor=99)
    Stock.objects.update(reserved=1)

    found = reconciliation.sweep(at=at + 2 * LATER).differences

    assert len(found) == 3
    assert any(f"Order {paid.number}: paid 1, payments {paid.total_minor}" in it for it in found)
    assert any(f"Order {refunded.number}: refund_reserved_minor 100" in it for it in found)
