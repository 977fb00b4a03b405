"""Which pages everybody may see, in one query where Wagtail's `public()` takes two."""

from typing import Any, TypeVar

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, QuerySet
from wagtail.models import PageViewRestriction

Pages = TypeVar("Pages", bound=QuerySet[Any])


def hidden_pages() -> QuerySet[Any]:
    """Find what hides the page of an outer query: a restriction of it, or of one above it."""
    # The path of a page begins with the paths of all pages above it.
    path = ExpressionWrapper(OuterRef("path"), output_field=CharField())
    restrictions = PageViewRestriction.objects.annotate(path_below=path)
    above: QuerySet[Any] = restrictions.filter(path_below__startswith=F("page__path"))
    return above


def public(pages: Pages) -> Pages:
    """Keep the pages that are published and that nothing restricts."""
    return pages.filter(~Exists(hidden_pages()), live=True)
