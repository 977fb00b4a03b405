"""Pages that are printed: the pick list over many orders, and packing slips."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.generic import TemplateView, View
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from checkout import packing, papers
from checkout.models import Order
from checkout.print_runs import gift_notes_pdf
from checkout.views.order import private
from checkout.views.returning import as_file
from checkout.viewsets.order_list import orders_named


class PaperView(PermissionCheckedMixin, TemplateView):
    """Of the orders named in the address, or else of the whole queue."""

    model = Order
    permission_required = "view"

    def orders(self) -> list[Order]:
        if "id" in self.request.GET:
            return papers.with_items(orders_named(self.request.GET))
        return papers.with_items(packing.queue())


class GiftNoteCardView(PermissionCheckedMixin, View):
    """The card with the words of one order."""

    model = Order
    permission_required = "view"

    def get(self, _request: HttpRequest, pk: int) -> HttpResponse:
        order = get_object_or_404(Order.objects.exclude(gift_note=""), pk=pk)
        name = f"gift-note-{order.number}.pdf"
        return private(as_file(gift_notes_pdf.drawn([order]), "application/pdf", name))


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
