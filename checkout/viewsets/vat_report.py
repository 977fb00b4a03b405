"""VAT, for managers and their accountant: what the documents say, by country and rate."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import ClassVar, Final

from django.conf import settings
from django.utils.html import format_html

from checkout.bookkeeping import vat
from checkout.bookkeeping.vat import Entry, Place, Vat
from checkout.countries import country_name
from checkout.models import InvoiceKind, Order
from cms.days_report import Cell, Chosen, DaysReport, Month, Table, Told
from cms.periods import MONTHS
from money.money import Money

PLACES: Final = "place"
DOCUMENTS: Final = "document"
ABROAD: Final = "abroad"
SUMS: Final = ("Invoiced", "Credited", "Gross", "VAT", "Net")
NOTE: Final = (
    "A document counts on the day it was issued. Goods count where they went, sessions where they "
    "are given; a credit note that was taken back no longer takes anything off."
)
NOTE_ABROAD: Final = (
    "What other states tax, for the One Stop Shop. What is credited later than the quarter of its "
    "sale corrects that quarter, on a line of its own."
)


class VatReport(DaysReport):
    """Equals the documents: every figure is a sum of what they say."""

    model = Order
    permission_required = "report"
    page_title = "VAT"
    header_icon = "table"
    file_name = "vat"
    ways: ClassVar[Mapping[str, str]] = {
        PLACES: "a country and rate",
        MONTHS: "a month, country and rate",
        DOCUMENTS: "a document, country and rate",
        ABROAD: "a quarter, country and rate of what is taxed abroad",
    }

    def tell(self, chosen: Chosen) -> Told:
        found = list(vat.entries(from_on=chosen.from_on, until_on=chosen.until_on))
        total = sum((entry.vat for entry in found), Vat())
        count = len({entry.number for entry in found})
        return Told(
            _sentence(count, total),
            [Table("All of these days", SUMS, [_cells(total)]), _table(chosen.by, found)],
        )


def _sentence(count: int, total: Vat) -> str:
    return format_html(
        "<strong>{} document{}</strong> with <strong>{}</strong> of VAT in {}, credit notes taken"
        " off.",
        f"{count:,}",
        "" if count == 1 else "s",
        _money(total.vat_minor),
        _money(total.gross_minor),
    )


def _table(by: str, found: Sequence[Entry]) -> Table:
    if by == DOCUMENTS:
        headings = ("Document", "Issued", "Kind", "Country", "Rate", *SUMS)
        rows: list[list[Cell]] = [
            [
                entry.number,
                entry.issued_on,
                str(InvoiceKind(entry.kind).label),
                *_place(entry.place),
                *_cells(entry.vat),
            ]
            for entry in found
        ]
        return Table("By document", headings, rows, note=NOTE)
    if by == MONTHS:
        rows = [
            [Month(month), *_place(place), *_cells(sums)]
            for (month, place), sums in vat.by_month(found).items()
        ]
        return Table("By month", ("Month", "Country", "Rate", *SUMS), rows, note=NOTE)
    if by == ABROAD:
        rows = [
            [_quarter(owed.declared), _quarter(owed.supplied), *_place(owed.place), *_cells(sums)]
            for owed, sums in vat.owed_abroad(found).items()
        ]
        quarters = ("Declared in", "Sold in", "Country", "Rate", *SUMS)
        return Table("Taxed abroad", quarters, rows, note=NOTE_ABROAD)
    rows = [[*_place(place), *_cells(sums)] for place, sums in vat.by_place(found).items()]
    return Table("By country and rate", ("Country", "Rate", *SUMS), rows, note=NOTE)


def _place(place: Place) -> list[Cell]:
    return [country_name(place.country), f"{place.rate_bp / 100:g} %"]


def _quarter(first: dt.date) -> str:
    return f"{first.year} Q{(first.month + 2) // 3}"


def _cells(sums: Vat) -> list[Cell]:
    """Return amounts as they are read, in the order of the headings."""
    amounts = (sums.invoiced_minor, sums.credited_minor, sums.gross_minor, sums.vat_minor)
    return [*map(_money, amounts), _money(sums.net_minor)]


def _money(minor: int) -> Money:
    return Money(minor, settings.SHOP_CURRENCY)
