"""The VAT on the documents that were issued on some days, by country and rate.

It is read off the documents alone, so that it equals them to the unit: invoices and credit notes
that were taken back add, credit notes take off. Goods and their delivery count in the country that
they went to; sessions, and what is sent nowhere, in the seller's own, where they are given. Gift
cards that are sold do not count: what they pay for does.
"""

import datetime as dt
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils import timezone

from checkout.models import Invoice, InvoiceKind, OrderLine
from cms.periods import span

# So many documents are in memory at a time.
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Vat:
    """Amounts in minor units; credit notes are taken off."""

    invoiced_minor: int = 0
    credited_minor: int = 0
    vat_minor: int = 0

    @property
    def gross_minor(self) -> int:
        return self.invoiced_minor - self.credited_minor

    @property
    def net_minor(self) -> int:
        return self.gross_minor - self.vat_minor

    def __add__(self, other: "Vat") -> "Vat":
        return Vat(
            self.invoiced_minor + other.invoiced_minor,
            self.credited_minor + other.credited_minor,
            self.vat_minor + other.vat_minor,
        )


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where an amount is taxed, and at how many basis points."""

    country: str
    rate_bp: int


@dataclass(frozen=True, slots=True)
class Entry:
    """What one document says of one country and rate.

    :ivar paid_on: when the order was paid whose goods or sessions it is about.
    :ivar is_owed_there: whether the country is another than the seller's and taxes it.
    """

    number: str
    issued_on: dt.date
    paid_on: dt.date
    kind: str
    place: Place
    vat: Vat
    is_owed_there: bool


@dataclass(frozen=True, slots=True, order=True)
class Owed:
    """A line of a return to the One Stop Shop; quarters by their first day.

    :ivar supplied: the quarter that it is about: an earlier one where a credit note corrects it.
    """

    declared: dt.date
    supplied: dt.date
    place: Place


def entries(*, from_on: dt.date, until_on: dt.date) -> Iterator[Entry]:
    """Yield what the documents of some days, both included, say, in the order of their issue."""
    start, end = span(from_on, until_on)
    documents = Invoice.objects.filter(issued_at__gte=start, issued_at__lt=end)
    sessions: dict[int, set[str]] = {}
    lines = OrderLine.objects.filter(sessions__isnull=False, order__invoices__in=documents)
    for order_id, sku in lines.order_by().values_list("order_id", "sku"):
        sessions.setdefault(order_id, set()).add(sku)
    # Plain values: 100,000 models, or a `Content` of each, would take seconds to build.
    facts = documents.order_by("issued_at", "pk").values_list(
        "kind",
        "content",
        "order_id",
        "order__delivery_country",
        "order__vat_country",
        "order__paid_at",
    )
    zone = timezone.get_default_timezone()
    for kind, said, order_id, sent_to, taxed_in, paid_at in facts.iterator(chunk_size=AT_ONCE):
        home = said["seller"]["country"]
        issued_on = dt.date.fromisoformat(said["issued_on"])
        paid_on = paid_at.astimezone(zone).date() if paid_at else issued_on
        at_home = sessions.get(order_id, ())
        for place, vat in _by_place(kind, said, home, sent_to or home, at_home):
            # Sessions that were bought along are had at home.
            is_owed_there = place.country == taxed_in != home
            yield Entry(said["number"], issued_on, paid_on, kind, place, vat, is_owed_there)


def by_place(found: Iterable[Entry]) -> dict[Place, Vat]:
    """Add entries up by country and rate, countries by their code, the lowest rate first."""
    sums: dict[Place, Vat] = {}
    for entry in found:
        sums[entry.place] = sums.get(entry.place, Vat()) + entry.vat
    return {place: sums[place] for place in sorted(sums)}


def owed_abroad(found: Iterable[Entry]) -> dict[Owed, Vat]:
    """Add up what other states tax, as the One Stop Shop asks for it.

    A credit note of a later quarter than its sale corrects that one (Regulation 282/2011,
    article 61), and stands on a line of its own.
    """
    sums: dict[Owed, Vat] = {}
    for entry in found:
        if entry.is_owed_there:
            key = Owed(_quarter(entry.issued_on), _quarter(entry.paid_on), entry.place)
            sums[key] = sums.get(key, Vat()) + entry.vat
    return {key: sums[key] for key in sorted(sums)}


def _quarter(on: dt.date) -> dt.date:
    return dt.date(on.year, on.month - (on.month - 1) % 3, 1)


def by_month(found: Iterable[Entry]) -> dict[tuple[dt.date, Place], Vat]:
    """Add entries up by the first day of their month, then by country and rate."""
    sums: dict[tuple[dt.date, Place], Vat] = {}
    for entry in found:
        key = (entry.issued_on.replace(day=1), entry.place)
        sums[key] = sums.get(key, Vat()) + entry.vat
    return {key: sums[key] for key in sorted(sums)}


def _by_place(
    kind: str, said: Mapping[str, Any], home: str, away: str, at_home: Container[str]
) -> Iterator[tuple[Place, Vat]]:
    """Yield what a document says by country and rate.

    :param at_home: the articles that are had in the seller's own country.
    """
    sums: dict[tuple[str, int], tuple[int, int]] = {}
    parts = [
        (home if line["sku"] in at_home else away, line["rates"])
        for line in said["lines"]
        if not line.get("is_gift_card")
    ]
    for country, rates in (*parts, (away, said["delivery"])):
        for rate in rates:
            key = (country, rate["vat_rate_bp"])
            gross_minor, vat_minor = sums.get(key, (0, 0))
            sums[key] = (gross_minor + rate["gross_minor"], vat_minor + rate["vat_minor"])
    for key in sorted(sums):
        yield _place(*key), _signed(kind, *sums[key])


@cache
def _place(country: str, rate_bp: int) -> Place:
    return Place(country, rate_bp)


def _signed(kind: str, gross_minor: int, vat_minor: int) -> Vat:
    """Take a credit note off, and put one that no longer holds back."""
    if kind == InvoiceKind.INVOICE:
        return Vat(gross_minor, 0, vat_minor)
    if kind == InvoiceKind.CREDIT_NOTE:
        return Vat(0, gross_minor, -vat_minor)
    return Vat(0, -gross_minor, vat_minor)
