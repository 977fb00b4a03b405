"""Counts what was sold of late, for the lists in which staff keep the catalogue."""

import datetime as dt

from django.db.models import Q, Sum
from django.db.models.functions import Coalesce

from catalog import sales
from checkout.models import OrderLine, OrderStatus

RECENT = dt.timedelta(days=30)
LONGER = dt.timedelta(days=90)
SOLD = (OrderStatus.PAID, OrderStatus.SHIPPED, OrderStatus.COMPLETED)


def count(*, at: dt.datetime) -> int:
    """Count every offer's sales anew; a kit counts as itself, not as its parts.

    :returns: how many offers were sold at all.
    """
    lines = OrderLine.objects.filter(
        order__status__in=SOLD, order__paid_at__gt=at - LONGER, order__paid_at__lte=at
    )
    rows = (
        lines.order_by()
        .values("offer_id")
        .annotate(
            recent=Coalesce(Sum("quantity", filter=Q(order__paid_at__gt=at - RECENT)), 0),
            longer=Sum("quantity"),
        )
    )
    sold = {row["offer_id"]: (row["recent"], row["longer"]) for row in rows}
    sales.record(sold=sold, at=at)
    return len(sold)
