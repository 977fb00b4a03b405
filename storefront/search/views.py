"""The search page, the suggestions beneath every search field, and the counting of terms."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from wagtail.contrib.search_promotions.models import SearchPromotion

from freshness.answers import public_page, shows
from freshness.changes import CATALOG
from storefront.search import (
    asked_terms,
    codes,
    looking,
    pins,
    results,
    suggesting,
    vocabulary,
    ways_on,
    wording,
)
from storefront.search.finding import MOST_OF_A_KIND
from storefront.search.kinds import BY_SLUG, KINDS, Kind
from storefront.search.looking import Found, Match
from storefront.search.wording import Asked
from storefront.site_pages import find_site

PER_PAGE = 24
KEPT_FOR = dt.timedelta(minutes=1)
# A search is not what another site's visitors should be led to.
NOINDEX = {"X-Robots-Tag": "noindex, follow"}


@dataclass(frozen=True, slots=True)
class Tab:
    """One kind of results, or all of them."""

    title: str
    count: int
    url: str
    is_chosen: bool


@public_page("exact", "page", "q", "type")
@require_safe
def results_page(request: HttpRequest) -> HttpResponse:
    """Show what a search has found; the number of a product leads straight to it."""
    at = timezone.now()
    find_site(request)
    _note_what_is_shown(at)
    asked = wording.read(request.GET.get("q", ""))
    if url := codes.page_of(asked.text, at=at, request=request):
        return HttpResponseRedirect(url, headers=NOINDEX)
    context = {"asked": asked, **_outcome(asked, request, at)}
    return TemplateResponse(request, "storefront/search/search.html", context, headers=NOINDEX)


@public_page("q")
@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """Offer what may be meant, as the options of a list box."""
    at = timezone.now()
    find_site(request)
    _note_what_is_shown(at)
    asked = wording.read(request.GET.get("q", ""))
    context = {
        "asked": asked,
        "suggestions": suggesting.suggest(asked, at=at, request=request),
        "all_url": _url(asked),
    }
    template = "storefront/search/_suggestions.html"
    return TemplateResponse(request, template, context, headers=NOINDEX)


@require_POST
def note_asked(request: HttpRequest) -> HttpResponse:
    """Count a term; reading the results page itself writes nothing."""
    asked = wording.read(request.POST.get("q", ""))
    asked_terms.note(asked, on=timezone.localdate())
    return HttpResponse(status=204)


def _note_what_is_shown(at: dt.datetime) -> None:
    # The worker writes the search index a moment after a page, so no answer is kept for long.
    shows(CATALOG, vocabulary.WORDS, until=at + KEPT_FOR)


def _outcome(asked: Asked, request: HttpRequest, at: dt.datetime) -> dict[str, Any]:
    if not asked:
        return _ways_on(request, at)
    is_exact = request.GET.get("exact") == "1"
    found = looking.look_up(asked, is_exact=is_exact)
    pinned = pins.for_search(asked)
    if not found.hits and not pinned:
        return {"found": found, **_ways_on(request, at)}
    chosen = BY_SLUG.get(request.GET.get("type", ""))
    counts = Counter(hit.kind.slug for hit in found.hits)
    context = {
        "found": found,
        "is_corrected": found.match is Match.CORRECTED,
        "is_some": found.match is Match.SOME,
        "exact_url": _url(asked, exact="1"),
        "tabs": _tabs(asked, counts, chosen, is_exact=is_exact),
        "is_many": max(counts.values(), default=0) >= MOST_OF_A_KIND,
    }
    return context | _page_of_results(found, pinned, chosen, request, at)


def _page_of_results(
    found: Found,
    pinned: list[SearchPromotion],
    chosen: Kind | None,
    request: HttpRequest,
    at: dt.datetime,
) -> dict[str, Any]:
    said = {} if chosen else {pin.page_id: pin.description for pin in pinned if pin.page_id}
    hits = [hit.page_id for hit in found.hits if chosen in {None, hit.kind}]
    page_ids = [*said, *(pk for pk in hits if pk not in said)]
    page = Paginator(page_ids, PER_PAGE).get_page(request.GET.get("page"))
    shown = results.of_pages(
        list(page.object_list), found.marker, at=at, request=request, said=said
    )
    links = results.of_links(pinned, found.marker) if not chosen and page.number == 1 else []
    return {"results": [*links, *shown], "results_of": page, "count": len(page_ids) + len(links)}


def _tabs(asked: Asked, counts: Counter[str], chosen: Kind | None, *, is_exact: bool) -> list[Tab]:
    kept = {"exact": "1"} if is_exact else {}
    tabs = [Tab("Everything", counts.total(), _url(asked, **kept), chosen is None)]
    return tabs + [
        Tab(kind.many, counts[kind.slug], _url(asked, type=kind.slug, **kept), kind is chosen)
        for kind in KINDS
        if counts[kind.slug] or kind is chosen
    ]


def _ways_on(request: HttpRequest, at: dt.datetime) -> dict[str, Any]:
    return {
        "categories": ways_on.categories(request),
        "recommended": ways_on.products(at, request),
    }


def _url(asked: Asked, **further: str) -> str:
    return f"{reverse('search')}?{urlencode({'q': asked.text, **further})}"
