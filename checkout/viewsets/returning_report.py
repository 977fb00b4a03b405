"""Returning customers, for managers: who came back how soon, by the month of the first order."""

from collections.abc import Mapping
from typing import ClassVar, Final

from django.conf import settings
from django.utils.html import format_html

from checkout.bookkeeping import returning
from checkout.bookkeeping.returning import WINDOWS, Cohort
from checkout.models import Order
from cms.days_report import Cell, Chosen, DaysReport, Month, Table, Told
from cms.periods import MONTHS
from money.money import Money

HEADINGS: Final = (
    "Customers",
    *(f"Back in {days} days" for days in WINDOWS),
    "Back so far",
    "Orders",
    "Kept",
    "Kept of each",
)
NOTE: Final = (
    "Every order of a customer counts, also after these days. Who has not had the days yet may "
    "still come back in them. Kept is what was paid and did not go back."
)


class ReturningReport(DaysReport):
    """Reads across: of so many who first came in a month, so many came back."""

    model = Order
    permission_required = "report"
    page_title = "Returning customers"
    header_icon = "group"
    file_name = "returning-customers"
    ways: ClassVar[Mapping[str, str]] = {MONTHS: "a month"}

    def tell(self, chosen: Chosen) -> Told:
        found = returning.cohorts(from_on=chosen.from_on, until_on=chosen.until_on)
        total = sum(found.values(), Cohort())
        rows: list[list[Cell]] = [
            [Month(month), *_cells(cohort)] for month, cohort in found.items()
        ]
        return Told(
            _sentence(total),
            [
                Table("All of these months", HEADINGS, [_cells(total)]),
                Table("By the month of the first order", ("First order", *HEADINGS), rows, NOTE),
            ],
        )


def _sentence(total: Cohort) -> str:
    share = 100 * total.ever / total.customers if total.customers else 0
    return format_html(
        "Of <strong>{} customer{}</strong> who first ordered on these days, <strong>{}</strong>"
        " came back so far: {} %.",
        f"{total.customers:,}",
        "" if total.customers == 1 else "s",
        f"{total.ever:,}",
        f"{share:.0f}",
    )


def _cells(cohort: Cohort) -> list[Cell]:
    """Return a line as it is read, in the order of the headings."""
    return [
        cohort.customers,
        *cohort.back,
        cohort.ever,
        cohort.orders,
        Money(cohort.kept_minor, settings.SHOP_CURRENCY),
        Money(cohort.kept_each_minor, settings.SHOP_CURRENCY),
    ]
