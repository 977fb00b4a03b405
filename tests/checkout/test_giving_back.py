"""Unused sessions come back as money: the amount that was shown, once, or nothing at all."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
import pytest

from accounts.models import User
from checkout import giving_back, refunds
from checkout.models import Order, Refund
from tests.catalog.factories import OfferFactory
from tests.checkout.factories import OrderFactory, OrderLineFactory, PaymentFactory
from tests.checkout.history_of import history_of
from tests.checkout.signing_in import just_signed_in
from tests.checkout.test_order_admin import _staff
from tests.treatments.factories import SessionPassFactory
from treatments import ledger
from treatments.models import LedgerEntry, LedgerKind, SessionPass

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)
PAID = 48_000


@pytest.fixture
def order() -> Order:
    order = OrderFactory.create(
        paid=True,
        total_minor=PAID,
        paid_minor=PAID,
        packages_minor=PAID,
        goods_minor=0,
        delivery_minor=0,
    )
    PaymentFactory.create(order=order, amount_minor=PAID)
    return order


@pytest.fixture
def row(order: Order) -> SessionPass:
    """Six sessions bought with the order, at 90 euros for a single one."""
    line = OrderLineFactory.create(
        order=order,
        offer=OfferFactory.create(package=True),
        unit_price_minor=PAID,
        sessions=6,
        single_price_minor=9_000,
    )
    return SessionPassFactory.create(
        treatment_id=line.treatment_id,
        sessions=6,
        reference=f"{order.reference}:line:{line.position}:unit:1",
        at=NOW,
    )


def give_back(row: SessionPass, agreed_minor: int) -> Refund | None:
    return giving_back.give_back(
        pass_id=row.pk, agreed_minor=agreed_minor, by=None, at=NOW, on=NOW.date()
    )


def locked_by(act: Callable[[], object]) -> list[str]:
    """Name the tables of which an act locks rows, in its order; SQLite locks all there is."""
    if not connection.features.has_select_for_update:
        pytest.skip("rows are locked one by one on PostgreSQL")
    with CaptureQueriesContext(connection) as asked:
        act()
    said = [each["sql"] for each in asked.captured_queries if "FOR UPDATE" in each["sql"]]
    found = (re.search(r'FROM "(\w+)"', sql) for sql in said)
    return [each[1] for each in found if each]


def use(row: SessionPass, number: int = 1) -> None:
    for each in range(number):
        at = NOW + dt.timedelta(days=30 * each)
        ledger.redeem(pass_id=row.pk, reference=f"use:{each}", by=None, at=at)


def state(order: Order) -> tuple[Any, ...]:
    """All that must stay as it is when something is refused."""
    order.refresh_from_db()
    return (
        order.refund_reserved_minor,
        order.refunded_minor,
        Refund.objects.count(),
        LedgerEntry.objects.count(),
    )


def test_the_order_is_locked_before_its_pass(order: Order, row: SessionPass) -> None:
    locked = locked_by(lambda: give_back(row, PAID))

    assert locked[:2] == ["checkout_order", "treatments_sessionpass"]


def test_the_amount_that_was_shown_goes_back_and_the_sessions_go(
    order: Order, row: SessionPass
) -> None:
    use(row, 2)

    refund = give_back(row, 30_000)

    assert refund is not None
    assert (refund.order, refund.amount_minor) == (order, 30_000)
    order.refresh_from_db()
    assert order.refund_reserved_minor == 30_000
    last = row.entries.latest("pk")
    assert (last.kind, last.sessions) == (LedgerKind.REFUND, -4)
    assert ledger.verify(row) is None


def test_another_amount_than_shown_is_refused_and_nothing_changes(
    order: Order, row: SessionPass
) -> None:
    use(row)
    before = state(order)

    with pytest.raises(giving_back.ValueChanged, match=r"it is €390\.00 now"):
        give_back(row, PAID)

    assert state(order) == before


def test_the_same_pass_comes_back_once(order: Order, row: SessionPass) -> None:
    give_back(row, PAID)
    before = state(order)

    with pytest.raises(giving_back.NothingToGiveBack):
        give_back(row, PAID)

    assert state(order) == before


def test_no_more_goes_back_than_is_left_of_what_was_paid(order: Order, row: SessionPass) -> None:
    refunds.request(
        payment=order.payments.get(), amount_minor=40_000, reason="Kind", by=None, at=NOW
    )
    before = state(order)

    with pytest.raises(refunds.RefundTooLarge):
        give_back(row, PAID)

    assert state(order) == before


def test_a_session_held_for_an_appointment_is_not_taken(order: Order, row: SessionPass) -> None:
    ledger.hold(pass_id=row.pk, reference="visit", reason="A visit", by=None, at=NOW)
    before = state(order)

    with pytest.raises(ledger.NotEnoughSessions):
        give_back(row, PAID)

    assert state(order) == before


def test_sessions_that_bring_nothing_are_taken_without_a_refund(
    order: Order, row: SessionPass
) -> None:
    OrderLineFactory._meta.model.objects.update(single_price_minor=PAID)
    use(row)

    assert give_back(row, 0) is None
    assert not Refund.objects.exists()
    assert row.entries.latest("pk").sessions == -5


def test_staff_give_back_from_the_order_s_screen(
    client: Client, order: Order, row: SessionPass
) -> None:
    client.force_login(_staff("view_order", "refund_order", "refund_large"))
    just_signed_in(client)
    address = reverse("orders:give_back", args=[order.pk, row.pk])

    shown = client.get(reverse("orders:inspect", args=[order.pk])).content.decode()
    assert "Yes, give back €480.00" in shown
    answer = client.post(address, {"agreed_minor": str(PAID)}, follow=True)

    assert "€480.00 is on its way" in answer.content.decode()
    assert Refund.objects.get().by is not None
    assert [words for words, _ in history_of(order)] == ["Sessions were taken back and paid back"]


def test_a_large_amount_takes_a_manager(client: Client, order: Order, row: SessionPass) -> None:
    client.force_login(_staff("view_order", "refund_order"))
    before = state(order)
    address = reverse("orders:give_back", args=[order.pk, row.pk])

    answer = client.post(address, {"agreed_minor": str(PAID)}, follow=True)

    assert "a manager has to do this" in answer.content.decode()
    assert state(order) == before


@pytest.mark.parametrize("agreed", ["", "x", "-1", "9" * 40, "1e3", "47999"])
def test_an_amount_that_was_not_shown_changes_nothing(
    client: Client, order: Order, row: SessionPass, agreed: str
) -> None:
    client.force_login(_staff("view_order", "refund_order"))
    before = state(order)

    answer = client.post(
        reverse("orders:give_back", args=[order.pk, row.pk]), {"agreed_minor": agreed}, follow=True
    )

    assert answer.status_code == 200
    assert state(order) == before


def test_who_may_only_look_gives_nothing_back(
    client: Client, order: Order, row: SessionPass
) -> None:
    client.force_login(_staff("view_order", "cancel_order"))
    before = state(order)
    address = reverse("orders:give_back", args=[order.pk, row.pk])

    assert (
        "give back" not in client.get(reverse("orders:inspect", args=[order.pk])).content.decode()
    )
    assert client.post(address, {"agreed_minor": str(PAID)})["Location"] == "/admin/"
    assert client.get(address).status_code in {302, 405}
    assert state(order) == before


def test_a_pass_of_another_order_is_as_good_as_none(client: Client, row: SessionPass) -> None:
    """R19: the order is seen, the pass is somebody else's."""
    client.force_login(_staff("view_order", "refund_order"))
    other = OrderFactory.create(paid=True)

    address = reverse("orders:give_back", args=[other.pk, row.pk])

    assert client.post(address, {"agreed_minor": str(PAID)}).status_code == 404
    assert not Refund.objects.exists()


def test_a_superuser_may(client: Client, order: Order, row: SessionPass) -> None:
    client.force_login(User.objects.create_superuser("root@example.com"))
    just_signed_in(client)

    client.post(reverse("orders:give_back", args=[order.pk, row.pk]), {"agreed_minor": str(PAID)})

    assert Refund.objects.get().amount_minor == PAID
