"""Which treatments, packages, kits and articles do not lead to one another yet."""

from typing import Any, ClassVar

from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import TemplateView
from wagtail.admin.ui.tables import Column, Table, TitleColumn
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.permissions import policy_registry

from blog.models import ArticlePage
from storefront import triangle


class MissingSidesReport(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """Names every missing side, with the way to the page's editor."""

    any_permission_required: ClassVar = ["add", "change", "publish"]
    page_title = "Missing sides"
    header_icon = "link"
    template_name = "storefront/admin/missing_sides.html"
    columns: ClassVar = [
        TitleColumn(
            "page",
            label="Page",
            accessor="page.title",
            get_url=lambda row: reverse("wagtailadmin_pages:edit", args=[row.page.pk]),
        ),
        Column("kind", label="Kind"),
        Column("lacks", label="Lacks"),
    ]

    @cached_property
    def permission_policy(self) -> Any:
        return policy_registry.get_by_type(ArticlePage)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add ``table``, and ``unexplained``: packages without a reviewed article."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["table"] = Table(self.columns, triangle.missing_sides())
        context["unexplained"] = triangle.packages_without_reviewed_article()
        return context
