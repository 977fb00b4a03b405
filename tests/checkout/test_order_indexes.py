"""The list of orders is read from an index, alone and under its filters, however long it grows."""

from datetime import datetime, timedelta

from django.db import connection
from django.http import QueryDict
import pytest

from checkout import packing
from checkout.models import Fulfilment, Order, OrderStatus
from checkout.viewsets.order_filters import OrderFilterSet
from tests.checkout.factories import OrderFactory

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="asks PostgreSQL for its plan"),
]

MANY = 2_000
PAGE = 50


@pytest.fixture
def many(at: datetime) -> None:
    """Orders of years: nearly all are sent, a few of each other kind are among them."""
    rows = OrderFactory.build_batch(
        MANY, status=OrderStatus.SHIPPED, fulfilment=Fulfilment.FULFILLED
    )
    rare = [OrderStatus.PAID, OrderStatus.NEEDS_REVIEW, OrderStatus.PAYMENT_PROCESSING]
    for number, order in enumerate(rows):
        order.placed_at = at - timedelta(hours=number)
        if number % 100 < len(rare):
            order.status = rare[number % 100]
            order.fulfilment = Fulfilment.UNFULFILLED
            order.delivery_country = "FR"
            order.pieces_to_pack, order.parcels_waiting = 2, int(number % 200 == 0)
    Order.objects.bulk_create(rows)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE checkout_order")


QUERIES = (
    "",
    "to_do=PACK",
    "to_do=HAND_OVER",
    "to_do=REVIEW",
    "status=PAYMENT_PROCESSING",
    "status=SHIPPED",
    "fulfilment=UNFULFILLED",
    "delivery_country=FR",
)


def test_a_page_of_the_list_and_of_the_queue_reads_no_whole_table(many: None) -> None:
    pages = {
        query: OrderFilterSet(QueryDict(query), queryset=Order.objects.all()).qs
        for query in QUERIES
    }
    pages["the packing queue"] = packing.queue()

    plans = {name: page[:PAGE].explain() for name, page in pages.items()}

    assert {
        name: plan for name, plan in plans.items() if "Seq Scan on checkout_order" in plan
    } == {}
    assert all("Index" in plan for plan in plans.values())
