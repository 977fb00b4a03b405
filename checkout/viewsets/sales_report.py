"""Sales, for managers: what was sold, paid back and kept, by whatever is asked for."""

from collections.abc import Mapping
from typing import ClassVar, Final

from django.conf import settings
from django.utils.html import format_html

from checkout import sales_report
from checkout.models import Order
from checkout.sales_report import (
    ARTICLES,
    CATEGORIES,
    COUNTRIES,
    DISCOUNTS,
    PAYMENT,
    PRODUCTS,
    Sales,
)
from cms.charts import bar_chart
from cms.days_report import Cell, Chosen, DaysReport, Month, Table, Told
from cms.periods import DAYS, MONTHS
from money.money import Money

HEADINGS: Final = ("Orders", "Pieces", "Sold", "VAT in it", "Paid back", "Kept")
WAYS: Final[Mapping[str, tuple[str, str]]] = {
    DAYS: ("Day", "a day"),
    MONTHS: ("Month", "a month"),
    PRODUCTS: ("Product", "a product or package"),
    CATEGORIES: ("Category", "a category"),
    ARTICLES: ("Article", "the article it came from"),
    COUNTRIES: ("Country", "a country"),
    DISCOUNTS: ("Discount", "discounts"),
    PAYMENT: ("Payment", "the way it was paid"),
}
# More bars than this are no chart any more.
DRAWN: Final = 100


class SalesReport(DaysReport):
    """Reads like the shop's books: everything with VAT, and what went back beside it."""

    model = Order
    permission_required = "report"
    page_title = "Sales"
    header_icon = "table"
    file_name = "sales"
    ways: ClassVar[Mapping[str, str]] = {way: words for way, (_, words) in WAYS.items()}

    def tell(self, chosen: Chosen) -> Told:
        report = sales_report.report(from_on=chosen.from_on, until_on=chosen.until_on, by=chosen.by)
        heading = WAYS[chosen.by][0]
        rows: list[list[Cell]] = [
            [Month(key) if chosen.by == MONTHS else key, *_cells(sales)]  # type: ignore[arg-type]
            for key, sales in report.lines
        ]
        drawn = chosen.by == DAYS and (chosen.until_on - chosen.from_on).days < DRAWN
        by_day = sales_report.by_day(from_on=chosen.from_on, until_on=chosen.until_on)
        return Told(
            _sentence(report.total),
            [
                Table("All of these days", HEADINGS, [_cells(report.total)]),
                *_taken_off(chosen),
                Table(f"By {heading.lower()}", (heading, *HEADINGS), rows, note=_note(chosen.by)),
            ],
            bar_chart("Sold", "Sold", by_day, tell=_told) if drawn else None,
        )


def _sentence(total: Sales) -> str:
    return format_html(
        "<strong>{} order{}</strong> for <strong>{}</strong>, VAT included; {} went back."
        " <strong>{}</strong> is kept.",
        f"{total.orders:,}",
        "" if total.orders == 1 else "s",
        _money(total.gross_minor),
        _money(total.back_minor),
        _money(total.kept_minor),
    )


def _taken_off(chosen: Chosen) -> list[Table]:
    """Say beside the sales by discount what each of them cost."""
    if chosen.by != DISCOUNTS:
        return []
    found = sales_report.taken_off(from_on=chosen.from_on, until_on=chosen.until_on)
    rows: list[list[Cell]] = [[each.name, each.orders, _money(each.amount_minor)] for each in found]
    return [Table("What discounts took off", ("Discount", "Orders", "Taken off"), rows)]


def _note(by: str) -> str:
    return (
        "An order counts on the day it was paid, money back on the day it went."
        if by in {DAYS, MONTHS}
        else "An order of several things counts in each of their lines."
    )


def _cells(sales: Sales) -> list[Cell]:
    """Return a line as it is read, in the order of the headings."""
    amounts = (sales.gross_minor, sales.vat_minor, sales.back_minor, sales.kept_minor)
    return [sales.orders, sales.pieces, *map(_money, amounts)]


def _told(minor: int) -> str:
    return str(_money(minor))


def _money(minor: int) -> Money:
    return Money(minor, settings.SHOP_CURRENCY)
