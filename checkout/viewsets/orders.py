"""The order desk: a list to find orders in, and one screen with everything about an order."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.urls import URLPattern, path
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn
from wagtail.admin.views.generic import IndexView, InspectView
from wagtail.admin.viewsets.model import ModelViewSet

from checkout.models import Order, OrderStatus
from checkout.order_desk import contents, is_urgent, next_step, workspace
from checkout.order_search import orders_matching
from checkout.viewsets.order_buttons import CancelView, GiveBackView, ResendView, may_resend
from checkout.viewsets.order_filters import OrderFilterSet
from money.money import Money


class OrderStatusColumn(StatusTagColumn):
    """A status tag that stands out where somebody has to act."""

    cell_template_name = "checkout/admin/_status_cell.html"


def total(order: Order) -> Money:
    return Money(order.total_minor, order.currency)


class OrderIndexView(IndexView):
    """The list of orders, searched by whatever names one."""

    def search_queryset(self, queryset: Any) -> Any:
        return orders_matching(queryset, self.search_query) if self.is_searching else queryset


class OrderInspectView(InspectView):
    """One order with everything that belongs to it."""

    page_title = "Order"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        is_open = self.object.status in {OrderStatus.AWAITING_PAYMENT, OrderStatus.NEEDS_REVIEW}
        return {
            **context,
            **workspace(self.object),
            "is_urgent": is_urgent(self.object),
            "can_cancel": is_open and self.user_has_permission("cancel"),
            "can_refund": self.user_has_permission("refund"),
            "can_resend": may_resend(self.request.user),
        }


class OrderViewSet(ModelViewSet):
    """Orders are read here; verbs behind buttons change them."""

    model = Order
    name = "orders"
    icon = "list-ul"
    menu_label = "Orders"
    # Nothing is ever added by hand, but a viewset asks for the fields of its forms.
    form_fields = ("name",)
    add_to_reference_index = False
    copy_view_enabled = False
    index_view_class = OrderIndexView
    inspect_view_class = OrderInspectView
    inspect_view_enabled = True
    inspect_view_fields = ("number",)
    inspect_template_name = "checkout/admin/order_inspect.html"
    filterset_class = OrderFilterSet
    list_per_page = 50
    list_display = (
        "number",
        DateColumn("placed_at", label="Placed", sort_key="placed_at"),
        Column("name", label="Buyer", sort_key="name"),
        OrderStatusColumn(
            "get_status_display", label="Status", sort_key="status", primary=is_urgent
        ),
        Column("contents", label="Contents", accessor=contents),
        Column("total", label="Total", accessor=total, sort_key="total_minor"),
        Column("next_step", label="What to do next", accessor=next_step),
    )
    list_export = (
        "number",
        "placed_at",
        "status",
        "goods_minor",
        "packages_minor",
        "delivery_minor",
        "vat_minor",
        "total_minor",
        "refunded_minor",
        "currency",
        "delivery_country",
    )
    # Names the search field; `orders_matching` does the search.
    search_fields = ("number",)

    def get_urlpatterns(self) -> list[URLPattern]:
        shown = {"inspect_url_name": self.get_url_name("inspect")}
        return [
            *super().get_urlpatterns(),
            path("cancel/<int:pk>/", CancelView.as_view(**shown), name="cancel"),
            path(
                "inspect/<int:pk>/passes/<int:pass_id>/give-back/",
                GiveBackView.as_view(**shown),
                name="give_back",
            ),
            path(
                "inspect/<int:pk>/mails/<int:mail_id>/resend/",
                ResendView.as_view(**shown),
                name="resend",
            ),
        ]

    def get_permissions_to_register(self) -> QuerySet[Permission]:
        permissions: QuerySet[Permission] = super().get_permissions_to_register()
        return permissions.filter(codename__in=["view_order", "cancel_order", "refund_order"])
