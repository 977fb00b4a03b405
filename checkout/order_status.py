"""The life of an order as a table, and the one function that moves an order along it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from accounts.models import User
from checkout.models import Order, OrderEvent, OrderStatus

S = OrderStatus

NEXT: Mapping[OrderStatus, frozenset[OrderStatus]] = {
    S.AWAITING_PAYMENT: frozenset(
        {S.PAYMENT_PROCESSING, S.PAID, S.CANCELLED, S.EXPIRED, S.NEEDS_REVIEW}
    ),
    S.PAYMENT_PROCESSING: frozenset({S.PAID, S.CANCELLED, S.NEEDS_REVIEW}),
    # Money can arrive after the shop has given up waiting: the goods are reserved again, or
    # the money goes back. What had been taken before can go back too.
    S.CANCELLED: frozenset({S.PAID, S.REFUNDING, S.REFUNDED, S.NEEDS_REVIEW}),
    S.EXPIRED: frozenset({S.PAID, S.REFUNDING, S.REFUNDED, S.NEEDS_REVIEW}),
    S.PAID: frozenset({S.SHIPPED, S.COMPLETED, S.REFUNDED, S.NEEDS_REVIEW}),
    S.SHIPPED: frozenset({S.COMPLETED, S.REFUNDED, S.NEEDS_REVIEW}),
    S.COMPLETED: frozenset({S.REFUNDED, S.NEEDS_REVIEW}),
    S.REFUNDING: frozenset({S.REFUNDED, S.NEEDS_REVIEW}),
    S.REFUNDED: frozenset({S.NEEDS_REVIEW}),
    # A person looked, and it goes on as its money and parcels say.
    S.NEEDS_REVIEW: frozenset(
        {S.PAID, S.SHIPPED, S.COMPLETED, S.CANCELLED, S.REFUNDING, S.REFUNDED}
    ),
}

_EVENT_MESSAGES: Mapping[OrderStatus, str] = {
    S.PAYMENT_PROCESSING: "The buyer's bank is confirming the payment",
    S.PAID: "Paid",
    S.CANCELLED: "Cancelled",
    S.EXPIRED: "Not paid in time; what was reserved is free again",
    S.REFUNDING: "The payment goes back to the buyer",
    S.REFUNDED: "Refunded in full",
    S.NEEDS_REVIEW: "Set aside for a person to look at",
    S.SHIPPED: "Shipped",
    S.COMPLETED: "Completed",
}


class TransitionRefused(Exception):
    """The order's status does not lead where it was asked to go."""

    def __init__(self, order: Order, to: OrderStatus) -> None:
        self.order, self.to = order, to
        super().__init__(
            f"Order {order.number} is {order.get_status_display().lower()}"
            f" and cannot become {to.label.lower()}."
        )


def transition(
    order: Order,
    to: OrderStatus,
    *,
    at: datetime,
    by: User | None = None,
    message: str = "",
    **changes: Any,
) -> None:
    """Move an order to a status, whatever else the same moment changes, and note it.

    The database decides: of two that try, one moves the order and the other is refused.

    :param changes: further fields of the order, written in the same statement.
    :raises TransitionRefused: if the status it has now does not lead to `to`; nothing changes.
    """
    sources = [source for source, targets in NEXT.items() if to in targets]
    moved = Order.objects.filter(pk=order.pk, status__in=sources).update(status=to, **changes)
    if not moved:
        order.refresh_from_db(fields=["status"])
        raise TransitionRefused(order, to)
    order.status = to
    for name, value in changes.items():
        setattr(order, name, value)
    record(order, kind=to, message=message or _EVENT_MESSAGES[to], at=at, by=by)


def record(
    order: Order,
    *,
    kind: str,
    message: str,
    at: datetime,
    by: User | None = None,
    details: Mapping[str, Any] | None = None,
) -> OrderEvent:
    """Add one entry to an order's timeline."""
    return OrderEvent.objects.create(
        order=order,
        kind=kind,
        message=message[:400],
        details=dict(details or {}),
        actor=by,
        happened_at=at,
    )
