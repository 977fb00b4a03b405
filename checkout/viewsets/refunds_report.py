"""Refunds, for managers: what went back and why, by whatever is asked for."""

from collections.abc import Mapping
from typing import ClassVar, Final

from django.conf import settings
from django.utils.html import format_html

from checkout import refunds_report
from checkout.models import Order
from checkout.refunds_report import PRODUCTS, REASONS, Refunds
from cms.days_report import Cell, Chosen, DaysReport, Month, Table, Told
from cms.periods import DAYS, MONTHS
from money.money import Money

HEADINGS: Final = ("Refunds", "Pieces", "Back on the shelf", "Paid back", "VAT in it")
WAYS: Final[Mapping[str, tuple[str, str]]] = {
    REASONS: ("Reason", "a reason"),
    PRODUCTS: ("Product", "a product or package"),
    DAYS: ("Day", "a day"),
    MONTHS: ("Month", "a month"),
}


class RefundsReport(DaysReport):
    """Why money goes back, and for what."""

    model = Order
    permission_required = "report"
    page_title = "Refunds"
    header_icon = "resubmit"
    file_name = "refunds"
    ways: ClassVar[Mapping[str, str]] = {way: words for way, (_, words) in WAYS.items()}

    def tell(self, chosen: Chosen) -> Told:
        report = refunds_report.report(
            from_on=chosen.from_on, until_on=chosen.until_on, by=chosen.by
        )
        heading = WAYS[chosen.by][0]
        rows: list[list[Cell]] = [
            [Month(key) if chosen.by == MONTHS else key, *_cells(refunds)]  # type: ignore[arg-type]
            for key, refunds in report.lines
        ]
        note = (
            "A refund of several things counts in each of their lines."
            if chosen.by == PRODUCTS
            else "A refund counts on the day its money had gone."
        )
        return Told(
            _sentence(report.total),
            [
                Table("All of these days", HEADINGS, [_cells(report.total)]),
                Table(f"By {heading.lower()}", (heading, *HEADINGS), rows, note=note),
            ],
        )


def _sentence(total: Refunds) -> str:
    return format_html(
        "<strong>{} refund{}</strong> of <strong>{}</strong>, VAT included.",
        f"{total.refunds:,}",
        "" if total.refunds == 1 else "s",
        _money(total.gross_minor),
    )


def _cells(refunds: Refunds) -> list[Cell]:
    """Return a line as it is read, in the order of the headings."""
    amounts = (refunds.gross_minor, refunds.vat_minor)
    return [refunds.refunds, refunds.pieces, refunds.shelved, *map(_money, amounts)]


def _money(minor: int) -> Money:
    return Money(minor, settings.SHOP_CURRENCY)
