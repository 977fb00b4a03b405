"""The articles around one: what to read next, and what came before and after; one query."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet, Subquery

if TYPE_CHECKING:
    from blog.models import ArticlePage

SHOWN = 3


@dataclass(frozen=True, slots=True)
class Neighbours:
    """`related` in the order in which they are to be shown."""

    previous: "ArticlePage | None"
    following: "ArticlePage | None"
    related: "list[ArticlePage]"


def around(page: "ArticlePage", related: Sequence[int]) -> Neighbours:
    """Read the articles around one.

    :param related: the articles to read next, the best first; those nobody may read are skipped.
    """
    found = {each.pk: each for each in _read(page, related)}
    mine = _place(page)
    dated = sorted((each for each in found.values() if _place(each)), key=_place)
    older = [each for each in dated if mine and _place(each) < mine]
    newer = [each for each in dated if mine and _place(each) > mine]
    chosen = [found[pk] for pk in dict.fromkeys(related) if pk in found and pk != page.pk]
    return Neighbours(
        previous=older[-1] if older else None,
        following=newer[0] if newer else None,
        related=chosen[:SHOWN],
    )


def _read(page: "ArticlePage", related: Sequence[int]) -> QuerySet[Any]:
    readable = type(page).objects.readable()
    wanted = Q(pk__in=list(related)) if related else Q(pk__in=[])
    at = page.first_published_at
    if at is not None and page.pk:
        # Compared as a pair; the first part alone lets the database use its index.
        older = readable.filter(first_published_at__lte=at).exclude(
            first_published_at=at, pk__gte=page.pk
        )
        newer = readable.filter(first_published_at__gte=at).exclude(
            first_published_at=at, pk__lte=page.pk
        )
        wanted |= Q(pk=Subquery(older.newest_first().values("pk")[:1]))
        wanted |= Q(pk=Subquery(newer.newest_first().reverse().values("pk")[:1]))
    articles: QuerySet[Any] = readable.for_cards().filter(wanted)
    return articles


def _place(page: "ArticlePage") -> Any:
    at = page.first_published_at
    return (at, page.pk) if at is not None else ()
