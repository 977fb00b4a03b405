"""Move the head for changes whose own process could not: it died, or runs on another machine."""

from dataclasses import dataclass, field

from django.conf import settings

from freshness import head
from freshness.reading import Reader


@dataclass
class Watch:
    """Remembers, from one look to the next, which changes it has seen."""

    _reader: Reader = field(default_factory=Reader)

    def look(self) -> bool:
        """Move the head if a change is committed that no head of this machine told of.

        :returns: whether it was moved.
        """
        if not settings.PAGE_CACHE_MB:
            return False
        rows = {row.number for row in self._reader.news().rows}
        untold = rows - head.published() if rows else rows
        is_due = bool(untold) or not head.current()
        if is_due:
            head.publish(sorted(untold))
        head.drop_old()
        return is_due


watch = Watch()
