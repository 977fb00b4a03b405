"""What waits for staff of the shop, counted on the admin's first page."""

from checkout import disputes
from checkout.models import Order, Return
from checkout.models.order import OrderQuerySet
from checkout.models.returning import ReturnQuerySet
from cms.waiting import WaitingItem


class OrdersToPackItem(WaitingItem):
    order = 10
    icon_name = "list-ul"
    model = Order
    words_for_one, words = "order to pack", "orders to pack"
    url_name, query = "orders:index", "?to_do=PACK"

    def rows(self) -> OrderQuerySet:
        found: OrderQuerySet = Order.objects.to_pack()
        return found


class OrdersInReviewItem(WaitingItem):
    order = 20
    icon_name = "warning"
    model = Order
    words_for_one, words = "order needs review", "orders need review"
    url_name, query = "orders:index", "?to_do=REVIEW"

    def rows(self) -> OrderQuerySet:
        found: OrderQuerySet = Order.objects.needing_review()
        return found


class OrdersDisputedItem(WaitingItem):
    order = 21
    icon_name = "warning"
    model = Order
    words_for_one, words = "disputed order to answer", "disputed orders to answer"
    url_name, query = "orders:index", "?to_do=DISPUTE"

    def rows(self) -> OrderQuerySet:
        return disputes.disputed(Order.objects.all())


class ReturnsWaitingItem(WaitingItem):
    order = 22
    icon_name = "resubmit"
    model = Return
    words_for_one, words = "return waits", "returns wait"
    url_name, query = "returns:index", "?waiting=true"

    def rows(self) -> ReturnQuerySet:
        found: ReturnQuerySet = Return.objects.waiting()
        return found
