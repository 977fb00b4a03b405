"""Registers the claims check's screens, and what the editor's checks panel shows of it."""

from typing import Any

from django.templatetags.static import static
from django.urls import include, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.permissions import register_permission_policy

from claims.models import ClaimOverride
from claims.permissions import WrittenByVerbsPolicy, may_see_report
from claims.viewsets import ClaimsGroup

register_permission_policy(ClaimOverride, WrittenByVerbsPolicy(ClaimOverride))


@hooks.register("register_admin_viewset")
def register_claims() -> ClaimsGroup:
    return ClaimsGroup()


@hooks.register("register_admin_urls")
def register_addresses() -> list[Any]:
    return [path("claims/", include("claims.urls"))]


class ReportMenuItem(MenuItem):
    def is_shown(self, request: Any) -> bool:
        return may_see_report(request.user)


@hooks.register("register_reports_menu_item")
def register_report() -> MenuItem:
    """Every finding of what is live."""
    return ReportMenuItem(
        "Claims", reverse("claims:report"), name="claims", icon_name="warning", order=600
    )


@hooks.register("insert_global_admin_css")
def add_styles() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("css/admin/claims.css"))


@hooks.register("insert_editor_js")
def add_script() -> SafeString:
    return format_html('<script type="module" src="{}"></script>', static("js/claims-draft.js"))
