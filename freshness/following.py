"""Follow the log of changes: what was committed since one looked last, and nothing missed."""

from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Q

from freshness.models import Change

# How far back a follower that begins looks for numbers that were taken but not committed yet.
_LOOK_BACK = 5_000


@dataclass(slots=True)
class _Gap:
    """Numbers nobody has seen: rolled back, or of a transaction that has not ended.

    :ivar settled_from: once every running transaction is as young as this, no more will come.
    """

    first: int
    last: int
    settled_from: int


@dataclass
class Follower:
    """Reads the tags that were committed since it looked last; not safe for several threads.

    A transaction may commit a lower number after another committed a higher one. Numbers that were
    skipped are therefore looked for again until all transactions have ended that ran when they
    were missed. Writers of SQLite come one after the other, so none is ever skipped there.
    """

    _last: tuple[int, str] | None = None
    _gaps: list[_Gap] = field(default_factory=list)
    _has_begun: bool = False

    def begin(self) -> None:
        """Take the log as read; facts must be read after this, not before."""
        newest = Change.objects.order_by("-pk").values_list("pk", "tag").first()
        self._last, self._gaps, self._has_begun = newest, [], True
        if newest is None or connection.vendor != "postgresql":
            return
        floor = max(0, newest[0] - _LOOK_BACK)
        known = Change.objects.filter(pk__gt=floor, pk__lte=newest[0]).order_by("pk")
        self._note_gaps(floor, list(known.values_list("pk", flat=True)))

    def news(self) -> set[str] | None:
        """Return the tags committed since the last call; none when one must begin anew.

        That is so before the first `begin()`, and when the log was cut off behind one's back.
        """
        if not self._has_begun:
            return None
        oldest_running = _oldest_running() if self._gaps else 0
        rows = self._unread()
        if self._last is not None:
            if self._last not in rows:
                return None
            rows.remove(self._last)
        self._gaps = [gap for gap in self._gaps if gap.settled_from > oldest_running]
        self._move_on([number for number, _ in rows])
        self._last = max([*rows, *([self._last] if self._last else [])], default=None)
        return {tag for _, tag in rows}

    def _unread(self) -> list[tuple[int, str]]:
        wanted = Q(pk__gte=self._last[0] if self._last else 0)
        for gap in self._gaps:
            wanted |= Q(pk__gte=gap.first, pk__lte=gap.last)
        return list(Change.objects.filter(wanted).order_by("pk").values_list("pk", "tag"))

    def _move_on(self, numbers: list[int]) -> None:
        """Cut what was found out of the gaps, and note those that the newest rows leave."""
        last = self._last[0] if self._last else 0
        for number in [number for number in numbers if number < last]:
            self._split(number)
        newer = [number for number in numbers if number > last]
        if newer and connection.vendor == "postgresql":
            self._note_gaps(last, newer)

    def _split(self, number: int) -> None:
        for gap in [gap for gap in self._gaps if gap.first <= number <= gap.last]:
            self._gaps.remove(gap)
            halves = ((gap.first, number - 1), (number + 1, gap.last))
            self._gaps += [_Gap(a, b, gap.settled_from) for a, b in halves if a <= b]

    def _note_gaps(self, floor: int, numbers: list[int]) -> None:
        pairs = zip([floor, *numbers], numbers, strict=False)
        skipped = [(before + 1, after - 1) for before, after in pairs if after - before > 1]
        if skipped:
            settled_from = _next_to_run()
            self._gaps += [_Gap(first, last, settled_from) for first, last in skipped]


def _oldest_running() -> int:
    """Return a transaction's number below which all have ended."""
    return _ask("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")


def _next_to_run() -> int:
    """Return a transaction's number that is higher than those of all that run."""
    return _ask("SELECT pg_current_xact_id()::text::bigint")


def _ask(query: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return int(cursor.fetchone()[0])
