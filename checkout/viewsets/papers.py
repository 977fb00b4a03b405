"""Pages that are printed: the pick list over many orders, and packing slips."""

from typing import Any

from django.views.generic import TemplateView
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from checkout import packing, papers
from checkout.models import Order
from checkout.viewsets.order_list import orders_named


class PaperView(PermissionCheckedMixin, TemplateView):
    """Of the orders named in the address, or else of the whole queue."""

    model = Order
    permission_required = "view"

    def orders(self) -> list[Order]:
        if "id" in self.request.GET:
            return papers.with_items(orders_named(self.request.GET))
        return papers.with_items(packing.queue())


class PickListView(PaperView):
    template_name = "checkout/admin/pick_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        orders = self.orders()
        rows = papers.pick_list(orders)
        return {**super().get_context_data(**kwargs), "rows": rows, "order_count": len(orders)}


class SlipsView(PaperView):
    template_name = "checkout/admin/packing_slips.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "slips": papers.slips(self.orders())}
