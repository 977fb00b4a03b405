"""Ask for a file over many orders: which one, of how many, then the worker makes it."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.log_actions import log

from accounts.models import User
from checkout.models import Order
from checkout.print_runs.kinds import KINDS
from checkout.viewsets.order_list import orders_named
from cms.downloads import making
from cms.downloads.kinds import kind_called, register

# Of more, nobody needs to know before the file is made.
MOST_COUNTED = 10_000


def register_kinds() -> None:
    """Let these files be asked for."""
    for kind in KINDS:
        register(kind)


class PrintRunView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """What was ticked, or all that is listed, as one file."""

    model = Order
    permission_required = "view"
    page_title = "As a file"
    header_icon = "download"
    template_name = "checkout/admin/print_run.html"
    _show_breadcrumbs = True

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        orders = {"url": reverse("orders:index"), "label": "Orders"}
        return [*self.breadcrumbs_items, orders, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        count = orders_named(self.request.GET).order_by()[: MOST_COUNTED + 1].count()
        return {
            **super().get_context_data(**kwargs),
            "kinds": KINDS,
            "count": min(count, MOST_COUNTED),
            "is_more": count > MOST_COUNTED,
        }

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponseBase:
        query = request.GET.copy()
        for name in ("next", "p", "export"):
            query.pop(name, None)
        by = cast(User, request.user)
        try:
            found = making.ask(
                kind_name=request.POST.get("kind", ""),
                asked=query.urlencode(),
                by=by,
                at=timezone.now(),
            )
        except making.DownloadRefused as refusal:
            messages.error(request, str(refusal))
            return self.render_to_response(self.get_context_data())
        kind = kind_called(found.kind)
        log(instance=found, action="cms.ask_for_file", user=by, title=kind.title if kind else "")
        return redirect("downloads")
