"""Lists in the admin that count no further than anybody pages."""

from functools import cached_property
from typing import ClassVar

from wagtail.admin.paginator import WagtailPaginator


class CappedPaginator(WagtailPaginator):
    """Counts up to a limit, so that a list of a million rows costs what one of a thousand does.

    :cvar most: a list longer than this is narrowed, not paged through.
    :cvar called: what its rows are called, many of them.
    """

    most: ClassVar[int] = 1_000
    called: ClassVar[str] = "rows"

    @cached_property
    def count(self) -> int:
        return min(self.most, self._reached)

    @cached_property
    def _reached(self) -> int:
        return int(self.object_list[: self.most + 1].count())

    @cached_property
    def items_count_label(self) -> str:
        if self._reached > self.most:
            return f"More than {self.most:,} {self.called}: narrow the list to see others"
        return str(super().items_count_label)
