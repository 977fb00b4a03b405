"""What the shop owes on gift cards, and how it came about: a fold of their events for any day."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import DateField, F, Sum

from checkout.models import GiftCardEvent
from checkout.models import GiftCardEventKind as Kind
from cms.periods import TRUNCATED, span

# What moves the sum that is owed; what is held for an order is still owed.
MOVEMENTS: Final = (Kind.ISSUE, Kind.SPEND, Kind.REFUND, Kind.VOID, Kind.EXPIRE)


@dataclass(frozen=True, slots=True)
class Owed:
    """What was owed before and after some days, in minor units.

    :ivar moved: by how much each kind of event changed it; less than nothing where it fell.
    """

    opening_minor: int
    moved: Mapping[str, int] = field(default_factory=dict)

    @property
    def closing_minor(self) -> int:
        return self.opening_minor + sum(self.moved.values())


@dataclass(frozen=True, slots=True)
class Report:
    """The days as a whole, and each day or month of them on which something moved."""

    total: Owed
    lines: list[tuple[dt.date, Owed]]


def report(*, from_on: dt.date, until_on: dt.date, by: str) -> Report:
    """Fold all events until a day, both days included; two queries.

    :param by: `DAYS` or `MONTHS` of `cms.periods`.
    """
    start, end = span(from_on, until_on)
    events = GiftCardEvent.objects.order_by()
    change = Sum(F("free_minor") + F("held_minor"), default=0)
    opening = int(events.filter(happened_at__lt=start).aggregate(owed=change)["owed"])
    found: Any = (
        events.filter(happened_at__gte=start, happened_at__lt=end, kind__in=MOVEMENTS)
        .annotate(period=TRUNCATED[by]("happened_at", output_field=DateField()))
        .values("period", "kind")
        .annotate(owed=change)
    )
    moved: dict[dt.date, dict[str, int]] = {}
    for row in found:
        moved.setdefault(row["period"], {})[row["kind"]] = row["owed"]
    lines = []
    before = opening
    for period in sorted(moved):
        line = Owed(before, moved[period])
        lines.append((period, line))
        before = line.closing_minor
    kinds: dict[str, int] = {
        kind: sum(line.moved.get(kind, 0) for _, line in lines) for kind in MOVEMENTS
    }
    return Report(Owed(opening, kinds), lines)
