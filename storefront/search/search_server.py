"""Ask an OpenSearch server through Wagtail's search interface, and believe only the database."""

from collections.abc import Sequence

from django.db.models import QuerySet
from wagtail.models import Page
from wagtail.search.backends import get_search_backend
from wagtail.search.query import And, Or, PlainText, SearchQuery

from storefront.search.kinds import KINDS
from storefront.search.visible import visible_pages

Row = tuple[int, str, float]
Phrases = Sequence[Sequence[str]]


def matches(
    asked: Sequence[Phrases], beginning: Sequence[str], *, is_any: bool, limit: int
) -> list[Row]:
    """Return page, kind and score of what matches; what is not public any more is left out."""
    backend = get_search_backend("default")
    query = _query(asked, is_any=is_any)
    found: list[Row] = []
    for kind in KINDS:
        pages: QuerySet[Page] = kind.model.objects.live()
        searches = [backend.search(query, pages)]
        if beginning:
            searches.append(backend.autocomplete(" ".join(beginning), pages))
        for results in searches:
            scored = results.annotate_score("search_score")[:limit]
            found += [(page.pk, kind.slug, page.search_score or 0.0) for page in scored]
    pks = {pk for pk, _, _ in found}
    public = set(visible_pages().filter(pk__in=pks).values_list("pk", flat=True))
    return [row for row in found if row[0] in public]


def _query(asked: Sequence[Phrases], *, is_any: bool) -> SearchQuery:
    words = [_one_of(phrases) for phrases in asked]
    if len(words) == 1:
        return words[0]
    return Or(words) if is_any else And(words)


def _one_of(phrases: Phrases) -> SearchQuery:
    queries = [PlainText(" ".join(phrase), operator="and") for phrase in phrases]
    return queries[0] if len(queries) == 1 else Or(queries)
