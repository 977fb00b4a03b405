"""The promises report: what is still owed to holders of passes, and how it came about."""

import csv
import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets import AdminDateInput

from cms.inert_export import inert
from money.money import Money
from treatments import promises
from treatments.models import SessionPass
from treatments.promises import DAYS, MONTHS, MOVEMENTS, Promised
from treatments.spacing import clinic_day

LONGEST = dt.timedelta(days=3660)
HEADINGS = ("Package", "VAT", "Opening", "Sold", "Redeemed", "Refunded", "Expired", "Passed on",
            "Adjusted", "Closing", "Still owed")  # fmt: skip


class DaysForm(forms.Form):
    """Which days, and how they are grouped."""

    from_on = forms.DateField(label="From", widget=AdminDateInput)
    until_on = forms.DateField(label="Until", widget=AdminDateInput)
    by = forms.ChoiceField(
        label="Each line is", choices=[(MONTHS, "a month"), (DAYS, "a day")], required=False
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("from_on"), cleaned.get("until_on")
        if first and last and not first <= last <= first + LONGEST:
            raise forms.ValidationError("The first day comes before the last, ten years at most.")
        return cleaned


class PromisesReport(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """For managers, on screen and to take along."""

    model = SessionPass
    permission_required = "adjust"
    page_title = "Promises"
    header_icon = "tag"
    _show_breadcrumbs = True
    template_name = "treatments/admin/promises.html"

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.form = DaysForm(request.GET if "from_on" in request.GET else _usual_days())
        if request.GET.get("export") == "csv" and self.form.is_valid():
            return _as_csv(self._report().periods, self.form.cleaned_data["by"] or MONTHS)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["form"] = self.form
        context["media"] = self.form.media
        context["headings"] = HEADINGS
        if self.form.is_valid():
            report = self._report()
            chosen = self.form.cleaned_data
            context |= {
                "totals": [_cells(line) for line in report.totals],
                "periods": [(line.period, _cells(line)) for line in report.periods],
                "by_month": chosen["by"] != DAYS,
                "until_on": chosen["until_on"],
                "owed": _money(sum(line.owed_minor for line in report.totals)),
                "sessions": sum(line.closing for line in report.totals),
                "export": {
                    "from_on": chosen["from_on"].isoformat(),
                    "until_on": chosen["until_on"].isoformat(),
                    "by": chosen["by"],
                    "export": "csv",
                },
            }
        return context

    def _report(self) -> promises.Report:
        chosen = self.form.cleaned_data
        return promises.report(
            from_on=chosen["from_on"], until_on=chosen["until_on"], by=chosen["by"] or MONTHS
        )


def _usual_days() -> dict[str, str]:
    """A year of whole months that ends today."""
    today = clinic_day(timezone.now())
    first = (today.replace(day=1) - dt.timedelta(days=330)).replace(day=1)
    return {"from_on": first.isoformat(), "until_on": today.isoformat(), "by": MONTHS}


def _cells(line: Promised) -> list[Any]:
    """Return a line as it is read, in the order of the headings."""
    return [
        line.package.name,
        line.package.vat_percent,
        line.opening,
        *(line.moved[name] for name in MOVEMENTS),
        line.closing,
        _money(line.owed_minor),
    ]


def _as_csv(lines: Iterable[Promised], by: str) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="promises.csv"'
    out = csv.writer(response)
    out.writerow([by.capitalize(), *HEADINGS, "Still owed, smallest units", "Currency"])
    for line in lines:
        cells = [line.period.isoformat(), *_cells(line)]
        cells += [line.owed_minor, settings.SHOP_CURRENCY]
        out.writerow([inert(str(cell)) if isinstance(cell, str) else cell for cell in cells])
    return response


def _money(minor: int) -> str:
    return str(Money(minor, settings.SHOP_CURRENCY))
