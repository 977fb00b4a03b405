"""On which days goods arrive: reckoned from days and hours alone, without a database or a clock.

An order that comes before the cut-off of a packing day belongs to that day, a later one to the
next. It leaves after so many further packing days, and travels for so many days on which its
carrier delivers. The cut-off is a time of the shop's zone, in winter and in summer.
"""

import datetime as dt
from collections.abc import Callable, Set
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils import dateformat

# Beyond this nobody is promised anything; it also ends the search where no day is ever worked on.
_HORIZON_DAYS = 366


@dataclass(frozen=True, slots=True)
class Rules:
    """How one way of delivery works; weekdays are ISO numbers in a string, "12345"."""

    is_pickup: bool
    cut_off: dt.time
    handling_days: int
    min_days: int
    max_days: int
    leaves_on: str
    arrives_on: str


@dataclass(frozen=True, slots=True)
class Closed:
    """Holidays: of the shop, and of the country that the goods go to."""

    here: frozenset[dt.date] = frozenset()
    there: frozenset[dt.date] = frozenset()


@dataclass(frozen=True, slots=True)
class Arrival:
    """The days on which goods arrive, and until when an order makes it.

    :ivar order_by: the moment from which another promise holds; none while goods are awaited.
    """

    first: dt.date
    last: dt.date
    order_by: dt.datetime | None
    is_pickup: bool

    @property
    def text(self) -> str:
        """The days alone: “Thu 26 – Fri 27 Nov”, or “ready from Thu 26 Nov”."""
        if self.is_pickup:
            return f"ready from {_day(self.first)}"
        if self.first == self.last:
            return _day(self.first)
        is_same_month = (self.first.year, self.first.month) == (self.last.year, self.last.month)
        first = dateformat.format(self.first, "D j") if is_same_month else _day(self.first)
        return f"{first} – {_day(self.last)}"

    def condition(self, at: dt.datetime, *, zone: ZoneInfo) -> str:
        """Say until when one must order, “if you order by 14:00”; nothing for what is awaited."""
        if self.order_by is None:
            return ""
        end, today = self.order_by.astimezone(zone), at.astimezone(zone).date()
        days = {today: "", today + dt.timedelta(days=1): "tomorrow, "}
        day = days.get(end.date(), f"{_day(end.date())}, ")
        return f"if you order by {day}{end:%H:%M}"

    def promise(self, at: dt.datetime, *, zone: ZoneInfo, country: str = "") -> str:
        """Say it in one sentence, such as “Arrives Thu 26 – Fri 27 Nov if you order by 14:00”."""
        what = self.text[0].upper() + self.text[1:] if self.is_pickup else f"Arrives {self.text}"
        where = f"in {country}" if country and not self.is_pickup else ""
        return " ".join(filter(None, [what, where, self.condition(at, zone=zone)]))


def arrival(
    rules: Rules,
    *,
    at: dt.datetime,
    zone: ZoneInfo,
    closed: Closed,
    back_order_days: int | None = None,
) -> Arrival:
    """Return when goods ordered at a moment arrive.

    :param back_order_days: in how many days what is not there comes to us; none if all is there.
    """

    def is_packed(day: dt.date) -> bool:
        return _is_worked_on(day, rules.leaves_on, closed.here)

    def is_delivered(day: dt.date) -> bool:
        return _is_worked_on(day, rules.arrives_on, closed.here | closed.there)

    today = at.astimezone(zone).date()
    order_by = None
    if back_order_days is None:
        start = _day_from(today, is_packed)
        if at >= _moment(start, rules.cut_off, zone):
            start = _day_after(start, 1, is_packed)
        order_by = _moment(start, rules.cut_off, zone)
    else:
        start = _day_from(today + dt.timedelta(days=back_order_days), is_packed)
    leaves = _day_after(start, rules.handling_days, is_packed)
    travels = is_packed if rules.is_pickup else is_delivered
    return Arrival(
        first=_arrives(leaves, rules.min_days, travels),
        last=_arrives(leaves, rules.max_days, travels),
        order_by=order_by,
        is_pickup=rules.is_pickup,
    )


def _arrives(leaves: dt.date, days: int, is_delivered: Callable[[dt.date], bool]) -> dt.date:
    return _day_after(leaves, days, is_delivered) if days else _day_from(leaves, is_delivered)


def _is_worked_on(day: dt.date, weekdays: str, holidays: Set[dt.date]) -> bool:
    return str(day.isoweekday()) in weekdays and day not in holidays


def _day_from(day: dt.date, is_worked_on: Callable[[dt.date], bool]) -> dt.date:
    """Return a day, or else the next one that is worked on."""
    for ahead in range(_HORIZON_DAYS):
        candidate = day + dt.timedelta(days=ahead)
        if is_worked_on(candidate):
            return candidate
    return day


def _day_after(day: dt.date, count: int, is_worked_on: Callable[[dt.date], bool]) -> dt.date:
    for _ in range(count):
        day = _day_from(day + dt.timedelta(days=1), is_worked_on)
    return day


def _moment(day: dt.date, time: dt.time, zone: ZoneInfo) -> dt.datetime:
    """Return when a clock in the zone shows a time; through UTC, as one that DST skips is none."""
    return dt.datetime.combine(day, time, tzinfo=zone).astimezone(dt.UTC)


def _day(day: dt.date) -> str:
    return dateformat.format(day, "D j M")
