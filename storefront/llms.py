"""`/llms.txt`: what this shop is, what it sells and teaches, for who reads with a machine.

The form is that of https://llmstxt.org: Markdown, a title, a summary, and lists of links with one
line each. Articles lead to their Markdown twins.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from blog.markdown import words
from blog.models import ArticlePage
from catalog.feeds import sold_pages
from cms.structured_data import absolute
from freshness.answers import public_page, shows
from freshness.changes import CATALOG, LISTS
from storefront.context_processors import current_shop
from storefront.models import ContentPage, HomePage
from storefront.search.visible import visible_pages

SUMMARY = 200
MOST_ARTICLES = 500


@public_page()
@require_safe
def llms_txt(request: HttpRequest) -> HttpResponse:
    """Answer with the shop in words and links; about ten queries, then kept like a page."""
    shows(CATALOG, LISTS)
    parts = [
        f"# {words.line(settings.WAGTAIL_SITE_NAME)}",
        *_about(),
        *_listed("Products and packages", _sold(timezone.now())),
        *_listed("Scalp guide", _articles(request)),
        *_listed("Terms and help", _policies(request)),
        *_listed("For machines", _machines()),
    ]
    text = words.joined(parts) + "\n"
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def _about() -> Iterator[str]:
    home = HomePage.objects.live().order_by("path").first()
    if home is not None and (summary := home.search_description or home.promise_text):
        yield words.quoted(words.line(summary))
    shop = current_shop()
    yield words.bullets(
        words.line(each)
        for each in (shop.delivery_note, shop.returns_note, shop.clinic.address)
        if each
    )


def _sold(at: dt.datetime) -> Iterator[str]:
    for sold in sold_pages(at):
        yield _entry(sold.title, sold.url, sold.benefit)


def _articles(request: HttpRequest) -> Iterator[str]:
    """The newest articles; the sitemap names all."""
    for page in ArticlePage.objects.all().readable().newest_first()[:MOST_ARTICLES]:
        address = absolute(page.markdown_url(request))
        yield _entry(page.title, address, page.search_description or page.intro)


def _policies(request: HttpRequest) -> Iterator[str]:
    pages = ContentPage.objects.filter(pk__in=visible_pages().values("pk")).order_by("path")
    for page in pages:
        address = absolute(page.get_url(request) or "")
        yield _entry(page.title, address, page.search_description or page.intro)


def _machines() -> Iterator[str]:
    yield _entry("Products as JSON", absolute(reverse("agent_feed")), "Price and stock as of now.")
    yield _entry("Sitemap", absolute(reverse("sitemap")), "Every public page.")


def _entry(title: str, address: str, summary: str) -> str:
    told = " ".join(summary.split())
    if len(told) > SUMMARY:
        told = f"{told[:SUMMARY].rsplit(' ', 1)[0]} …"
    linked = words.link(words.line(title), address)
    return f"{linked}: {words.line(told)}" if told else linked


def _listed(title: str, entries: Iterable[Any]) -> Iterator[str]:
    listed = words.bullets(entries)
    if listed:
        yield f"## {title}"
        yield listed
