"""The ledger as a plain model: counters and sets of days, with no entries to fold.

It is written apart from the real one on purpose, so that the two can disagree.
"""

import datetime as dt
from dataclasses import dataclass, field

GRACE = dt.timedelta(days=14)
UNDO_WITHIN = dt.timedelta(minutes=15)
DAY = dt.timedelta(days=1)


@dataclass
class PlainPause:
    """Days on which the pass rests; a pause that was ended can end no more."""

    entry_id: int
    from_on: dt.date
    until_on: dt.date
    is_ended: bool = False

    def days(self) -> set[dt.date]:
        return {self.from_on + n * DAY for n in range((self.until_on - self.from_on).days)}


@dataclass
class PlainPass:
    """What a pass should be after everything that was done to it."""

    left: int
    runs_from: dt.date | None
    days: int
    holds: dict[int, int] = field(default_factory=dict)
    sessions: dict[int, dt.datetime] = field(default_factory=dict)
    pauses: list[PlainPause] = field(default_factory=list)
    origin: int | None = None

    @property
    def held(self) -> int:
        return sum(self.holds.values())

    @property
    def free(self) -> int:
        return self.left - self.held

    def starts_on(self) -> dt.date | None:
        if self.runs_from is not None:
            return self.runs_from
        return min((at.date() for at in self.sessions.values()), default=None)

    def last_day(self) -> dt.date | None:
        """Walk the days one by one: those that rest cost nothing."""
        day, left, resting = self.starts_on(), self.days, self.resting()
        while day is not None:
            if day in resting:
                day += DAY
            elif not left:
                return day
            else:
                day, left = day + DAY, left - 1
        return None

    def resting(self) -> set[dt.date]:
        return set().union(*(pause.days() for pause in self.pauses))

    def is_expired(self, on: dt.date) -> bool:
        last = self.last_day()
        return last is not None and on > last + GRACE
