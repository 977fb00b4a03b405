"""A report about some days, on screen and in a file alike; rooms say what its lines are."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import dateformat, timezone
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets import AdminDateInput

from cms.charts import BarChart
from cms.periods import DAYS, MONTHS
from cms.sheet_files import CSV, XLSX, sheet_response
from money.money import Money

LONGEST = dt.timedelta(days=3660)


@dataclass(frozen=True, slots=True)
class Month:
    """A month, named by its first day."""

    first: dt.date


Cell = str | int | Money | dt.date | Month


@dataclass(frozen=True, slots=True)
class Table:
    """Lines under headings; a column of money says its currency in a file, not on screen."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What a report says: a sentence, perhaps a chart, and tables; the last one is exported."""

    sentence: str
    tables: Sequence[Table]
    chart: BarChart | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """The days that are asked about, both ends included, and what each line is."""

    from_on: dt.date
    until_on: dt.date
    by: str


class DaysForm(forms.Form):
    """Which days, and how they are grouped."""

    from_on = forms.DateField(label="From", widget=AdminDateInput)
    until_on = forms.DateField(label="Until", widget=AdminDateInput)
    by = forms.ChoiceField(label="Each line is", required=False)

    def __init__(self, *args: Any, ways: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(ways) > 1:
            self.fields["by"].choices = list(ways.items())  # type: ignore[attr-defined]
        else:
            del self.fields["by"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("from_on"), cleaned.get("until_on")
        if first and last and not first <= last <= first + LONGEST:
            raise forms.ValidationError("The first day comes before the last, ten years at most.")
        return cleaned


class DaysReport(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """Asks for days; without an answer, for a year of whole months that ends today.

    :cvar ways: what each line can be, the usual one first.
    :cvar file_name: what an export is called, without its ending.
    """

    template_name = "cms/admin/days_report.html"
    header_icon = "doc-full"
    file_name = "report"
    ways: ClassVar[Mapping[str, str]] = {MONTHS: "a month", DAYS: "a day"}
    _show_breadcrumbs = True

    def tell(self, chosen: Chosen) -> Told:
        """Return what there is to say about these days."""
        raise NotImplementedError

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = request.GET if "from_on" in request.GET else self._usual()
        self.form = DaysForm(asked, ways=self.ways)
        kind = request.GET.get("export")
        if kind in {CSV, XLSX} and self.form.is_valid():
            exported = self.tell(self._chosen()).tables[-1]
            rows = [[_in_file(cell) for cell in row] for row in exported.rows]
            return sheet_response(self.file_name, kind, _headings_in_file(exported), rows)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context |= {"form": self.form, "media": self.form.media}
        if self.form.is_valid():
            told = self.tell(self._chosen())
            context |= {
                "told": told,
                "chart": told.chart,
                "tables": [_shown(table) for table in told.tables],
                "exports": self._exports(),
            }
        return context

    def _chosen(self) -> Chosen:
        answer = self.form.cleaned_data
        by = answer.get("by") or next(iter(self.ways))
        return Chosen(answer["from_on"], answer["until_on"], by)

    def _usual(self) -> dict[str, str]:
        today = timezone.localdate()
        first = (today.replace(day=1) - dt.timedelta(days=330)).replace(day=1)
        return {"from_on": first.isoformat(), "until_on": today.isoformat()}

    def _exports(self) -> list[tuple[str, str]]:
        chosen = self._chosen()
        days = {"from_on": chosen.from_on.isoformat(), "until_on": chosen.until_on.isoformat()}
        return [
            (kind.upper(), "?" + urlencode(days | {"by": chosen.by, "export": kind}))
            for kind in (CSV, XLSX)
        ]


@dataclass(frozen=True, slots=True)
class ShownCell:
    text: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A table as the template prints it."""

    title: str
    note: str
    headings: list[ShownCell]
    rows: list[list[ShownCell]]


def _shown(table: Table) -> ShownTable:
    rows = [[ShownCell(_on_screen(cell), _is_number(cell)) for cell in row] for row in table.rows]
    numbers = [_is_number(cell) for cell in table.rows[0]] if table.rows else []
    numbers = numbers or [False] * len(table.headings)
    headings = [ShownCell(*each) for each in zip(table.headings, numbers, strict=True)]
    return ShownTable(table.title, table.note, headings, rows)


def _is_number(cell: Cell) -> bool:
    return isinstance(cell, int | Money)


def _on_screen(cell: Cell) -> str:
    if isinstance(cell, int):
        return f"{cell:,}"
    if isinstance(cell, Month):
        return dateformat.format(cell.first, "M Y")
    if isinstance(cell, dt.date):
        return dateformat.format(cell, "j M Y")
    return str(cell)


def _in_file(cell: Cell) -> Any:
    if isinstance(cell, Money):
        return cell.decimal()
    if isinstance(cell, Month):
        return f"{cell.first:%Y-%m}"
    return cell.isoformat() if isinstance(cell, dt.date) else cell


def _headings_in_file(table: Table) -> list[str]:
    """Say the currency of amounts in their heading, so that a spreadsheet can add them up."""
    first = table.rows[0] if table.rows else [""] * len(table.headings)
    return [
        f"{heading} ({cell.currency})" if isinstance(cell, Money) else heading
        for heading, cell in zip(table.headings, first, strict=True)
    ]
