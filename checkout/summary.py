"""What waits for staff, counted on the admin's first page."""

from typing import Any

from django.urls import reverse
from wagtail.admin.site_summary import SummaryItem

from checkout.models import Order
from checkout.models.order import OrderQuerySet
from checkout.permissions import may_see_orders


class OrderCountItem(SummaryItem):
    """So many orders of one sort, with a link to them."""

    template_name = "checkout/admin/order_summary_item.html"
    icon_name = ""
    words_for_one = ""
    words = ""
    query = ""

    def is_shown(self) -> bool:
        return may_see_orders(self.request.user)

    def count(self) -> int:
        """Return how many there are."""
        return self.orders().count()

    def orders(self) -> OrderQuerySet:
        """Return the orders that are counted."""
        raise NotImplementedError

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:  # noqa: ARG002
        count = self.count()
        return {
            "count": count,
            "words": self.words_for_one if count == 1 else self.words,
            "icon_name": self.icon_name,
            "url": f"{reverse('orders:index')}?{self.query}",
        }


class OrdersToPackItem(OrderCountItem):
    order = 10
    icon_name = "list-ul"
    words_for_one = words = "to pack"
    query = "to_do=PACK"

    def orders(self) -> OrderQuerySet:
        found: OrderQuerySet = Order.objects.to_pack()
        return found


class OrdersInReviewItem(OrderCountItem):
    order = 20
    icon_name = "warning"
    words_for_one = "needs review"
    words = "need review"
    query = "to_do=REVIEW"

    def orders(self) -> OrderQuerySet:
        found: OrderQuerySet = Order.objects.needing_review()
        return found
