"""What the clinic adds to the admin."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.permissions import register_permission_policy

from outbox.permissions import ReadOnlyPolicy
from treatments.models import (
    Appointment,
    ConsultationRequest,
    Gift,
    Protocol,
    Questionnaire,
    SessionPass,
    SymptomReport,
)
from treatments.permissions import AppendedPolicy, UndeletedPolicy
from treatments.summary import (
    AppointmentsItem,
    ConsultationsItem,
    EndingPassesItem,
    SymptomReportsItem,
)
from treatments.viewsets import ClinicGroup, appointment_acts
from treatments.viewsets.desk import DESK, may
from treatments.viewsets.overrides_report import OverridesReport
from treatments.viewsets.pass_acts import ACTS
from treatments.viewsets.promises_report import PromisesReport

register_permission_policy(SessionPass, ReadOnlyPolicy(SessionPass))
register_permission_policy(Appointment, ReadOnlyPolicy(Appointment))
# Whoever may see, redeem or adjust passes may see, mail again or call off what is given of them.
register_permission_policy(Gift, ReadOnlyPolicy(Gift, auth_model=SessionPass))
register_permission_policy(SymptomReport, ReadOnlyPolicy(SymptomReport))
# Passes rest on the version they were sold with.
register_permission_policy(Protocol, AppendedPolicy(Protocol))
register_permission_policy(ConsultationRequest, ReadOnlyPolicy(ConsultationRequest))
# What was published of it goes on being asked.
register_permission_policy(Questionnaire, UndeletedPolicy(Questionnaire))


@hooks.register("construct_homepage_summary_items")
def add_what_waits(request: HttpRequest, items: list[Any]) -> None:
    items.extend(
        [
            SymptomReportsItem(request),
            ConsultationsItem(request),
            AppointmentsItem(request),
            EndingPassesItem(request),
        ]
    )


@hooks.register("register_admin_viewset")
def register_clinic() -> ClinicGroup:
    return ClinicGroup()


class DeskMenuItem(MenuItem):
    """The way to the desk, for those who redeem."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may(request.user, "redeem")


@hooks.register("register_admin_menu_item")
def register_desk() -> DeskMenuItem:
    return DeskMenuItem("Desk", reverse(DESK), icon_name="tag", name="desk", order=30)


@hooks.register("register_log_actions")
def register_acts(actions: Any) -> None:
    """How the history of a pass names what was done with it; why stands in its ledger."""
    actions.register_action("treatments.redeem", "Redeem", "A session was redeemed at the desk")
    for _name, view in ACTS:
        actions.register_action(view.log_action, view.page_title, view.log_message)
    for _name, answer in appointment_acts.ACTS:
        said = answer.done_message.partition(".")[0]
        actions.register_action(answer.log_action, answer.page_title, said)


@hooks.register("register_admin_urls")
def register_reports() -> list[URLPattern]:
    """Reports on passes."""
    results = OverridesReport.as_view(results_only=True)
    return [
        path("reports/promises/", PromisesReport.as_view(), name="promises_report"),
        path("reports/overrides/", OverridesReport.as_view(), name="overrides_report"),
        path("reports/overrides/results/", results, name="overrides_report_results"),
    ]


class PassReportMenuItem(MenuItem):
    """A report for those who may do one of some things with passes."""

    def __init__(self, *args: Any, actions: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actions = actions

    def is_shown(self, request: HttpRequest) -> bool:
        return any(may(request.user, action) for action in self.actions)


@hooks.register("register_reports_menu_item")
def promises_report() -> MenuItem:
    return PassReportMenuItem(
        "Promises",
        reverse("promises_report"),
        icon_name="tag",
        name="promises",
        order=130,
        actions=("adjust",),
    )


@hooks.register("register_reports_menu_item")
def overrides_report() -> MenuItem:
    return PassReportMenuItem(
        "Overrides and adjustments",
        reverse("overrides_report"),
        icon_name="warning",
        name="overrides",
        order=140,
        actions=("override", "adjust"),
    )


@hooks.register("register_log_actions")
def register_clinical_actions(actions: Any) -> None:
    """How histories name what was done with questions, consultations, gifts and reports."""
    for name, label, message in (
        ("questionnaire.publish", "Publish", "The questions were put before customers"),
        ("consultation.read", "Read", "The consultation was read"),
        ("consultation.answer", "Answer", "The consultation was answered"),
        ("gift.resend", "Send again", "The mail of a gift was sent again"),
        ("gift.cancel", "Call off", "A gift was called off"),
        ("symptom_report.read", "Read", "The report was read"),
        ("symptom_report.answer", "Answer", "The report was noted as answered"),
    ):
        actions.register_action(f"treatments.{name}", label, message)
