"""Orders that were set aside for a person: what that person can decide."""

from datetime import datetime
from typing import Final

from django.db import transaction

from accounts.models import User
from catalog import stock
from checkout import order_status, shipments
from checkout.discounts import using
from checkout.gift_cards import spending
from checkout.models import DeliveryMethod, Fulfilment, Order, OrderStatus
from money.money import Money

LONGEST_REASON: Final = 200


class MoneyIsIn(Exception):
    """An order is not cancelled over money that it brought; nothing was changed."""

    def __init__(self, order: Order) -> None:
        if order.paid_at is not None:
            words = "was paid: pay back what the buyer should have, then say that it is settled"
        else:
            left = Money(order.paid_minor - order.refunded_minor, order.currency)
            words = f"has {left} of the buyer's money: pay it back first"
        super().__init__(f"Order {order.number} {words}. Nothing was changed.")


class NothingToSettle(Exception):
    """An order is not put back that is not in review, or was never paid."""

    def __init__(self, order: Order) -> None:
        super().__init__(f"Order {order.number} is no paid order in review. Nothing was changed.")


class ReasonMissing(Exception):
    """Nobody said why an order is settled."""

    def __init__(self) -> None:
        super().__init__("Say why it is settled. Nothing was changed.")


def may_cancel(order: Order) -> bool:
    """Tell whether an order can be given up: it is in review, and no money is in it."""
    is_free = order.paid_at is None and order.paid_minor == order.refunded_minor
    return order.status == OrderStatus.NEEDS_REVIEW and is_free


def may_put_back(order: Order) -> bool:
    """Tell whether an order can go on: it is in review, and was paid for before."""
    return order.status == OrderStatus.NEEDS_REVIEW and order.paid_at is not None


def cancel(*, order_id: int, by: User, at: datetime) -> Order:
    """Give up an order in review that no money is in, and free what it holds.

    :raises order_status.TransitionRefused: if the order is not in review.
    :raises MoneyIsIn: if it was paid, or has money that was not paid back.
    """
    with transaction.atomic():
        order = Order.objects.select_for_update().get(pk=order_id)
        if order.status != OrderStatus.NEEDS_REVIEW:
            raise order_status.TransitionRefused(order, OrderStatus.CANCELLED)
        if not may_cancel(order):
            raise MoneyIsIn(order)
        using.release(order, at=at)
        spending.release(order, at=at)
        stock.release(reference=order.reference)
        order_status.transition(
            order, OrderStatus.CANCELLED, at=at, by=by, message="Cancelled after review"
        )
    return order


def put_back(*, order_id: int, reason: str, by: User, at: datetime) -> Order:
    """Let a paid order go on as its money and parcels say, because what was wrong is settled.

    :raises NothingToSettle: if the order is not in review, or was never paid.
    :raises ReasonMissing: if no reason was given.
    """
    said = " ".join(reason.split())[:LONGEST_REASON]
    if not said:
        raise ReasonMissing
    with transaction.atomic():
        order = Order.objects.select_for_update().get(pk=order_id)
        if not may_put_back(order):
            raise NothingToSettle(order)
        message = f"Settled after review: {said}"
        order_status.transition(
            order, _stands_at(order), at=at, by=by, message=message, review_reason=""
        )
    return order


def _stands_at(order: Order) -> OrderStatus:
    if order.refunded_minor == order.paid_minor:
        return OrderStatus.REFUNDED
    if order.fulfilment != Fulfilment.FULFILLED:
        return OrderStatus.PAID
    is_pickup = order.delivery_method_kind == DeliveryMethod.Kind.PICKUP
    is_under_way = not is_pickup and shipments.is_under_way(order)
    return OrderStatus.SHIPPED if is_under_way else OrderStatus.COMPLETED
