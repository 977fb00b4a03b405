"""The promises report: what is still owed to holders of passes, and how it came about."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from django.conf import settings
from django.utils import dateformat
from django.utils.html import format_html

from cms.days_report import Cell, Chosen, DaysReport, Month, Table, Told
from cms.periods import DAYS, MONTHS
from money.money import Money
from treatments import promises
from treatments.models import SessionPass
from treatments.promises import MOVEMENTS, Promised

HEADINGS = ("Package", "VAT", "Opening", "Sold", "Redeemed", "Refunded", "Expired", "Passed on",
            "Adjusted", "Closing", "Still owed")  # fmt: skip
QUIET: Final = "What did not move on a day has no line there; it closes as it did the time before."
# How a line is named by its period, and what the table of the periods is called.
_PERIODS: Final[Mapping[str, tuple[str, str, Callable[[Promised], Cell]]]] = {
    MONTHS: ("Month", "Month by month", lambda line: Month(line.period)),
    DAYS: ("Day", "Day by day", lambda line: line.period),
}


class PromisesReport(DaysReport):
    """For managers, on screen and to take along."""

    model = SessionPass
    permission_required = "adjust"
    page_title = "Promises"
    header_icon = "tag"
    file_name = "promises"

    def tell(self, chosen: Chosen) -> Told:
        report = promises.report(from_on=chosen.from_on, until_on=chosen.until_on, by=chosen.by)
        heading, title, named = _PERIODS[chosen.by]
        return Told(
            _sentence(chosen, report.totals),
            [
                Table("All of these days", HEADINGS, [_cells(line) for line in report.totals]),
                Table(
                    title,
                    (heading, *HEADINGS),
                    [[named(line), *_cells(line)] for line in report.periods],
                    note=QUIET,
                ),
            ],
        )


def _sentence(chosen: Chosen, totals: Iterable[Promised]) -> str:
    lines = list(totals)
    sessions = sum(line.closing for line in lines)
    return format_html(
        "On {}, <strong>{} session{}</strong> were paid for and not used: <strong>{}</strong>"
        " still owed, VAT included.",
        dateformat.format(chosen.until_on, "j F Y"),
        f"{sessions:,}",
        "" if sessions == 1 else "s",
        _money(sum(line.owed_minor for line in lines)),
    )


def _cells(line: Promised) -> list[Cell]:
    """Return a line as it is read, in the order of the headings."""
    return [
        line.package.name,
        line.package.vat_percent,
        line.opening,
        *(line.moved[name] for name in MOVEMENTS),
        line.closing,
        _money(line.owed_minor),
    ]


def _money(minor: int) -> Money:
    return Money(minor, settings.SHOP_CURRENCY)
