"""What is gentle enough on a day after a session: a pure rule over what a protocol says.

Every kind of care and every habit has at most one window, which says from which day on it is gentle
enough. So what is gentle enough on one day stays so on every later one, and what no window names is
unknown, which is never shown as allowed. Days are the clinic's calendar days: the session's own is
day 0, however late it was, and nights on which clocks change are like all others.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from treatments.models import AftercareWindow
from treatments.spacing import clinic_day

# The last day that customers are told about.
LAST_DAY: Final = 14


class Fit(StrEnum):
    """Whether something is gentle enough on a day."""

    GENTLE = "GENTLE"
    NOT_YET = "NOT_YET"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Window:
    """From which day something is gentle enough, and how."""

    from_day: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """The windows of a protocol: of kinds of care by the ids of their tags, and of habits."""

    care: Mapping[int, Window]
    habits: Mapping[str, Window]

    @property
    def days_with_news(self) -> list[int]:
        """The days, of those that customers are told about, on which something begins to fit."""
        windows = [*self.care.values(), *self.habits.values()]
        return sorted({each.from_day for each in windows if each.from_day <= LAST_DAY})


NO_RULES: Final = Rules({}, {})


@dataclass(frozen=True, slots=True)
class Answer:
    """What holds for one thing on one day.

    :ivar from_day: the day from which it is gentle enough; none while that is unknown.
    """

    fit: Fit
    from_day: int | None = None
    notes: tuple[str, ...] = ()


UNKNOWN: Final = Answer(Fit.UNKNOWN)


def rules_of(windows: Iterable[AftercareWindow]) -> Rules:
    """Return the rules that windows make, their care tags read along.

    Where the day that the shop tells of a kind of care is later than the protocol's, it holds: the
    shop's pages and a customer's aftercare never contradict each other to the careless side.
    """
    care, habits = {}, {}
    for each in windows:
        if each.care_tag is None:
            habits[each.habit] = Window(each.from_day, each.note)
        else:
            from_day = max(each.from_day, each.care_tag.gentle_from_day or 0)
            care[each.care_tag.pk] = Window(from_day, each.note)
    return Rules(care, habits)


def of_habit(rules: Rules, habit: str, *, day: int) -> Answer:
    """Tell whether a habit is gentle enough on a day."""
    return _answer([rules.habits.get(habit)], day=day)


def of_care(rules: Rules, tag_ids: Collection[int], *, day: int) -> Answer:
    """Tell whether something with these care tags is gentle enough on a day.

    The strictest tag decides; one that the protocol does not name, or none at all, leaves it
    unknown.
    """
    return _answer([rules.care.get(tag_id) for tag_id in sorted(tag_ids)], day=day)


def day_after(session_at: dt.datetime, *, on: dt.date) -> int:
    """Return which day after a session a date is; 0 is the session's own."""
    return (on - clinic_day(session_at)).days


def date_of(session_at: dt.datetime, day: int) -> dt.date:
    """Return the date of a day after a session."""
    return clinic_day(session_at) + dt.timedelta(days=day)


def _answer(windows: Collection[Window | None], *, day: int) -> Answer:
    known = [window for window in windows if window is not None]
    if not known or len(known) < len(windows):
        return UNKNOWN
    from_day = max(window.from_day for window in known)
    notes = tuple(dict.fromkeys(window.note for window in known if window.note))
    return Answer(Fit.GENTLE if day >= from_day else Fit.NOT_YET, from_day, notes)
