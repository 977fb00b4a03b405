"""Stripe's books beside ours: nothing differs, or it is listed with what settles it."""

import csv
import datetime as dt
import io
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone
import pytest

from checkout import reconciliation, refunds, settlement, stripe_gateway
from checkout.bookkeeping import bookings, differences, stripe_days
from checkout.bookkeeping.stripe_days import Day
from checkout.models import (
    Order,
    OrderStatus,
    Payment,
    PaymentStatus,
    ReconciliationRun,
    Refund,
    RefundStatus,
    StripeBooking,
    StripeEvent,
)
from tests.checkout.buying import basket_with, check_out, courier, product, session_id_of
from tests.checkout.factories import OrderFactory, PaymentFactory
from tests.checkout.history_of import history_of
from tests.checkout.test_packing_desk import staff
from tests.stripe_in_process import StripeInProcess

pytestmark = pytest.mark.django_db

REPORT = "/admin/reports/stripe/"
SOON = dt.timedelta(minutes=10)
# 28.90 at 1.5 % and 25 cents.
FEE = 68


def books(at: dt.datetime) -> stripe_days.Books:
    on = timezone.localdate(at)
    return stripe_days.compare(
        from_on=on - dt.timedelta(days=1), until_on=on + dt.timedelta(days=1)
    )


def words(at: dt.datetime) -> list[str]:
    return [difference.words for difference in books(at).differences]


def paid_at_stripe(stripe: StripeInProcess, at: dt.datetime) -> Order:
    """An order of 28.90 that was paid while no notice reached the shop."""
    courier()
    order = check_out(basket_with((product(at=at), 1), at=at), at=at).order
    stripe.pay(session_id_of(order))
    return order


def read(at: dt.datetime) -> None:
    bookings.read(since=at - SOON, until=at + SOON)


def settled(order: Order, at: dt.datetime) -> Order:
    settlement.settle(session_id_of(order), at=at)
    order.refresh_from_db()
    return order


def booking(**fields: Any) -> StripeBooking:
    """A charge of 28.90 of this shop's, as a row alone."""
    usual = {
        "stripe_id": f"txn_{StripeBooking.objects.count()}",
        "kind": "charge",
        "amount_minor": 2890,
        "fee_minor": FEE,
        "currency": "EUR",
        "payment_key": "lost-1",
    }
    return StripeBooking.objects.create(**usual | fields)


def test_a_sweep_reads_the_books_and_then_nothing_differs(
    stripe: StripeInProcess, at: dt.datetime
) -> None:
    paid_at_stripe(stripe, at)

    for _ in range(2):
        reconciliation.sweep(at=at + SOON)
    found = books(at)

    assert found.differences == []
    assert found.total == Day(paid_here=2890, paid_there=2890, fees=FEE)


def test_what_is_paid_at_stripe_alone_is_listed_and_settled(
    stripe: StripeInProcess, at: dt.datetime
) -> None:
    order = paid_at_stripe(stripe, at)
    read(at)

    [difference] = books(at).differences
    assert books(at).total.difference == 2890
    assert difference.words == f"Order {order.number}: Stripe took €28.90, here it is not paid"
    for _ in range(2):
        differences.settle(what=difference.what, key=difference.key, at=at)

    order.refresh_from_db()
    assert order.status == OrderStatus.PAID
    assert (words(at), books(at).total.difference) == ([], 0)


def test_a_refund_from_the_dashboard_is_listed_and_taken_over(
    stripe: StripeInProcess, at: dt.datetime
) -> None:
    order = settled(paid_at_stripe(stripe, at), at)
    made = stripe.control(f"payments/{order.payments.get().payment_intent}/refund", amount="500")
    read(at)

    [difference] = books(at).differences
    assert difference.words.startswith(f"Order {order.number}: refund {made['id']} of €5.00")
    assert books(at).total.difference == -500
    for _ in range(2):
        differences.settle(what=difference.what, key=difference.key, at=at)

    assert Refund.objects.get().stripe_refund_id == made["id"]
    assert books(at).total == Day(2890, 2890, 500, 500, FEE)
    assert words(at) == []


