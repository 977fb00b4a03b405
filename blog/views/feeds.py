"""Feeds of the guide at their addresses: kept whole until something that they tell changes."""

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response, set_response_etag
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from blog import feeds
from blog.models import Person, Topic
from freshness.answers import public_page

FULL: Final = "full"


@public_page(FULL)
@require_safe
def guide(request: HttpRequest, kind: str) -> HttpResponse:
    """Answer with the newest articles."""
    return _answer(request, kind, None)


@public_page(FULL)
@require_safe
def topic(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """Answer with the newest articles of a topic."""
    return _answer(request, kind, get_object_or_404(Topic, slug=slug))


@public_page(FULL)
@require_safe
def person(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """Answer with the newest articles by an author."""
    return _answer(request, kind, get_object_or_404(Person, slug=slug))


def _answer(request: HttpRequest, kind: str, about: Topic | Person | None) -> HttpResponse:
    """Write the feed; whoever keeps a copy asks each time whether it still holds."""
    writer = feeds.WRITERS.get(kind)
    if writer is None:
        raise Http404
    is_full = request.GET.get(FULL) == "1"
    feed = feeds.build(request, about=about, kind=kind, is_full=is_full)
    text, content_type = writer(feed)
    answer = HttpResponse(text, content_type=content_type)
    answer["Last-Modified"] = http_date(feed.updated_at.timestamp())
    answer["X-Robots-Tag"] = "noindex"
    set_response_etag(answer)
    # Where pages are kept, this request has no headers, and the cache answers for unchanged ones.
    return get_conditional_response(request, answer["ETag"], None, answer) or answer
