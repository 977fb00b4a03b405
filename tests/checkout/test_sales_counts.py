"""Staff see how often each offer was paid for in the last 30 and 90 days."""

import datetime as dt

import pytest

from catalog.models import Offer, SalesCount
from checkout import sales_counts
from checkout.models import OrderStatus
from tests.catalog.factories import OfferFactory
from tests.checkout.factories import OrderFactory, OrderLineFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
NOW = dt.datetime(2026, 6, 1, 12, 0, tzinfo=dt.UTC)


def sell(offer: Offer, quantity: int, paid_at: dt.datetime, status: str = OrderStatus.PAID) -> None:
    order = OrderFactory.create(status=status, placed_at=paid_at, paid_at=paid_at)
    OrderLineFactory.create(order=order, offer=offer, quantity=quantity)


def counts() -> dict[int, tuple[int, int]]:
    return {row.offer_id: (row.sold_30, row.sold_90) for row in SalesCount.objects.all()}


@pytest.fixture
def wash() -> Offer:
    return OfferFactory()


def test_paid_orders_count_by_when_they_were_paid(wash: Offer) -> None:
    sell(wash, 3, NOW - 5 * DAY)
    sell(wash, 2, NOW - 40 * DAY, OrderStatus.SHIPPED)
    sell(wash, 7, NOW - 91 * DAY, OrderStatus.COMPLETED)

    assert sales_counts.count(at=NOW) == 1

    assert counts() == {wash.pk: (3, 5)}


@pytest.mark.parametrize(
    "status", [OrderStatus.AWAITING_PAYMENT, OrderStatus.CANCELLED, OrderStatus.REFUNDED]
)
def test_what_is_not_paid_or_went_back_does_not_count(wash: Offer, status: str) -> None:
    sell(wash, 3, NOW - 5 * DAY, status)

    sales_counts.count(at=NOW)

    assert counts() == {}


def test_counting_again_forgets_what_is_too_long_ago(wash: Offer) -> None:
    sell(wash, 3, NOW - 5 * DAY)
    sales_counts.count(at=NOW)
    sales_counts.count(at=NOW)

    sales_counts.count(at=NOW + 40 * DAY)
    assert counts() == {wash.pk: (0, 3)}
    sales_counts.count(at=NOW + 90 * DAY)

    assert counts() == {}
