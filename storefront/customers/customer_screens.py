"""Customers in the admin: one field to find them by, and a page of each."""

from typing import Any, Final
from urllib.parse import urlencode

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from accounts.models import User
from storefront.customers import finding, screens
from storefront.customers.facts import customer_page

# Both are shown here, so both are asked for.
PERMISSIONS: Final = ("checkout.view_order", "treatments.view_sessionpass")
CUSTOMERS: Final = "customers"
CUSTOMER: Final = "customer"


class CustomersView(PermissionRequiredMixin, WagtailAdminTemplateMixin, TemplateView):
    """Nobody is listed before something is typed."""

    permission_required = PERMISSIONS
    raise_exception = True
    page_title = "Customers"
    header_icon = "user"
    _show_breadcrumbs = True
    template_name = "storefront/admin/customers.html"

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = self.request.GET.get("q", "")[:200]
        found = finding.find(words)
        return {
            **super().get_context_data(**kwargs),
            "words": words,
            "found": found,
            "is_cut": finding.is_cut(found),
        }


class CustomerView(PermissionRequiredMixin, WagtailAdminTemplateMixin, TemplateView):
    """Passes, orders, notes, gifts, consents and addresses of one customer."""

    model = User
    permission_required = PERMISSIONS
    raise_exception = True
    header_icon = "user"
    _show_breadcrumbs = True
    template_name = "storefront/admin/customer.html"

    def get_page_title(self) -> str:
        return self.customer.get_full_name()

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse(CUSTOMERS), "label": "Customers"},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.customer = get_object_or_404(finding.customers(), pk=kwargs["pk"])
        context = {**super().get_context_data(**kwargs), "customer": customer_page(self.customer)}
        if self.request.user.has_perm(screens.PERMISSION):
            asked = urlencode({"one": self.customer.email})
            context["merge_url"] = f"{reverse(screens.ADDRESS)}?{asked}"
        return context