def test_a_refund_that_failed_is_no_difference_once_both_know(
    stripe: StripeInProcess, at: dt.datetime
) -> None:
    order = settled(paid_at_stripe(stripe, at), at)
    refunds.request(payment=order.payments.get(), amount_minor=500, reason="x", by=None, at=at)
    refunds.send_due(at=at)
    refund = Refund.objects.get()
    stripe.control(f"refunds/{refund.stripe_refund_id}/fail")
    read(at)

    before = books(at)
    refunds.mirror(refund.stripe_refund_id or "", at=at)

    assert len(before.differences) == 1
    assert Refund.objects.get().status == RefundStatus.FAILED
    assert words(at) == []
    assert books(at).total == Day(2890, 2890, 0, 0, FEE)


def test_what_is_paid_here_alone_is_listed_and_its_day_read_again(
    stripe: StripeInProcess, at: dt.datetime
) -> None:
    order = settled(paid_at_stripe(stripe, at), at)
    booking(booked_at=at - dt.timedelta(hours=1), payment_key="", kind="topup", fee_minor=0)
    ReconciliationRun.objects.create(started_at=at + SOON, finished_at=at + SOON)

    [difference] = books(at).differences
    assert books(at).total.difference == -2890
    assert difference.words.startswith(f"Order {order.number}: €28.90 paid here, and Stripe's")
    differences.settle(what=difference.what, key=difference.key, at=at)

    assert words(at) == []


def test_what_was_never_compared_is_not_said_to_differ(at: dt.datetime) -> None:
    """From before the first booking, after the last comparison, and paid in cash."""
    for moment in (at - dt.timedelta(hours=5), at + SOON, at - dt.timedelta(hours=1)):
        PaymentFactory(
            order=OrderFactory(paid=True, placed_at=moment), paid_at=moment, payment_intent=None
        )
    Payment.objects.filter(paid_at__lt=at - dt.timedelta(hours=4)).update(payment_intent="pi_old")
    Payment.objects.filter(paid_at__gt=at).update(payment_intent="pi_new")
    booking(booked_at=at - dt.timedelta(hours=3), payment_key="", kind="topup")
    ReconciliationRun.objects.create(started_at=at, finished_at=at)

    assert words(at) == []


def test_a_payment_that_is_lost_here_or_does_not_fit_goes_to_a_person(at: dt.datetime) -> None:
    booking(booked_at=at)
    payment = PaymentFactory(status=PaymentStatus.MISMATCHED, payment_intent="pi_other")
    booking(booked_at=at, payment_intent="pi_other")

    lost, unfit = books(at).differences

    assert lost.words == "Payment lost-1: Stripe took €28.90, and there is no such payment here"
    assert "it needs a review" in unfit.words
    assert (lost.remedy, unfit.remedy, unfit.order) == ("", "", payment.order)


def test_fees_payouts_and_what_is_not_this_shops_are_told_apart(at: dt.datetime) -> None:
    booking(booked_at=at, payment_key="", payment_intent="pi_of_another_application")
    booking(booked_at=at, kind="payout", amount_minor=-1000, fee_minor=0, payment_key="")
    booking(booked_at=at, kind="stripe_fee", amount_minor=-30, fee_minor=0, payment_key="")
    booking(booked_at=at, kind="adjustment", amount_minor=-2890, fee_minor=2000, payment_key="")

    assert books(at).total == Day(fees=FEE + 30 + 2000, others=0, paid_out=1000)
    assert words(at) == []


def test_a_bank_that_still_confirms_is_no_difference(at: dt.datetime) -> None:
    PaymentFactory(status=PaymentStatus.PROCESSING, payment_intent="pi_slow")
    booking(booked_at=at, kind="payment", payment_intent="pi_slow")

    assert words(at) == []


def test_a_notice_that_was_given_up_is_tried_once_more(
    stripe: StripeInProcess, at: dt.datetime
) -> None:
    order = paid_at_stripe(stripe, at)
    notice = StripeEvent.objects.create(
        stripe_id="evt_1", type="checkout.session.completed", object_id=session_id_of(order),
        livemode=False, received_at=at, attempts=8, error="DatabaseError: gone",
    )  # fmt: skip

    [difference] = books(at).differences
    differences.settle(what=difference.what, key=difference.key, at=at)
    with pytest.raises(differences.NothingToSettle):
        differences.settle(what=difference.what, key=difference.key, at=at)

    notice.refresh_from_db()
    order.refresh_from_db()
    assert (notice.handled_at, order.status) == (at, OrderStatus.PAID)
    assert "DatabaseError: gone" in difference.words


