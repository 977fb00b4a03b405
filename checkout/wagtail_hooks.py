"""What the shop adds to the admin."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from wagtail import hooks
from wagtail.admin.search import SearchArea
from wagtail.permissions import register_permission_policy

from checkout.models import Order, ReconciliationRun, StripeEvent
from checkout.permissions import ReadOnlyPolicy, may_see_orders
from checkout.summary import OrdersInReviewItem, OrdersToPackItem
from checkout.viewsets import ShopGroup

for model in (Order, StripeEvent, ReconciliationRun):
    register_permission_policy(model, ReadOnlyPolicy(model))


class OrderSearchArea(SearchArea):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_see_orders(request.user)


@hooks.register("register_admin_viewset")
def register_shop() -> ShopGroup:
    return ShopGroup()


@hooks.register("register_admin_search_area")
def register_order_search() -> OrderSearchArea:
    return OrderSearchArea(
        "Orders", reverse("orders:index"), name="orders", icon_name="list-ul", order=50
    )


@hooks.register("construct_homepage_summary_items")
def add_order_counts(request: HttpRequest, items: list[Any]) -> None:
    items.extend([OrdersToPackItem(request), OrdersInReviewItem(request)])
