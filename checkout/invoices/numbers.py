"""Numbers of documents: 1, 2, 3 in each series and year, none twice and none left out.

A number is taken by raising one row in the transaction that writes its document. Whoever comes
next waits for that row, and a transaction that is undone takes its number back with it. So it is
the last row that a transaction locks.
"""

from dataclasses import dataclass
from typing import Final

from django.db.models import F

from checkout.models import InvoiceCounter, InvoiceKind

SERIES: Final = {
    InvoiceKind.INVOICE: "INV",
    InvoiceKind.CREDIT_NOTE: "CRN",
    InvoiceKind.CORRECTION: "COR",
}


@dataclass(frozen=True, slots=True)
class Number:
    """One number; `str` writes it as people read it, such as INV-2026-000042."""

    series: str
    year: int
    serial: int

    def __str__(self) -> str:
        return f"{self.series}-{self.year}-{self.serial:06}"


def take(kind: InvoiceKind, *, year: int) -> Number:
    """Take the next number of a series, in the transaction that uses it."""
    series = SERIES[kind]
    counter, _ = InvoiceCounter.objects.get_or_create(series=series, year=year)
    InvoiceCounter.objects.filter(pk=counter.pk).update(last=F("last") + 1)
    counter.refresh_from_db(fields=["last"])
    return Number(series, year, counter.last)