def test_it_asks_as_often_of_many_bookings_as_of_one(
    django_assert_num_queries: Any, at: dt.datetime
) -> None:
    ReconciliationRun.objects.create(started_at=at, finished_at=at)
    for number in range(3):
        payment = PaymentFactory(payment_intent=f"pi_{number}")
        booking(booked_at=at, payment_intent=payment.payment_intent)
        with django_assert_num_queries(9):
            books(at)


# --- The page ------------------------------------------------------------------------------


@pytest.fixture
def manager(client: Client) -> Client:
    client.force_login(staff("view_order", "view_reconciliationrun", "repair_reconciliationrun"))
    return client


def test_the_page_lists_what_differs_and_its_button_settles_it(
    manager: Client, stripe: StripeInProcess, at: dt.datetime
) -> None:
    order = paid_at_stripe(stripe, at)
    read(at)
    settle = reverse("stripe_settle", args=["payment", order.payments.get().pk])

    before = manager.get(REPORT).content.decode()
    answer = manager.post(settle, follow=True)

    person = answer.wsgi_request.user
    words = "Stripe was asked once more about a difference"
    assert history_of(person) == [(words, str(person))]
    assert f'action="{settle}"' in before
    assert "differ about <strong>1 thing</strong>" in before
    assert "Stripe and the shop agree." in answer.content.decode()


def test_a_file_holds_what_the_screen_shows(manager: Client, at: dt.datetime) -> None:
    booking(booked_at=at)
    booking(booked_at=at, kind="payout", amount_minor=-1000, fee_minor=0, payment_key="")

    shown = manager.get(REPORT).context["tables"][-1].rows
    on = timezone.localdate(at).isoformat()
    table = manager.get(REPORT, {"from_on": on, "until_on": on, "export": "csv"})

    _, *written = csv.reader(io.StringIO(table.content.decode()))
    assert [[f"€{float(cell):,.2f}" for cell in row[1:]] for row in written] == [
        [cell.text for cell in row[1:]] for row in shown
    ]
    assert written[0][1:] == ["0.00", "28.90", "0.00", "0.00", "28.90", "0.68", "0.00", "10.00"]


def test_stripe_that_is_away_changes_nothing_and_is_said(
    manager: Client, stripe: StripeInProcess, at: dt.datetime
) -> None:
    order = paid_at_stripe(stripe, at)
    stripe.is_down = True

    answer = manager.post(
        reverse("stripe_settle", args=["payment", order.payments.get().pk]), follow=True
    )

    assert "Stripe did not answer" in answer.content.decode()
    order.refresh_from_db()
    assert order.status == OrderStatus.AWAITING_PAYMENT


@pytest.mark.parametrize(
    ("what", "key"),
    [
        ("payment", "99"),
        ("payment", "x"),
        ("refund", "re_1"),
        ("notice", "²"),
        ("day", "x"),
        ("x", "1"),
    ],
)
def test_what_is_no_difference_is_not_found(manager: Client, what: str, key: str) -> None:
    assert manager.post(reverse("stripe_settle", args=[what, key])).status_code == 404


def test_looking_and_settling_are_two_rights(client: Client, at: dt.datetime) -> None:
    booking(booked_at=at, payment_key=PaymentFactory(status=PaymentStatus.OPEN).idempotency_key)
    client.force_login(staff("view_order", "view_reconciliationrun"))
    page = client.get(REPORT)
    refused = client.post(reverse("stripe_settle", args=["day", f"{at:%Y-%m-%d}"]))

    assert "here it is not paid" in page.content.decode()
    assert "/settle/" not in page.content.decode()
    assert refused.status_code == 302
    assert stripe_gateway.is_live() is False


def test_nobody_else_looks_at_it(client: Client) -> None:
    client.force_login(staff("view_order", "report_order"))

    assert client.get(REPORT).status_code == 302
