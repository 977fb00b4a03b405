"""What somebody writes of the limit of refunds who has not thought of two people at two screens."""

import multiprocessing
from collections.abc import Callable
from typing import Any

from checkout import refund_ways
from checkout.models import Order, Refund
from money.money import Money
from tests.races.shop import WORKERS

# Made before the workers are forked: each waits here until all of them have looked.
_all_have_looked = multiprocessing.Barrier(WORKERS)


def pay_back_after_looking(
    guarded: Callable[..., Refund],
    *,
    order_id: int,
    agreed_minor: int,
    most_minor: int,
    **rest: Any,
) -> Refund:
    """Look what has gone, and pay back, whoever else has seen the same."""
    order = Order.objects.get(pk=order_id)
    gone = order.refunded_minor + order.refund_reserved_minor
    _all_have_looked.wait(timeout=60)
    if gone + agreed_minor > most_minor:
        raise refund_ways.AboveLimit(Money(most_minor, order.currency))
    return guarded(order_id=order_id, agreed_minor=agreed_minor, **rest)
