"""The clinical inbox: what people reported after a session, for clinical roles alone."""

import datetime as dt
from typing import Any, ClassVar, cast

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.urls import URLPattern, path
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views.generic import IndexView, InspectView
from wagtail.admin.views.generic.history import HistoryView
from wagtail.admin.viewsets.model import ModelViewSet

from accounts.models import User
from accounts.sealing import Unreadable
from cms.verb_view import ButtonView
from treatments import symptom_reports
from treatments.aftercare import day_after
from treatments.models import SymptomReport, SymptomReportStatus
from treatments.spacing import clinic_day
from treatments.symptoms import Advice, Lasting, Strength

ADVICE_WORDS = {
    Advice.REASSURE.name: "usual",
    Advice.CALL_US.name: "to call us",
    Advice.SEEK_CARE.name: "to seek care now",
}


def is_new(row: SymptomReport) -> bool:
    return row.status == SymptomReportStatus.NEW


def advised(row: SymptomReport) -> str:
    """Return what somebody was told to do, read for this list alone."""
    try:
        return ADVICE_WORDS[symptom_reports.told_in(row).advice]
    except Unreadable:
        return "sealed with a lost key"


def is_urgent(row: SymptomReport) -> bool:
    return advised(row) == ADVICE_WORDS[Advice.SEEK_CARE.name]


def who(row: SymptomReport) -> str:
    holder = row.entry.session_pass
    return (holder.owner.name if holder.owner else "") or holder.holder_email


def day_of(row: SymptomReport) -> int:
    return day_after(row.entry.happened_at, on=clinic_day(row.reported_at))


class ReportIndexView(IndexView):
    """The reports, and what each was told to do."""

    default_ordering = ("-reported_at", "-pk")

    def get_base_queryset(self) -> Any:
        rows = super().get_base_queryset()
        return rows.select_related("entry__session_pass__owner", "entry__session_pass__treatment")


class ReportInspectView(InspectView):
    """One report in clear; that it was read is noted."""

    page_title = "Symptom report"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        row = self.object
        try:
            told = symptom_reports.read(row, by=cast(User, self.request.user))
        except Unreadable:
            told = None
        return {
            **context,
            "report": row,
            "told": told,
            "advice": ADVICE_WORDS[told.advice] if told else "",
            "strength": Strength(told.strength).label if told else "",
            "lasting": Lasting(told.lasting).label if told else "",
            "who": who(row),
            "day": day_of(row),
            "forgotten_on": row.reported_at + symptom_reports.KEPT,
            "can_answer": is_new(row) and self.user_has_permission("answer"),
        }


class AnsweredView(ButtonView):
    """Note that a report was answered, by mail or by telephone."""

    model = SymptomReport
    permission_required = "answer"
    refusals = (symptom_reports.AnsweredAlready,)
    done_message = "Noted as answered."

    def act(self, row_id: int, *, by: User, at: dt.datetime) -> None:
        symptom_reports.mark_answered(report_id=row_id, by=by, at=at)


class ReportHistoryView(HistoryView):
    """Who read a report and when; whoever may read one may see it."""

    any_permission_required: ClassVar = ["view"]


class SymptomReportViewSet(ModelViewSet):
    model = SymptomReport
    name = "symptom_reports"
    url_prefix = "symptom-reports"
    icon = "lock"
    menu_label = "Symptom reports"
    # Nothing is ever added by hand, but a viewset asks for the fields of its forms.
    form_fields = ("product",)
    add_to_reference_index = False
    copy_view_enabled = False
    index_view_class = ReportIndexView
    history_view_class = ReportHistoryView
    inspect_view_class = ReportInspectView
    inspect_view_enabled = True
    inspect_view_fields = ("product",)
    inspect_template_name = "treatments/admin/symptom_report_inspect.html"
    list_display = (
        TitleColumn("who", accessor=who, label="Who", url_name="symptom_reports:inspect"),
        Column("entry.session_pass.treatment", label="Treatment"),
        Column("day", accessor=day_of, label="Day"),
        StatusTagColumn("told", accessor=advised, label="Told", primary=is_urgent),
        StatusTagColumn("get_status_display", label="State", primary=is_new),
        Column("batch", label="Batch"),
        DateColumn("reported_at", label="Reported", sort_key="reported_at"),
    )
    list_filter = ("status",)
    search_fields = ("product", "batch")

    def get_urlpatterns(self) -> list[URLPattern]:
        answered = AnsweredView.as_view(index_url_name=self.get_url_name("index"))
        return [
            *super().get_urlpatterns(),
            path("answered/<int:pk>/", answered, name="answered"),
        ]

    def get_permissions_to_register(self) -> QuerySet[Permission]:
        permissions: QuerySet[Permission] = super().get_permissions_to_register()
        return permissions.filter(codename__in=["view_symptomreport", "answer_symptomreport"])
