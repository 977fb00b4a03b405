"""Pages of a long list, without counting all of it."""

from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet

# Whoever asks for more gets the last page there is.
_HIGHEST = 100_000


class NearPaginator(Paginator[Any]):
    """Counts so many pages beyond the one asked for; only a shorter list is counted to its end."""

    AHEAD = 20

    def __init__(self, rows: QuerySet[Any], per_page: int, *, asked: str | None) -> None:
        super().__init__(rows, per_page)
        self.asked = asked
        self._most = (_number(asked) + self.AHEAD) * per_page + 1

    @cached_property
    def count(self) -> int:
        """How many there are, as far as it was counted."""
        rows: Any = self.object_list
        return int(rows.order_by().values("pk")[: self._most].count())

    @property
    def goes_on(self) -> bool:
        """Whether there are more than were counted."""
        return self.count == self._most


def _number(asked: str | None) -> int:
    text = asked or ""
    is_number = text.isascii() and text.isdigit() and len(text) <= 9
    return min(max(int(text), 1), _HIGHEST) if is_number else 1
