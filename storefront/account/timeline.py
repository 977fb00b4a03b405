"""The days after a session as a customer sees them: today, and what changes on which day."""

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from storefront.account.own_shelf import OwnProduct
from treatments.aftercare import LAST_DAY, Answer, Fit, date_of, of_care, of_habit
from treatments.models import Habit
from treatments.sessions_had import SessionHad


@dataclass(frozen=True, slots=True)
class Thing:
    """A habit, a kind of care or a product of one's own, and what holds for it."""

    name: str
    fit: Fit
    from_day: int | None
    from_on: dt.date | None
    note: str = ""
    url: str = ""
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the strip; `begins` is what is gentle enough from it on."""

    number: int
    on: dt.date
    is_past: bool
    is_today: bool
    begins: tuple[Thing, ...]

    @property
    def is_shown(self) -> bool:
        """Tell whether the list of days has something to say of it."""
        return self.is_today or bool(self.begins)


@dataclass(frozen=True, slots=True)
class Timeline:
    """Day 0 to 14 of one session.

    :ivar habits, products: what holds today; `days` tells of kinds of care, too.
    """

    day: int
    last_on: dt.date
    habits: tuple[Thing, ...]
    products: tuple[Thing, ...]
    days: tuple[Day, ...]

    @property
    def is_over(self) -> bool:
        return self.day > LAST_DAY

    @property
    def gentle(self) -> list[Thing]:
        return self._of(Fit.GENTLE)

    @property
    def not_yet(self) -> list[Thing]:
        """What has to wait, the soonest first."""
        return sorted(self._of(Fit.NOT_YET), key=lambda thing: thing.from_day or 0)

    @property
    def unknown(self) -> list[Thing]:
        return self._of(Fit.UNKNOWN)

    def _of(self, fit: Fit) -> list[Thing]:
        return [thing for thing in (*self.products, *self.habits) if thing.fit is fit]


def timeline_of(had: SessionHad, products: Collection[OwnProduct], *, on: dt.date) -> Timeline:
    """Work out what holds on a date, and on which days something changes."""
    day = had.day(on)
    habits, own = tuple(_habits(had, day)), tuple(_products(had, products, day))
    everything = (*habits, *_kinds(had, day), *own)
    return Timeline(
        day=day,
        last_on=date_of(had.entry.happened_at, LAST_DAY),
        habits=habits,
        products=own,
        days=tuple(_days(had, everything, day)),
    )


def _habits(had: SessionHad, day: int) -> Iterator[Thing]:
    for code, name in Habit.choices:
        yield _thing(had, str(name).capitalize(), of_habit(had.rules, code, day=day))


def _kinds(had: SessionHad, day: int) -> Iterator[Thing]:
    for tag in (window.care_tag for window in had.windows if window.care_tag is not None):
        yield _thing(had, tag.name, of_care(had.rules, [tag.pk], day=day))


def _products(had: SessionHad, products: Collection[OwnProduct], day: int) -> Iterator[Thing]:
    for each in products:
        answer = of_care(had.rules, each.tag_ids, day=day)
        yield _thing(had, each.title, answer, url=each.url, is_own=True)


def _thing(
    had: SessionHad, name: str, answer: Answer, *, url: str = "", is_own: bool = False
) -> Thing:
    from_day = answer.from_day
    return Thing(
        name=name,
        fit=answer.fit,
        from_day=from_day,
        from_on=None if from_day is None else date_of(had.entry.happened_at, from_day),
        note=" ".join(answer.notes),
        url=url,
        is_own=is_own,
    )


def _days(had: SessionHad, everything: Collection[Thing], today: int) -> Iterator[Day]:
    for number in range(LAST_DAY + 1):
        yield Day(
            number=number,
            on=date_of(had.entry.happened_at, number),
            is_past=number < today,
            is_today=number == today,
            begins=tuple(thing for thing in everything if thing.from_day == number),
        )
