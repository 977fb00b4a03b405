"""Money owed on gift cards, for those who close the books."""

from collections.abc import Mapping
from typing import ClassVar, Final

from django.conf import settings
from django.utils import dateformat
from django.utils.html import format_html

from checkout.gift_cards import owed
from checkout.gift_cards.owed import MOVEMENTS, Owed
from checkout.models import Order
from cms.days_report import Cell, Chosen, DaysReport, Month, Table, Told
from cms.periods import DAYS, MONTHS
from money.money import Money

HEADINGS: Final = ("Opening", "Issued", "Spent", "Paid back", "Voided", "Expired", "Closing")
NAMES: Final[Mapping[str, str]] = {MONTHS: "Month", DAYS: "Day"}
NOTE: Final = "What orders that are not paid hold is still owed. Quiet days have no line."


class GiftCardsReport(DaysReport):
    """On screen and to take along."""

    model = Order
    permission_required = "report"
    page_title = "Gift cards"
    header_icon = "tag"
    file_name = "gift-cards"
    ways: ClassVar[Mapping[str, str]] = {MONTHS: "a month", DAYS: "a day"}

    def tell(self, chosen: Chosen) -> Told:
        found = owed.report(from_on=chosen.from_on, until_on=chosen.until_on, by=chosen.by)
        rows: list[list[Cell]] = [
            [Month(period) if chosen.by == MONTHS else period, *_cells(line)]
            for period, line in found.lines
        ]
        sentence = format_html(
            "On {}, <strong>{}</strong> were owed on gift cards.",
            dateformat.format(chosen.until_on, "j F Y"),
            _money(found.total.closing_minor),
        )
        name = NAMES[chosen.by]
        return Told(
            sentence,
            [
                Table("All of these days", HEADINGS, [_cells(found.total)]),
                Table(f"{name} by {name.lower()}", (name, *HEADINGS), rows, note=NOTE),
            ],
        )


def _cells(line: Owed) -> list[Cell]:
    moved = (line.moved.get(kind, 0) for kind in MOVEMENTS)
    return [_money(minor) for minor in (line.opening_minor, *moved, line.closing_minor)]


def _money(minor: int) -> Money:
    return Money(minor, settings.SHOP_CURRENCY)
