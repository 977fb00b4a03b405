"""What staff decided against the rule: sessions sooner, balances put right, days added."""

from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.permissions import policy_registry
from django_filters import ChoiceFilter, DateFromToRangeFilter

from cms.inert_export import InertExport
from treatments.models import LedgerEntry, LedgerKind, SessionPass
from treatments.viewsets.notes import words_beside

OVERRIDE = "OVERRIDE"
DECIDED = (LedgerKind.ADJUST, LedgerKind.EXTEND, LedgerKind.PROTOCOL)
WHAT = [
    (OVERRIDE, "Sooner than the protocol allows"),
    (LedgerKind.ADJUST.value, "Balance put right"),
    (LedgerKind.EXTEND.value, "Extended"),
    (LedgerKind.PROTOCOL.value, "Moved to another protocol"),
]


class OverrideFilterSet(WagtailFilterSet):
    what = ChoiceFilter(label="What", choices=WHAT, method="filter_what")
    happened_at = DateFromToRangeFilter(label="When")

    class Meta:
        model = LedgerEntry
        fields: ClassVar = ["what", "happened_at"]

    def filter_what(
        self, entries: QuerySet[LedgerEntry], _name: str, value: str
    ) -> QuerySet[LedgerEntry]:
        return entries.filter(is_override=True) if value == OVERRIDE else entries.filter(kind=value)


def what_of(entry: LedgerEntry) -> str:
    """Say what was decided."""
    if entry.is_override:
        return "Sooner than the protocol allows"
    if entry.kind == LedgerKind.EXTEND:
        return f"Extended by {entry.days} day{'' if entry.days == 1 else 's'}"
    return dict(WHAT)[entry.kind]


class OverridesReport(InertExport, ReportView):
    """For clinicians and managers; the reasons are read here and never taken along."""

    any_permission_required: ClassVar = ["override", "adjust"]
    page_title = "Overrides and adjustments"
    header_icon = "warning"
    is_searchable = False
    filterset_class = OverrideFilterSet
    index_url_name = "overrides_report"
    index_results_url_name = "overrides_report_results"
    default_ordering = "-happened_at"
    columns: ClassVar = [
        TitleColumn(
            "session_pass",
            label="Pass",
            get_url=lambda entry: reverse("sessionpass:inspect", args=[entry.session_pass_id]),
        ),
        Column("what", label="What", accessor=what_of),
        NumberColumn("sessions", label="Sessions"),
        Column("why", label="Why", accessor=words_beside),
        Column("actor", label="Who"),
        DateColumn("happened_at", label="When", sort_key="happened_at"),
    ]
    export_headings: ClassVar = {
        "pass": "Pass",
        "treatment": "Treatment",
        "what": "What",
        "sessions": "Sessions",
        "days": "Days",
        "who": "Who",
        "when": "When",
    }
    list_export: ClassVar = list(export_headings)
    exported: ClassVar = {
        "pass": lambda entry: str(entry.session_pass),
        "treatment": lambda entry: entry.session_pass.treatment.name,
        "what": what_of,
        "sessions": lambda entry: entry.sessions,
        "days": lambda entry: entry.days,
        "who": lambda entry: str(entry.actor or "the shop"),
        "when": lambda entry: timezone.localtime(entry.happened_at).strftime("%Y-%m-%d %H:%M"),
    }

    @cached_property
    def permission_policy(self) -> Any:
        return policy_registry.get_by_type(SessionPass)

    def get_base_queryset(self) -> QuerySet[LedgerEntry]:
        decided = LedgerEntry.objects.filter(Q(is_override=True) | Q(kind__in=DECIDED))
        return decided.select_related("session_pass__treatment", "actor", "note")
