"""What this process knows of the changes: is something that was kept still what one would build?"""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.conf import settings
from django.db import connection

from freshness import head
from freshness.reading import Reader

# A process that learned of more different tags than this forgets them, and all it kept with them.
_MOST_TAGS = 100_000


@dataclass(frozen=True, slots=True)
class Moment:
    """How far a process had read when it began to build something.

    `count` orders what this process saw; `place` means the same to every process.
    """

    count: int
    place: int


@dataclass
class Log:
    """Follows the log of changes; asks the database only after the head has moved."""

    name: str = ""
    _count: int = 0
    _forgotten: Moment = field(default_factory=lambda: Moment(-1, -1))
    _counts: dict[str, int] = field(default_factory=dict)
    _places: dict[str, int] = field(default_factory=dict)
    _reader: Reader = field(default_factory=Reader)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def follow(self) -> bool:
        """Read what was committed, if the head has moved; return whether anything may be kept."""
        if not settings.PAGE_CACHE_MB:
            return False
        # The name comes first: what is committed after it was read moves the head again.
        name = head.current()
        if name != self.name:
            if connection.in_atomic_block:
                return False  # A transaction sees rows of its own that are not committed yet.
            with self._lock:
                if name and name != self.name:
                    self._read()
                self.name = name
        return bool(name)

    def moment(self) -> Moment:
        """Return how far was read; take it before reading the facts that are to be shown."""
        return Moment(self._count, self._reader.horizon)

    def is_fresh(self, tags: Iterable[str], *, since: int) -> bool:
        """Tell whether none of these facts changed since this process's count was so."""
        counts = self._counts
        return since > self._forgotten.count and all(counts.get(tag, 0) <= since for tag in tags)

    def is_fresh_for_all(self, tags: Iterable[str], *, since: int) -> bool:
        """Tell the same of what another process built when its place was so; in doubt it is not."""
        places = self._places
        return since > self._forgotten.place and all(places.get(tag, -1) < since for tag in tags)

    def version(self, tag: str) -> int | None:
        """Return a number that grows when a fact changes; none where nothing may be kept."""
        if not self.follow():
            return None
        return max(self._counts.get(tag, 0), self._forgotten.count)

    def _read(self) -> None:
        news = self._reader.news()
        if news.is_beginning:
            # What this process kept may have changed unseen; what all share is never that old.
            self._forgotten = Moment(self._count, self._forgotten.place)
            self._count += 1
        for row in news.rows:
            self._count += 1
            self._counts[row.tag] = self._count
            self._places[row.tag] = max(row.place, self._places.get(row.tag, -1))
        if len(self._counts) > _MOST_TAGS:
            self._count += 1
            self._forgotten = Moment(self._count - 1, self._reader.horizon)
            self._counts.clear()
            self._places.clear()


log = Log()
