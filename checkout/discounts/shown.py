"""An order's lines with what discounts took off them, loaded for whoever shows them."""

from django.db.models import QuerySet

from checkout.models import Order, OrderLine


def lines_of(order: Order) -> QuerySet[OrderLine]:
    """Return an order's lines with their parts; one more query where discounts lessened them.

    Show `reductions` only of a line with a `discount_minor`: those of others are not loaded.
    """
    loaded = ("parts", "reductions") if order.discount_names else ("parts",)
    return order.lines.prefetch_related(*loaded)
