"""What the shop as a whole adds to the admin."""

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.permissions import policy_registry, register_permission_policy

from blog.models import ArticlePage
from catalog.permissions import WithoutPolicy
from storefront.models import MissingAddress
from storefront.publishing import ScheduledPublishingPanel
from storefront.readers.reports import ArticlesReport, UnansweredTermsReport
from storefront.readers.sides_report import MissingSidesReport
from storefront.readers.viewsets import MissingAddressViewSet
from storefront.viewsets import SynonymViewSet

# Counted by the worker; staff decide where they lead.
register_permission_policy(MissingAddress, WithoutPolicy(MissingAddress, refused={"add", "delete"}))


@hooks.register("register_admin_menu_item")
def register_shop_link() -> MenuItem:
    """A way from the admin to what customers see."""
    return MenuItem("View shop", "/", icon_name="home", name="view-shop", order=20)


@hooks.register("construct_homepage_panels")
def add_scheduled_publishing(request: HttpRequest, panels: list[Component]) -> None:  # noqa: ARG001
    """Whether what is planned goes live by itself."""
    panels.append(ScheduledPublishingPanel())


@hooks.register("register_admin_viewset")
def register_synonyms() -> SynonymViewSet:
    """Words that mean the same in the shop's search."""
    return SynonymViewSet()


@hooks.register("register_admin_viewset")
def register_missing_addresses() -> MissingAddressViewSet:
    """Addresses that readers asked for and that lead nowhere."""
    return MissingAddressViewSet()


@hooks.register("register_admin_urls")
def register_reports() -> list[URLPattern]:
    """Reports for marketers."""
    results = {"results_only": True}
    return [
        path("reports/articles/", ArticlesReport.as_view(), name="articles_report"),
        path(
            "reports/articles/results/",
            ArticlesReport.as_view(**results),
            name="articles_report_results",
        ),
        path(
            "reports/unanswered/", UnansweredTermsReport.as_view(), name="unanswered_terms_report"
        ),
        path(
            "reports/unanswered/results/",
            UnansweredTermsReport.as_view(**results),
            name="unanswered_terms_report_results",
        ),
        path("reports/sides/", MissingSidesReport.as_view(), name="missing_sides_report"),
    ]


class ReportMenuItem(MenuItem):
    """A report for those who may edit articles."""

    def is_shown(self, request: HttpRequest) -> bool:
        policy = policy_registry.get_by_type(ArticlePage)
        return bool(policy.user_has_any_permission(request.user, ["add", "change", "publish"]))


@hooks.register("register_reports_menu_item")
def articles_report() -> MenuItem:
    return ReportMenuItem(
        "Articles", reverse("articles_report"), icon_name="doc-full", name="articles", order=100
    )


@hooks.register("register_reports_menu_item")
def unanswered_terms_report() -> MenuItem:
    return ReportMenuItem(
        "Searches that found nothing",
        reverse("unanswered_terms_report"),
        icon_name="search",
        name="unanswered-terms",
        order=110,
    )


@hooks.register("register_reports_menu_item")
def missing_sides_report() -> MenuItem:
    return ReportMenuItem(
        "Missing sides",
        reverse("missing_sides_report"),
        icon_name="link",
        name="missing-sides",
        order=120,
    )


@hooks.register("insert_global_admin_css")
def branding_styles() -> SafeString:
    """How the shop's name looks in the admin's menu."""
    return format_html('<link rel="stylesheet" href="{}">', static("css/admin/branding.css"))


@hooks.register("insert_global_admin_css")
def list_styles() -> SafeString:
    """How the admin's lists fit on a phone."""
    return format_html('<link rel="stylesheet" href="{}">', static("css/admin/lists.css"))


@hooks.register("insert_global_admin_css")
def chart_styles() -> SafeString:
    """How charts look in the admin."""
    return format_html('<link rel="stylesheet" href="{}">', static("css/admin/charts.css"))
