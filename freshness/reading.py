"""Read the log of changes as it grows: each row once, and none missed."""

import datetime as dt
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Max, Q
from django.db.models.functions import Now

from freshness import transactions
from freshness.models import Change
from freshness.transactions import OldestTransaction

# What a reader that begins is told of the past; kept answers are thrown away sooner.
MEMORY = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Row:
    """One change; `place` orders it among others as `Reader.horizon` does."""

    number: int
    tag: str
    place: int


@dataclass(frozen=True, slots=True)
class News:
    """What was committed since a reader looked last.

    :ivar is_beginning: nothing is known of what lies before these rows: the reader begins, or the
        log was cut off behind its back.
    """

    rows: list[Row]
    is_beginning: bool = False

    @property
    def tags(self) -> set[str]:
        return {row.tag for row in self.rows}


@dataclass
class Reader:
    """One process's way through the log; not for several threads at once.

    Every row whose place is below `horizon` was committed, and seen, when that was read. Places
    are numbers of transactions, because a low row number may be committed after a higher one;
    in SQLite, where writers queue, they are row numbers.
    """

    horizon: int = 0
    _last: int | None = None
    _is_begun: bool = False
    _seen: set[int] = field(default_factory=set)

    def news(self) -> News:
        """Return the rows committed since the last call, at first those of the last hour.

        Facts that are read after this call are at least as new as what it tells.
        """
        if not self._is_begun:
            return self._begin()
        place = "transaction" if _has_transactions() else "pk"
        unread = Q(**{f"{place}__gte": self.horizon}) | Q(pk=self._last)
        rows = self._take(unread)
        if self._last is not None and self._last not in {row.number for row in rows}:
            return self._begin()
        new = [row for row in rows if row.number not in self._seen and row.number != self._last]
        self._remember(rows)
        return News(new)

    def _begin(self) -> News:
        self.horizon, newest = _current_horizon()
        self._seen, self._last = set(), None
        rows = self._take(Q(changed_at__gt=Now() - MEMORY) | Q(pk=newest))
        self._remember(rows)
        self._is_begun = True
        return News(rows, is_beginning=True)

    def _take(self, wanted: Q) -> list[Row]:
        changes = Change.objects.filter(wanted).annotate(oldest=OldestTransaction()).order_by("pk")
        found = list(changes.values_list("pk", "tag", "transaction", "oldest"))
        if found and _has_transactions():
            self.horizon = max(self.horizon, found[0][3])
        elif found:
            self.horizon = max(self.horizon, found[-1][0] + 1)
        return [Row(number, tag, transaction or number) for number, tag, transaction, _ in found]

    def _remember(self, rows: list[Row]) -> None:
        self._seen = {row.number for row in rows if row.place >= self.horizon}
        self._last = max((row.number for row in rows), default=self._last)


def _has_transactions() -> bool:
    return connection.vendor == "postgresql"


def _current_horizon() -> tuple[int, int | None]:
    """Return the place before which all is committed, and the newest row there is."""
    if not _has_transactions():
        newest = Change.objects.aggregate(newest=Max("pk"))["newest"]
        return (newest or 0) + 1, newest
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {transactions.OLDEST_RUNNING}")
        horizon = int(cursor.fetchone()[0])
    return horizon, Change.objects.aggregate(newest=Max("pk"))["newest"]
