"""A buyer's orders as their list shows them."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from checkout.models import Order, OrderStatus
from money.money import Money

NAMES_SHOWN: Final = 2

# A buyer reads in fewer words than staff how an order stands.
_STATUS: Final[Mapping[str, str]] = {
    OrderStatus.PAYMENT_PROCESSING: "Waiting for your bank",
    OrderStatus.EXPIRED: "Not paid in time",
    OrderStatus.NEEDS_REVIEW: "We are checking it",
}


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One order in a list."""

    number: str
    url: str
    placed_at: dt.datetime
    status: str
    total: Money
    line_count: int
    names: str


def order_rows(orders: Iterable[Order]) -> list[OrderRow]:
    """Return the rows of orders whose lines have been loaded along."""
    return [_row(order) for order in orders]


def _row(order: Order) -> OrderRow:
    names = [line.name for line in order.lines.all()]
    return OrderRow(
        number=order.number,
        url=reverse("checkout:my_order", args=[order.number]),
        placed_at=order.placed_at,
        status=_STATUS.get(order.status, order.get_status_display()),
        total=Money(order.total_minor, order.currency),
        line_count=len(names),
        names=_some(list(dict.fromkeys(names))),
    )


def _some(names: list[str]) -> str:
    shown = ", ".join(names[:NAMES_SHOWN])
    more = len(names) - NAMES_SHOWN
    return f"{shown} and {more} more" if more > 0 else shown
