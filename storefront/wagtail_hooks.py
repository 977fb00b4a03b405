"""What the shop as a whole adds to the admin."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.site_summary import SummaryItem
from wagtail.admin.ui.components import Component
from wagtail.admin.widgets.button import Button
from wagtail.permissions import policy_registry, register_permission_policy

from accounts.models import User
from blog.models import ArticlePage
from catalog.permissions import WithoutPolicy
from cms.own_edits import OwnEdit
from storefront.customers import customer_screens, merging, screens
from storefront.jobs_panel import JobsPanel
from storefront.models import MissingAddress
from storefront.publishing import ScheduledPublishingPanel
from storefront.readers.reports import ArticlesReport, UnansweredTermsReport
from storefront.readers.sides_report import MissingSidesReport
from storefront.readers.viewsets import MissingAddressViewSet
from storefront.second_factor import history, resetting
from storefront.second_factor import screens as second_factors
from storefront.staff.viewsets import BULK_ACTIONS, ToldStaffEdit, may_decide_over
from storefront.summary import FailedMailsItem
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


@hooks.register("construct_homepage_panels")
def add_jobs(request: HttpRequest, panels: list[Component]) -> None:  # noqa: ARG001
    """Whether what the worker does by itself is done."""
    panels.append(JobsPanel())


@hooks.register("register_admin_urls")
def register_customers() -> list[URLPattern]:
    """Customers, each with all that is theirs; and two accounts of one person, made one."""
    return [
        path(
            "customers/",
            customer_screens.CustomersView.as_view(),
            name=customer_screens.CUSTOMERS,
        ),
        path(
            "customers/<int:pk>/",
            customer_screens.CustomerView.as_view(),
            name=customer_screens.CUSTOMER,
        ),
        path("customers/merge/", screens.MergeCustomersView.as_view(), name=screens.ADDRESS),
    ]


class CustomersMenuItem(MenuItem):
    """The way there, for those who see both orders and passes."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perms(customer_screens.PERMISSIONS))


@hooks.register("register_admin_menu_item")
def customers() -> MenuItem:
    return CustomersMenuItem(
        "Customers",
        reverse(customer_screens.CUSTOMERS),
        icon_name="user",
        name="customers",
        order=690,
    )


class MergeMenuItem(MenuItem):
    """The way there, for those who may."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(screens.PERMISSION))


@hooks.register("register_admin_menu_item")
def merge_customers() -> MenuItem:
    return MergeMenuItem(
        "Merge customers",
        reverse(screens.ADDRESS),
        icon_name="group",
        name="merge-customers",
        order=700,
    )


@hooks.register("register_log_actions")
def register_merging(actions: Any) -> None:
    """How the history of an account names that another one became part of it."""
    said = "Another account of the same person was made part of it"
    actions.register_action(merging.LOG_ACTION, "Merge", said)


@hooks.register("register_admin_urls")
def register_second_factors() -> list[URLPattern]:
    """Below the screens of accounts, which ask once more who it is."""
    view = second_factors.TakeAwayView.as_view()
    where = "users/second-factor/<int:user_id>/"
    return [path(where, view, name=second_factors.ADDRESS)]


@hooks.register("register_actions")
def tell_edits_of_staff(actions: Any) -> None:
    """Whoever is given or loses a group is seen to in the history."""
    actions.register(User, ToldStaffEdit)


@hooks.register("register_actions")
def keep_counts_of_addresses(actions: Any) -> None:
    """How often an address was asked for is counted on while somebody edits it."""
    actions.register(MissingAddress, OwnEdit)


@hooks.register("register_user_listing_buttons")
def take_second_factor_away(user: User, request_user: User) -> Iterator[Button]:
    """For a lost device; of a superuser by a superuser, and never one's own."""
    if user != request_user and may_decide_over(request_user, user):
        url = reverse(second_factors.ADDRESS, args=[user.pk])
        yield Button("Take second factor away", url, icon_name="lock", priority=80)


@hooks.register("register_account_menu_item")
def own_second_factor(_request: HttpRequest) -> dict[str, str]:
    """The way from the admin to what one shows beside a password."""
    return {
        "url": reverse("mfa_index"),
        "label": "Second factor",
        "help_text": "Authenticator app, passkeys and recovery codes",
    }


@hooks.register("register_log_actions")
def register_second_factor_acts(actions: Any) -> None:
    """How the history of an account names what became of its second factor."""
    said = "Second factor was taken away"
    actions.register_action(resetting.LOG_ACTION, "Take second factor away", said)
    history.register(actions)


for bulk_action in BULK_ACTIONS:
    # After Wagtail's own of the same names, so that these take their place.
    hooks.register("register_bulk_action", bulk_action, order=1)


@hooks.register("construct_homepage_summary_items")
def add_mail_counts(request: HttpRequest, items: list[SummaryItem]) -> None:
    items.append(FailedMailsItem(request))


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
