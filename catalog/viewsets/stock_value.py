"""The stock's value on screen and as a file, line by line the same."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.permission_policies import ModelPermissionPolicy

from catalog import stock_value
from catalog.models import Stock
from catalog.stock_value import Worth
from cms.sheet_files import CSV, XLSX, sheet_response

HEADINGS = ("SKU", "Article", "Pieces", "Withheld", "A piece", "Counts at", "Worth")


class StockValueReport(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """As things stand now: the past is not kept."""

    permission_policy = ModelPermissionPolicy(Stock)
    permission_required = "value"
    page_title = "Stock value"
    header_icon = "table"
    template_name = "catalog/admin/stock_value.html"
    _show_breadcrumbs = True

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        kind = request.GET.get("export", "")
        if kind not in {CSV, XLSX}:
            return super().get(request, *args, **kwargs)
        found = stock_value.worths()
        currency = stock_value.total_of(found).currency
        headings = [f"{each} ({currency})" if each in _AMOUNTS else each for each in HEADINGS]
        rows = [_in_file(each) for each in found]
        answer = sheet_response(f"stock-value-{timezone.localdate()}", kind, headings, rows)
        answer["Cache-Control"] = "private, no-store"
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = stock_value.worths()
        return {
            **super().get_context_data(**kwargs),
            "worths": found,
            "total": stock_value.total_of(found),
            "pieces": sum(each.pieces for each in found),
            "headings": HEADINGS,
            "estimated": sum(not each.is_cost for each in found),
        }


_AMOUNTS = {"A piece", "Worth"}


def _in_file(worth: Worth) -> list[Any]:
    return [
        worth.offer.sku,
        worth.name,
        worth.pieces,
        worth.withheld,
        worth.piece.decimal(),
        counts_at(worth),
        worth.total.decimal(),
    ]


def counts_at(worth: Worth) -> str:
    return "cost" if worth.is_cost else "price without VAT"
