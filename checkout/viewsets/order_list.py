"""The list of orders: what to do next, how old, saved views, and an export equal to the screen."""

from collections.abc import Callable
from typing import Any, cast

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import dateformat, timezone
from django.utils.functional import cached_property
from django.utils.timesince import timesince
from wagtail.admin.ui.tables import (
    BulkActionsCheckboxColumn,
    Column,
    StatusTagColumn,
    TitleColumn,
)
from wagtail.admin.views.generic import IndexView
from wagtail.admin.widgets.button import HeaderButton

from accounts.models import User
from checkout import saved_views
from checkout.models import Order
from checkout.order_desk import contents, is_urgent, next_step
from checkout.order_page import sessions_left
from checkout.order_search import orders_matching
from checkout.permissions import may_pack, may_sell
from checkout.viewsets.order_filters import OrderFilterSet
from checkout.whole_numbers import ID, wholes
from cms.capped_lists import CappedPaginator
from cms.inert_export import InertExport
from money.money import Money

# A longer export is made by the worker.
MOST_AT_ONCE_EXPORTED = 5_000


class OrderStatusColumn(StatusTagColumn):
    """A status tag that stands out where somebody has to act."""

    cell_template_name = "checkout/admin/_status_cell.html"


def total(order: Order) -> Money:
    return Money(order.total_minor, order.currency)


def placed(order: Order) -> str:
    """Say on which day, and when, an order was placed."""
    return dateformat.format(timezone.localtime(order.placed_at), "j M Y, H:i")


def age(order: Order) -> str:
    """Say in one word how long ago an order was placed."""
    return timesince(order.placed_at, depth=1)


def fulfilment(order: Order) -> str:
    """Say how much has left; nothing for what has nothing to send."""
    return order.get_fulfilment_display() if order.needs_delivery else ""


def tags(order: Order) -> str:
    return ", ".join(tag.name for tag in order.tags.all())


COLUMNS = (
    Column("placed", label="Placed", accessor=placed, sort_key="placed_at"),
    Column("age", label="Age", accessor=age),
    Column("name", label="Buyer", sort_key="name"),
    OrderStatusColumn("get_status_display", label="Status", sort_key="status", primary=is_urgent),
    Column("fulfilment", label="Sent", accessor=fulfilment, sort_key="fulfilment"),
    Column("contents", label="Contents", accessor=contents),
    Column("total", label="Total", accessor=total, sort_key="total_minor"),
    Column("next_step", label="What to do next", accessor=next_step),
    Column("tags", label="Tags", accessor=tags),
)

# What an export says of an order, in the order of its columns; nothing of its buyer.
EXPORTED: dict[str, Callable[[Order], Any]] = {
    "Number": lambda order: order.number,
    "Placed": lambda order: order.placed_at,
    "Paid": lambda order: order.paid_at,
    "Status": lambda order: order.get_status_display(),
    "Sent": fulfilment,
    "Contents": contents,
    "What to do next": next_step,
    "Goods": lambda order: Money(order.goods_minor, order.currency).decimal(),
    "Packages": lambda order: Money(order.packages_minor, order.currency).decimal(),
    "Delivery": lambda order: Money(order.delivery_minor, order.currency).decimal(),
    "VAT": lambda order: Money(order.vat_minor, order.currency).decimal(),
    "Total": lambda order: Money(order.total_minor, order.currency).decimal(),
    "Refunded": lambda order: Money(order.refunded_minor, order.currency).decimal(),
    "Currency": lambda order: order.currency,
    "Country": lambda order: order.delivery_country,
    "Delivery method": lambda order: order.delivery_method_name,
    "Tags": tags,
}


def ticked(query: QueryDict) -> list[int]:
    """Return the ids of what was ticked in the list; none where all that is listed was."""
    ids = enumerate(query.getlist("id"))
    return list(wholes(dict(ids), digits=ID).values())


def orders_named(query: QueryDict) -> QuerySet[Order]:
    """Return the orders ticked in the list, or all that its filters and search leave."""
    orders = Order.objects.all()
    if ids := ticked(query):
        return orders.filter(pk__in=ids)
    narrowed = OrderFilterSet(query, queryset=orders).qs
    words = query.get("q", "").replace("\0", "")
    return orders_matching(narrowed, words) if words else narrowed


class OrderPaginator(CappedPaginator):
    called = "orders"


class OrderIndexView(InertExport, IndexView):
    """The list of orders, searched by whatever names one."""

    template_name = "checkout/admin/order_index.html"
    paginator_class = OrderPaginator
    exported = EXPORTED
    list_export = tuple(EXPORTED)

    def get_base_queryset(self) -> QuerySet[Order]:
        orders: QuerySet[Order] = super().get_base_queryset()
        ids = ticked(self.request.GET)
        return (orders.filter(pk__in=ids) if ids else orders).prefetch_related("tags")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.GET.get("export") == "csv" and self._is_long():
            query = request.GET.copy()
            query.pop("export")
            address = reverse("orders:print_run")
            return redirect(f"{address}?{query.urlencode()}" if query else address)
        return super().get(request, *args, **kwargs)

    def _is_long(self) -> bool:
        """Tell whether an export would keep somebody waiting; the worker makes long ones."""
        found = orders_named(self.request.GET).order_by()
        return found[: MOST_AT_ONCE_EXPORTED + 1].count() > MOST_AT_ONCE_EXPORTED

    @cached_property
    def columns(self) -> list[Any]:
        title = self._get_title_column_class(TitleColumn)(
            "number",
            label="Number",
            sort_key="number",
            get_url=self.get_inspect_url,
            get_title_id=lambda order: f"order_{order.pk}_title",
        )
        ticks = BulkActionsCheckboxColumn("bulk_actions", obj_type="order")
        held = Column("contents", label="Contents", accessor=self._contents)
        columns = [held if column.name == held.name else column for column in COLUMNS]
        return [ticks, title, *columns]

    def get_table(self, object_list: Any) -> Any:
        self._left = sessions_left(object_list)
        return super().get_table(object_list)

    def _contents(self, order: Order) -> str:
        left = self._left.get(order.pk)
        return f"{contents(order)}: {left}" if left else contents(order)

    def search_queryset(self, queryset: Any) -> Any:
        return orders_matching(queryset, self.search_query) if self.is_searching else queryset

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """Lead those to it who order for customers."""
        if not may_sell(self.request.user):
            return []
        url = reverse("orders:for_whom")
        return [HeaderButton("Order for a customer", url=url, icon_name="plus")]

    def bulk_urls(self) -> dict[str, str]:
        """Return what can be done with many at once by this person."""
        ways = {
            "Print slips": "slips",
            "Pick list": "pick_list",
            "Export CSV": "export_ticked",
            "As a file": "print_run",
        }
        if may_pack(self.request.user):
            ways = {"Mark packed": "pack_many", **ways}
        if self.user_has_permission("note"):
            ways["Tag"] = "tag_many"
        return {label: reverse(f"orders:{name}") for label, name in ways.items()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "bulk_urls": self.bulk_urls(),
            "views": saved_views.links(cast(User, self.request.user), self.request.GET),
            "listed": self.request.GET.urlencode(),
        }
