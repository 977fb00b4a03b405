"""Orders that were set aside for a person: what that person can decide."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from catalog import stock
from checkout import order_status
from checkout.discounts import using
from checkout.gift_cards import spending
from checkout.models import Order, OrderStatus


def cancel(*, order_id: int, by: User, at: datetime) -> Order:
    """Give up an order in review and free what it holds; money stays where it is.

    :raises order_status.TransitionRefused: if the order is not in review.
    """
    with transaction.atomic():
        order = Order.objects.select_for_update().get(pk=order_id)
        if order.status != OrderStatus.NEEDS_REVIEW:
            raise order_status.TransitionRefused(order, OrderStatus.CANCELLED)
        using.release(order, at=at)
        spending.release(order, at=at)
        stock.release(reference=order.reference)
        order_status.transition(
            order, OrderStatus.CANCELLED, at=at, by=by, message="Cancelled after review"
        )
    return order
