"""The life of a dispute: every status of Stripe's against every status."""

from datetime import datetime, timedelta

from django.db import transaction
import pytest

from checkout import disputes, stripe_gateway
from checkout.models import Order, Payment, Refund, RefundStatus
from checkout.order_page import passes_of
from checkout.stripe_objects import StripeDispute
from tests.checkout import buying
from tests.checkout.test_shipments import paid
from tests.stripe_in_process import StripeInProcess
from treatments import ledger
from treatments.standing import standing_of

pytestmark = pytest.mark.django_db

# https://docs.stripe.com/api/disputes/object#dispute_object-status
OPEN = ("warning_needs_response", "warning_under_review", "needs_response", "under_review")
FOR_THE_SHOP = ("warning_closed", "prevented", "won")
ALL = (*OPEN, *FOR_THE_SHOP, "lost")


@pytest.fixture
def order(stripe: StripeInProcess, at: datetime) -> Order:
    buying.courier()
    return paid(stripe, (buying.product(at=at), 1), (buying.package(at=at), 1), at=at)


@pytest.mark.parametrize("source", ALL)
def test_every_status_leads_where_its_target_says(
    order: Order, at: datetime, source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = {target: _led(order, [source, target], at, monkeypatch) for target in ALL}

    assert found == {target: _expected(source, target) for target in ALL}


def test_what_is_open_again_is_frozen_and_free_as_often_as_it_is_decided(
    order: Order, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    way = ["needs_response", "won", "needs_response", "won", "under_review", "won"]

    assert _led(order, way[:-1], at, monkeypatch) == ("frozen", 6, True, False)
    assert _led(order, way, at, monkeypatch) == ("free", 6, False, False)


def _expected(source: str, target: str) -> tuple[str, int, bool, bool]:
    """How sessions stand, how many are left, whether parcels stay, whether a loss is booked."""
    is_open = target in OPEN
    if "lost" in (source, target):
        # What was taken stays taken: a person looks at it. Banks alone take a loss back.
        return "taken", 0, is_open, target not in FOR_THE_SHOP
    return ("frozen" if is_open else "free"), 6, is_open, False


def _led(
    order: Order, way: list[str], at: datetime, monkeypatch: pytest.MonkeyPatch
) -> tuple[str, int, bool, bool]:
    """Lead a dispute through some statuses, tell how all stands then, and undo it."""
    intent = Payment.objects.get(order=order).payment_intent or ""
    with transaction.atomic():
        for hours, status in enumerate(way, start=1):
            answer = StripeDispute(
                id="dp_1",
                status=status,
                amount_minor=order.total_minor,
                currency="EUR",
                payment_intent=intent,
                reason="fraudulent",
                opened_at=at,
                due_at=None,
            )
            monkeypatch.setattr(stripe_gateway, "fetch_dispute", lambda _id, told=answer: told)
            disputes.mirror("dp_1", at=at + timedelta(hours=hours))
        row = passes_of(order).get()
        standing = standing_of(row, row.entries.order_by("pk"))
        assert ledger.verify(row) is None
        booked = Refund.objects.filter(order=order, status=RefundStatus.SUCCEEDED)
        result = (
            ("frozen" if standing.is_frozen else "free") if standing.balance else "taken",
            standing.balance,
            disputes.is_disputed(order),
            booked.exists(),
        )
        transaction.set_rollback(True)
    return result
