"""Find pages by words: in the shop's own database, or in a search server where there is one."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from storefront.search import search_server
from storefront.search.kinds import BY_SLUG, Kind, by_content_type

# Each speaks the language of one database.
if connection.vendor == "postgresql":
    from storefront.search.postgres_index import matches
else:
    from storefront.search.sqlite_index import matches

logger = logging.getLogger(__name__)

# As many of a kind are weighed against each other; of what more there is, nobody sees the end.
MOST_OF_A_KIND = 120

Phrases = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A public page that holds what was asked for; a higher score fits better."""

    page_id: int
    kind: Kind
    score: float


def find(
    asked: Sequence[Phrases],
    *,
    beginning: Sequence[str] = (),
    is_any: bool = False,
    limit: int = MOST_OF_A_KIND,
) -> list[Hit]:
    """Return the pages that hold all of what is asked for, the best first; one query.

    :param asked: for each word its alternatives, each of one word or several.
    :param beginning: words of a title, the last of which may be the beginning of one.
    :param is_any: one of the words is enough.
    """
    if settings.SEARCH_URL:
        try:
            found = search_server.matches(asked, beginning, is_any=is_any, limit=limit)
            return ranked(Hit(pk, BY_SLUG[slug], score) for pk, slug, score in found)
        except Exception as problem:  # noqa: BLE001 (of an optional library: no class to name)
            logger.warning("The search server does not answer: %s", type(problem).__name__)
    kinds = by_content_type()
    rows = matches(asked, beginning, is_any=is_any, content_types=kinds, limit=limit)
    return ranked(Hit(pk, kinds[content_type], score) for pk, content_type, score in rows)


def ranked(hits: Iterable[Hit]) -> list[Hit]:
    """Put hits in order, each page once with its best score."""
    best: dict[int, Hit] = {}
    for hit in hits:
        if hit.page_id not in best or best[hit.page_id].score < hit.score:
            best[hit.page_id] = hit
    return sorted(
        best.values(), key=lambda hit: (hit.kind.tier, -hit.score * hit.kind.weight, hit.page_id)
    )
