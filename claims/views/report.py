"""The report of all findings in what is live."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.mixins import SpreadsheetExportMixin

from claims.live_texts import LiveFinding, live_findings
from claims.packs import Severity
from claims.permissions import may_see_report

_TABS: dict[str, tuple[str, Callable[[LiveFinding], bool]]] = {
    "open": ("Blocks", lambda row: row.is_open),
    "allowed": ("Allowed", lambda row: bool(row.allowed_by)),
    "warning": ("Warnings", lambda row: row.found.finding.severity is Severity.WARNING),
    "advice": ("Hints", lambda row: row.found.finding.severity is Severity.ADVICE),
    "all": ("All", lambda _row: True),
}


class ClaimsReportView(SpreadsheetExportMixin, WagtailAdminTemplateMixin, TemplateView):
    """Every sentence of the live shop that breaks a rule; the export holds what is shown."""

    template_name = "claims/admin/report.html"
    page_title = "Claims"
    header_icon = "warning"
    export_filename = "claims"
    list_export = (
        "title", "kind", "subject", "found.label", "found.finding.severity.label",
        "found.finding.sentence", "found.finding.words", "found.finding.rule.key",
        "found.finding.rule.title", "found.finding.rule.source", "found.finding.rule.kinder",
        "allowed_by", "reason",
    )  # fmt: skip
    export_headings: ClassVar[Any] = {
        "title": "Page or row",
        "kind": "Kind",
        "subject": "Reference",
        "found.label": "Where in it",
        "found.finding.severity.label": "Severity",
        "found.finding.sentence": "Sentence",
        "found.finding.words": "Words",
        "found.finding.rule.key": "Rule",
        "found.finding.rule.title": "What is wrong",
        "found.finding.rule.source": "Source",
        "found.finding.rule.kinder": "Kinder",
        "allowed_by": "Allowed by",
        "reason": "Reason",
    }

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if not may_see_report(request.user):
            raise PermissionDenied

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        everything = list(live_findings())
        asked = request.GET.get("show", "")
        shown = asked if asked in _TABS else "open"
        rows = [row for row in everything if _TABS[shown][1](row)]
        if self.is_export:
            export: HttpResponse = self.as_spreadsheet(rows, request.GET["export"])
            return export
        tabs = [
            {"name": name, "label": label, "count": sum(map(wanted, everything))}
            for name, (label, wanted) in _TABS.items()
        ]
        return self.render_to_response(self.get_context_data(rows=rows, shown=shown, tabs=tabs))

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]

    def get_heading(self, queryset: Any, field: str) -> str:  # noqa: ARG002
        return str(self.export_headings[field])
