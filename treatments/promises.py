"""What was promised and paid for, and has not been used: figures of the ledger for any days.

What is still owed on a pass is what was paid for it, times the sessions left, by the sessions sold,
rounded down to a whole minor unit. Each entry changes that by what is owed after it less what was
owed before, so that sums over any days are exact.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    DateField,
    DateTimeField,
    Expression,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Greatest, Least

from cms.periods import MONTHS, TRUNCATED, span
from treatments.models import LedgerEntry, LedgerKind, Treatment

# Which figure an entry of each kind belongs to; the others move no session.
FIGURES: Final[Mapping[str, str]] = {
    LedgerKind.GRANT: "sold",
    LedgerKind.REDEEM: "redeemed",
    LedgerKind.RESTORE: "redeemed",
    LedgerKind.REFUND: "refunded",
    LedgerKind.EXPIRE: "expired",
    LedgerKind.TRANSFER_OUT: "passed_on",
    LedgerKind.TRANSFER_IN: "passed_on",
    LedgerKind.ADJUST: "adjusted",
}
MOVEMENTS: Final = tuple(dict.fromkeys(FIGURES.values()))


@dataclass(frozen=True, slots=True, order=True)
class Package:
    """What passes were sold as, and how the sale was taxed; a rate of -1 is none."""

    name: str
    vat_rate_bp: int

    @property
    def vat_percent(self) -> str:
        return "" if self.vat_rate_bp < 0 else f"{self.vat_rate_bp / 100:g} %"


@dataclass(slots=True)
class Promised:
    """Sessions of one package in one day or month; `opening` and what moved make `closing`."""

    package: Package
    period: dt.date
    opening: int = 0
    owed_before_minor: int = 0
    owed_change_minor: int = 0
    moved: dict[str, int] = field(default_factory=lambda: dict.fromkeys(MOVEMENTS, 0))

    @property
    def closing(self) -> int:
        return self.opening + sum(self.moved.values())

    @property
    def owed_minor(self) -> int:
        """What is still owed at the end, VAT included."""
        return self.owed_before_minor + self.owed_change_minor

    @property
    def is_quiet(self) -> bool:
        return not any(self.moved.values()) and not self.owed_change_minor


@dataclass(frozen=True, slots=True)
class Report:
    """Each package over all the days, and period by period, the oldest first."""

    totals: list[Promised]
    periods: list[Promised]


def report(*, from_on: dt.date, until_on: dt.date, by: str = MONTHS) -> Report:
    """Fold the ledger of some days, both included, in one look at it."""
    opening: dict[Package, Promised] = {}
    moved: dict[tuple[dt.date, Package], Promised] = {}
    names = dict(Treatment.objects.values_list("pk", "name"))
    for row in _sums(from_on, until_on, by):
        package = _package(row, names)
        if row["is_before"]:
            _add(opening.setdefault(package, Promised(package, from_on)), row)
        else:
            key = (row["period"], package)
            _add(moved.setdefault(key, Promised(package, row["period"])), row)
    return _told(opening, moved, from_on=from_on)


def _told(
    opening: Mapping[Package, Promised],
    moved: Mapping[tuple[dt.date, Package], Promised],
    *,
    from_on: dt.date,
) -> Report:
    """Let each period begin with what the one before has left."""
    periods: list[Promised] = []
    totals = {package: _begun(package, from_on, opening.get(package)) for package in opening}
    for (_period, package), line in sorted(moved.items(), key=lambda each: each[0]):
        total = totals.setdefault(package, Promised(package, from_on))
        line.opening, line.owed_before_minor = total.closing, total.owed_minor
        for name, sessions in line.moved.items():
            total.moved[name] += sessions
        total.owed_change_minor += line.owed_change_minor
        periods.append(line)
    everything = sorted(totals.values(), key=lambda each: each.package)
    return Report([each for each in everything if each.opening or not each.is_quiet], periods)


def _begun(package: Package, on: dt.date, before: Promised | None) -> Promised:
    if before is None:
        return Promised(package, on)
    return Promised(package, on, opening=before.closing, owed_before_minor=before.owed_change_minor)


def _add(line: Promised, row: Mapping[str, Any]) -> None:
    line.moved[FIGURES[row["kind"]]] += int(row["change"])
    line.owed_change_minor += int(row["owed"])


def _package(row: Mapping[str, Any], names: Mapping[int, str]) -> Package:
    treatment = names[row["session_pass__treatment"]]
    name = row["session_pass__package_name"] or f"{treatment}, not sold here"
    rate = row["session_pass__vat_rate_bp"]
    return Package(name, -1 if rate is None else rate)


def _sums(from_on: dt.date, until_on: dt.date, by: str) -> Iterable[Mapping[str, Any]]:
    """Sum what entries moved by period and package; what lies before is one period."""
    start, end = span(from_on, until_on)
    # Whatever happened before counts as one moment, so that it makes one group.
    before = Value(start - dt.timedelta(seconds=1), output_field=DateTimeField())
    period = TRUNCATED[by](Greatest("happened_at", before), output_field=DateField())
    is_before = ExpressionWrapper(Q(happened_at__lt=start), output_field=BooleanField())
    entries: QuerySet[LedgerEntry] = LedgerEntry.objects.filter(
        happened_at__lt=end, kind__in=list(FIGURES)
    )
    return (
        entries.order_by()
        .annotate(period=period, is_before=is_before, owed_change=_owed_change())
        .values(
            "period",
            "is_before",
            "kind",
            "session_pass__package_name",
            "session_pass__vat_rate_bp",
            "session_pass__treatment",
        )
        .annotate(change=Sum("sessions"), owed=Sum("owed_change"))
    )


def _owed_change() -> Expression:
    """Return what an entry changes of what is owed on its pass."""
    earlier = LedgerEntry.objects.filter(
        session_pass=OuterRef("session_pass"), pk__lte=OuterRef("pk")
    )
    summed = earlier.order_by().values("session_pass").annotate(left=Sum("sessions"))
    # Entries from before running balances were kept are summed up to.
    after = Coalesce(
        F("balance_after"), Subquery(summed.values("left")), output_field=IntegerField()
    )
    change: Expression = Case(
        When(Q(session_pass__paid_sessions=0), then=Value(0)),
        default=_owed(after) - _owed(after - F("sessions")),
        output_field=BigIntegerField(),
    )
    return change


def _owed(left: Expression) -> Expression:
    """Return what is owed for some sessions of an entry's pass, never more than was paid."""
    sold = Cast(F("session_pass__paid_sessions"), BigIntegerField())
    counted = Least(Cast(left, BigIntegerField()), sold)
    owed: Expression = F("session_pass__paid_minor") * counted / sold
    return owed
