"""What staff have pinned above the results of a search, in Wagtail's promoted results."""

from django.db.models import Q
from wagtail.contrib.search_promotions.models import Query, SearchPromotion
from wagtail.search.utils import normalise_query_string

from freshness.keeping import as_of, keep
from storefront.search.visible import visible_pages
from storefront.search.wording import Asked, forms_of


def for_search(asked: Asked) -> list[SearchPromotion]:
    """Return the links and public pages pinned for what was typed, in staff's order.

    One query where something is.
    """
    typed = {normalise_query_string(asked.text), " ".join(asked.words)}
    if len(asked.words) == 1:
        typed.update(forms_of(asked.words[0]))
    if typed.isdisjoint(keep(("pinned",), _read_terms, since=as_of())):
        return []
    pinned = SearchPromotion.objects.filter(query__query_string__in=typed)
    shown = pinned.filter(Q(page=None) | Q(page__in=visible_pages())).order_by("sort_order", "pk")
    once = {(pin.page_id, pin.external_link_url): pin for pin in reversed(shown)}
    return list(reversed(once.values()))


def _read_terms() -> frozenset[str]:
    """Return every search for which something is pinned."""
    pinned = Query.objects.exclude(editors_picks=None)
    return frozenset(pinned.values_list("query_string", flat=True))
