"""Who may see and act on batches, deliveries and counts: whoever may see and change stock."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.permissions import policy_registry

from catalog.models import Stock


class AskedAsStock:
    """Asks for a right on stock, whatever row the screen is about."""

    @cached_property
    def permission_policy(self) -> Any:
        return policy_registry.get_by_type(Stock)


class StockScreen(AskedAsStock, PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """A screen of those who look after the stock.

    :cvar above: the list that the way back leads to, as the name of its address and its words.
    """

    model = Stock
    permission_required = "change"
    header_icon = "clipboard-list"
    above: Sequence[str] = ("stock:index", "Stock")
    _show_breadcrumbs = True

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        name, words = self.above
        here = {"url": "", "label": self.get_page_title()}
        return [*self.breadcrumbs_items, {"url": reverse(name), "label": words}, here]
