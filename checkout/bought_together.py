"""Counts which pages' goods are bought in the same orders, for the pages to show side by side."""

import datetime as dt

from django.db.models import Count, F, Q

from catalog import together
from checkout.models import OrderLine
from checkout.sales_counts import SOLD

LOOK_BACK = dt.timedelta(days=365)
# Two orders may be chance; and what a single buyer bought stays between them and us.
FEWEST_ORDERS = 3


def count(*, at: dt.datetime) -> int:
    """Count anew what the paid orders of the last year held together.

    :returns: how many pairs of pages are shown side by side.
    """
    lines = OrderLine.objects.filter(
        order__status__in=SOLD,
        order__paid_at__gt=at - LOOK_BACK,
        order__paid_at__lte=at,
        offer__page__isnull=False,
    )
    pairs = (
        lines.order_by()
        .annotate(other=F("order__lines__offer__page_id"))
        .filter(~Q(other=F("offer__page_id")), other__isnull=False)
        .values_list("offer__page_id", "other")
        .annotate(orders=Count("order_id", distinct=True))
        .filter(orders__gte=FEWEST_ORDERS)
    )
    return together.record(orders={(page, other): orders for page, other, orders in pairs})
