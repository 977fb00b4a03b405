"""The cash book: what staff took and handed back, for those who close the till."""

import datetime as dt
from collections.abc import Mapping
from typing import ClassVar

from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html

from checkout.models import Order
from checkout.selling import cash_book
from checkout.selling.cash_book import Entry
from cms.days_report import Cell, Chosen, DaysReport, Table, Told
from cms.periods import DAYS
from money.money import Money

HEADINGS = ("Day", "Time", "Order", "How", "Receipt", "Who", "In", "Out")


class CashBook(DaysReport):
    """Today, unless other days are asked for; every line names its receipt."""

    model = Order
    permission_required = "sell"
    page_title = "Cash book"
    header_icon = "table"
    file_name = "cash-book"
    ways: ClassVar[Mapping[str, str]] = {DAYS: "a receipt"}

    def tell(self, chosen: Chosen) -> Told:
        found = cash_book.entries(from_on=chosen.from_on, until_on=chosen.until_on)
        sums: list[list[Cell]] = [
            [str(way.label), _money(taken), _money(back), _money(taken - back)]
            for way, taken, back in cash_book.by_way(found)
        ]
        waiting: list[list[Cell]] = [
            [each.order.number, str(each.payment.get_way_display()), _money(each.amount_minor)]
            for each in cash_book.to_hand_back()
        ]
        tables = [Table("Sums", ("How", "In", "Out", "Stays"), sums)]
        if waiting:
            note = "Decided, and not handed out yet: open the order and write down the receipt."
            tables.append(Table("To hand back", ("Order", "How", "Amount"), waiting, note=note))
        tables.append(Table("Receipts", HEADINGS, [_cells(entry) for entry in found]))
        return Told(_sentence(found), tables)

    def _usual(self) -> dict[str, str]:
        today = timezone.localdate().isoformat()
        return {"from_on": today, "until_on": today}


def _sentence(found: list[Entry]) -> str:
    cash = sum(taken - back for way, taken, back in cash_book.by_way(found) if way == "CASH")
    return format_html(
        "<strong>{}</strong> more in the till at the end of these days than before them,"
        " from {} receipt{} in cash and at the terminal.",
        _money(cash),
        len(found),
        "" if len(found) == 1 else "s",
    )


def _cells(entry: Entry) -> list[Cell]:
    local = timezone.localtime(entry.at)
    taken = Money(max(entry.minor, 0), entry.currency)
    back = Money(max(-entry.minor, 0), entry.currency)
    day: dt.date = local.date()
    return [
        day,
        f"{local:%H:%M}",
        entry.order_number,
        str(entry.way.label),
        entry.reference,
        entry.who,
        taken,
        back,
    ]


def _money(minor: int) -> Money:
    return Money(minor, settings.SHOP_CURRENCY)
