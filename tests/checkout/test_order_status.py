"""The life of an order: every status against every status."""

from datetime import datetime
from itertools import product as pairs

import pytest

from checkout import order_status
from checkout.models import Order, OrderEvent, OrderStatus
from checkout.order_status import NEXT, TransitionRefused
from tests.checkout.buying import basket_with, check_out, package
from tests.stripe_in_process import StripeInProcess

ENDS = {OrderStatus.REFUNDED}


@pytest.mark.django_db
@pytest.mark.parametrize(("source", "target"), list(pairs(OrderStatus, OrderStatus)))
def test_every_status_leads_exactly_where_the_table_says(
    stripe: StripeInProcess, at: datetime, source: OrderStatus, target: OrderStatus
) -> None:
    order = check_out(basket_with((package(at=at), 1), at=at), at=at).order
    Order.objects.filter(pk=order.pk).update(status=source)
    before = OrderEvent.objects.count()

    if target in NEXT[source]:
        order_status.transition(order, target, at=at)
        assert Order.objects.get().status == order.status == target
        assert OrderEvent.objects.count() == before + 1
    else:
        with pytest.raises(TransitionRefused, match=source.label.lower()):
            order_status.transition(order, target, at=at)
        assert Order.objects.get().status == order.status == source
        assert OrderEvent.objects.count() == before


def test_every_status_is_in_the_table_and_can_be_reached() -> None:
    reached = {OrderStatus.AWAITING_PAYMENT}
    while more := {target for source in reached for target in NEXT[source]} - reached:
        reached |= more

    assert set(NEXT) == reached == set(OrderStatus)


def test_money_that_was_taken_always_has_a_way_on() -> None:
    stuck = {status for status, targets in NEXT.items() if not targets}

    assert stuck == set()
    assert all(OrderStatus.NEEDS_REVIEW in NEXT[status] for status in ENDS)
