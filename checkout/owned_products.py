"""Which products somebody has bought and keeps, those that came in a kit included."""

from accounts.models import User
from checkout.models import Order, OrderLine, OrderLinePart, OrderStatus

_BOUGHT = (OrderStatus.PAID, OrderStatus.SHIPPED, OrderStatus.COMPLETED)


def pages_owned_by(user: User) -> set[int]:
    """Return the ids of the pages of everything that a customer has paid for."""
    orders = Order.objects.visible_to(user).filter(status__in=_BOUGHT)
    named = {"offer__page__isnull": False}
    lines = OrderLine.objects.filter(order__in=orders, parts=None, **named)
    parts = OrderLinePart.objects.filter(line__order__in=orders, **named)
    return {
        page_id
        for rows in (lines, parts)
        for page_id in rows.values_list("offer__page_id", flat=True)
    }
