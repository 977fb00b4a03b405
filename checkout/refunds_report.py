"""What went back on some days, and why: period by period, reason by reason, thing by thing.

A refund counts on the day on which its money had gone; one that failed went nowhere. Whatever the
lines are, they sum to the same amount.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, DateField, F, Max, QuerySet, Sum
from django.db.models.expressions import Combinable

from checkout.models import OrderLine, Refund, RefundLine, RefundStatus
from cms.periods import TRUNCATED, span

REASONS, PRODUCTS = "reason", "product"
DELIVERY: Final = "Delivery"
PAID_TOO_MUCH: Final = "Paid too much: nothing was sold for it"


@dataclass(frozen=True, slots=True)
class Refunds:
    """Refunds, the pieces that they name, those back on the shelf with them, and their money.

    :ivar gross_minor: with VAT, in minor units.
    """

    refunds: int = 0
    pieces: int = 0
    shelved: int = 0
    gross_minor: int = 0
    vat_minor: int = 0

    def __add__(self, other: "Refunds") -> "Refunds":
        return Refunds(
            self.refunds + other.refunds,
            self.pieces + other.pieces,
            self.shelved + other.shelved,
            self.gross_minor + other.gross_minor,
            self.vat_minor + other.vat_minor,
        )


@dataclass(frozen=True, slots=True)
class Report:
    """What went back in all, and by what was asked for: periods in order, else the most first.

    A refund of two things counts in both of their lines, so that only `total` knows how many there
    were.
    """

    total: Refunds
    lines: list[tuple[str | dt.date, Refunds]]


def report(*, from_on: dt.date, until_on: dt.date, by: str) -> Report:
    """Add up the refunds of some days, both included, in a fixed number of queries.

    :param by: `DAYS`, `MONTHS`, `REASONS` or `PRODUCTS`.
    """
    start, end = span(from_on, until_on)
    refunds = Refund.objects.filter(
        status=RefundStatus.SUCCEEDED, finished_at__gte=start, finished_at__lt=end
    ).order_by()
    lines = RefundLine.objects.filter(refund__in=refunds).order_by()
    total = _total(refunds, lines)
    if by in TRUNCATED:
        period = TRUNCATED[by]
        found = _of_whole_refunds(
            refunds,
            lines,
            period("finished_at", output_field=DateField()),
            period("refund__finished_at", output_field=DateField()),
        )
        return Report(total, sorted(found.items()))
    if by == REASONS:
        found = _of_whole_refunds(refunds, lines, F("reason"), F("refund__reason"))
    else:
        found = _by_product(lines, total)
    return Report(total, sorted(found.items(), key=_most_first))


def _most_first(item: tuple[Any, Refunds]) -> tuple[int, str]:
    return -item[1].gross_minor, str(item[0])


def _total(refunds: QuerySet[Refund], lines: QuerySet[RefundLine]) -> Refunds:
    whole = refunds.aggregate(refunds=Count("pk"), gross=Sum("amount_minor"))
    named = lines.aggregate(pieces=Sum("quantity"), shelved=Sum("restocked"), vat=Sum("vat_minor"))
    return _refunds(whole | named)


def _refunds(figures: Mapping[str, Any]) -> Refunds:
    names = ("refunds", "pieces", "shelved", "gross", "vat")
    return Refunds(*(figures.get(name) or 0 for name in names))


def _added(*many: Iterable[Mapping[str, Any]]) -> dict[Any, Refunds]:
    """Add figures up by their `key`, whichever query they come from."""
    found: dict[Any, Refunds] = defaultdict(Refunds)
    for figures in (figures for one in many for figures in one):
        found[figures["key"]] += _refunds(figures)
    return found


def _of_whole_refunds(
    refunds: QuerySet[Refund],
    lines: QuerySet[RefundLine],
    of_refund: Combinable,
    of_line: Combinable,
) -> dict[Any, Refunds]:
    """Sum refunds and what they fall on by a key of the refund."""
    whole = refunds.annotate(key=of_refund).values("key")
    named = lines.annotate(key=of_line).values("key")
    return _added(
        whole.annotate(refunds=Count("pk"), gross=Sum("amount_minor")),
        named.annotate(pieces=Sum("quantity"), shelved=Sum("restocked"), vat=Sum("vat_minor")),
    )


def _by_product(lines: QuerySet[RefundLine], total: Refunds) -> dict[str, Refunds]:
    """Sum what refunds fall on; what they hold beyond that was paid too much."""
    rows = lines.annotate(key=F("line__sku")).values("key")
    found = _added(
        rows.annotate(
            refunds=Count("refund", distinct=True),
            pieces=Sum("quantity"),
            shelved=Sum("restocked"),
            gross=Sum("gross_minor"),
            vat=Sum("vat_minor"),
        )
    )
    sold = OrderLine.objects.filter(sku__in=[key for key in found if key]).order_by()
    names = {
        row["sku"]: ", ".join(filter(None, [row["name"], row["label"], row["sku"]]))
        for row in sold.values("sku").annotate(name=Max("name"), label=Max("label"))
    }
    named = {names.get(key, DELIVERY): refunds for key, refunds in found.items()}
    besides = total.gross_minor - sum(each.gross_minor for each in named.values())
    return named | {PAID_TOO_MUCH: Refunds(gross_minor=besides)} if besides else named
