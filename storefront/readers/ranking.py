"""Articles in the order of a figure, which is worked out for no more of them than are looked at."""

from collections.abc import Iterator
from typing import Any, Final

from blog.models import ArticlePage
from storefront.readers.numbers import Days, articles, figures

# A sheet of all articles is written in parts.
_AT_ONCE: Final = 500


class RankedArticles:
    """All articles in an order, as a list that is read in slices.

    Most articles have no figure of a few days, so those that have one come from its own rows, and
    the others follow (or, the other way round, lead) in the order in which they were written.

    :param order: a figure's name, or ``title``; with ``-`` in front the greatest come first.
    """

    model = ArticlePage

    def __init__(self, days: Days, *, order: str) -> None:
        self._days, self._order = days, order

    def count(self) -> int:
        return int(ArticlePage.objects.count())

    def __len__(self) -> int:
        return self.count()

    def __iter__(self) -> Iterator[ArticlePage]:
        for start in range(0, self.count(), _AT_ONCE):
            yield from self[start : start + _AT_ONCE]

    def __getitem__(self, wanted: slice) -> list[ArticlePage]:
        """Return some articles with their figures; both ends of the slice must be named."""
        ids = self._ids(wanted.start, wanted.stop)
        rows = {row.pk: row for row in articles(self._days).filter(pk__in=ids)}
        return [rows[pk] for pk in ids if pk in rows]

    def _ids(self, start: int, stop: int) -> list[int]:
        name, is_falling = self._order.removeprefix("-"), self._order.startswith("-")
        every: Any = ArticlePage.objects.values_list("pk", flat=True)
        if name == "title":
            return list(every.order_by(self._order, "pk")[start:stop])
        rows = figures(self._days)[name].filter(article_pk__in=ArticlePage.objects.values("pk"))
        ranked = rows.order_by("-figure" if is_falling else "figure", "article_pk")
        with_one: Any = ranked.values_list("article_pk", flat=True)
        without = every.exclude(pk__in=rows.values("article_pk")).order_by("pk")
        first, then = (with_one, without) if is_falling else (without, with_one)
        found = list(first[start:stop])
        if missing := stop - start - len(found):
            past = max(start - first.count(), 0)
            found += then[past : past + missing]
        return found
