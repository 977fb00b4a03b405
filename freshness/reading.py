"""Read the log of changes as it grows: each row once, and none missed."""

import datetime as dt
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Max, QuerySet
from django.db.models.functions import Now

from freshness.models import Change
from freshness.transactions import OldestTransaction

# What a reader that begins knows of the past; kept answers are thrown away sooner.
MEMORY = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Row:
    """One change; `place` orders it among others as `Reader.horizon` does."""

    number: int
    tag: str
    place: int


@dataclass
class Reader:
    """One process's way through the log; not for several threads at once.

    Every row whose place is below `horizon` was committed, and seen, when that was read. Places
    are numbers of transactions, because a low row number may be committed after a higher one;
    in SQLite, where writers queue, they are row numbers.
    """

    horizon: int = 0
    _is_begun: bool = False
    _seen: set[int] = field(default_factory=set)

    def news(self) -> list[Row]:
        """Return the rows committed since the last call, at first those of the last hour."""
        if not self._is_begun:
            self.horizon = _current_horizon()
            recent = Change.objects.filter(changed_at__gt=Now() - MEMORY)
            rows = self._take(recent)
            self._is_begun = True
            return rows
        field_name = "transaction" if _has_transactions() else "pk"
        return self._take(Change.objects.filter(**{f"{field_name}__gte": self.horizon}))

    def _take(self, changes: QuerySet[Change]) -> list[Row]:
        rows = changes.annotate(oldest=OldestTransaction()).order_by("pk")
        found = [
            (Row(number, tag, transaction or number), oldest)
            for number, tag, transaction, oldest in rows.values_list(
                "pk", "tag", "transaction", "oldest"
            )
        ]
        new = [row for row, _ in found if row.number not in self._seen]
        if found and _has_transactions():
            self.horizon = max(self.horizon, found[0][1])
            self._seen = {row.number for row, _ in found if row.place >= self.horizon}
        elif found:
            self.horizon = max(self.horizon, *(row.number + 1 for row, _ in found))
        return new


def _has_transactions() -> bool:
    return connection.vendor == "postgresql"


def _current_horizon() -> int:
    if not _has_transactions():
        return (Change.objects.aggregate(last=Max("pk"))["last"] or 0) + 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])
