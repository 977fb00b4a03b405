"""What search engines and security researchers look for at fixed addresses."""

import datetime as dt
from collections.abc import Iterable, Iterator
from email.utils import parseaddr
from itertools import chain
from xml.sax.saxutils import escape

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from wagtail.models import Page, Site

from blog import guide_map
from blog.models import ArticlePage
from catalog.models import PackagePageImage, ProductPageImage
from cms.pictures import FALLBACK_WIDTH, filter_spec
from cms.structured_data import absolute
from freshness.answers import shows
from freshness.changes import LISTS
from storefront.search.visible import visible_pages

# Nothing here is secret; crawlers are only spared what shows them nothing.
NOT_FOR_CRAWLERS = (
    "/admin/",
    "/account/",
    "/basket/",
    "/checkout/",
    "/orders/",
    "/documents/",
    "/comments/",
)
SCHEMA = "http://www.sitemaps.org/schemas/sitemap/0.9"
IMAGES = "http://www.google.com/schemas/sitemap-image/1.1"
# The protocol allows fifty thousand addresses and 50 MB a file; pictures take room too.
PER_PART = 10_000
# An index names no more of them: https://www.sitemaps.org/protocol.html
MOST_PARTS = 50_000
BATCH = 500
# RFC 9116 asks for a date within the year.
CONTACT_VALID = dt.timedelta(days=180)


@require_safe
@cache_control(public=True, max_age=3600)
def robots_txt(_request: HttpRequest) -> HttpResponse:
    """Say which paths are not worth a crawler's visit, and where the sitemap is."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in NOT_FOR_CRAWLERS), ""]
    lines.append(f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


@require_safe
@cache_control(public=True, max_age=0, must_revalidate=True)
def sitemap(request: HttpRequest) -> HttpResponseBase:
    """List public pages; where they are too many for one map, list the parts of it."""
    many = -(-_pages().count() // PER_PART)
    if many <= 1:
        return sitemap_part(request, 1)
    shows(LISTS)
    paths = (reverse("sitemap_part", args=[number]) for number in range(1, many + 1))
    lines = (f"<sitemap><loc>{escape(absolute(path))}</loc></sitemap>\n" for path in paths)
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex xmlns="{SCHEMA}">\n'
    return _xml(chain([head], lines, ["</sitemapindex>\n"]))


@require_safe
@cache_control(public=True, max_age=0, must_revalidate=True)
def sitemap_part(_request: HttpRequest, number: int) -> HttpResponseBase:
    """List public pages with their pictures, written while they are read.

    The first part ends with the pages of the guide's topics and people.
    """
    shows(LISTS)
    if number > MOST_PARTS:
        raise Http404
    first = (number - 1) * PER_PART
    ids = list(_pages().values_list("pk", flat=True)[first : first + PER_PART]) if number else []
    if number != 1 and not ids:
        raise Http404
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{SCHEMA}"'
    guide = _guide() if number == 1 else ()
    entries = chain(_entries(ids), guide)
    return _xml(chain([f'{head} xmlns:image="{IMAGES}">\n'], entries, ["</urlset>\n"]))


def _pages() -> QuerySet[Page]:
    """Public pages that are worth finding, in the order of the tree."""
    first = Site.objects.filter(is_default_site=True).values_list("root_page__path", flat=True)
    pages: QuerySet[Page] = visible_pages().filter(path__startswith=first.get())
    return pages.order_by("path")


def _entries(ids: list[int]) -> Iterator[str]:
    """Write one entry a page; four queries for a few hundred of them."""
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        pictures = _pictures(batch)
        for page in Page.objects.filter(pk__in=batch).order_by("path"):
            if url := page.get_full_url():
                yield _entry(url, page.last_published_at, pictures.get(page.pk, []))


def _guide() -> Iterator[str]:
    for stop in guide_map.stops():
        yield _entry(stop.url, stop.changed_at, [])


def _pictures(page_ids: list[int]) -> dict[int, list[str]]:
    """Name the files of the pictures of pages, those that were made for everybody."""
    found: dict[int, list[str]] = {}
    top = filter_spec(FALLBACK_WIDTH, "jpeg", "8:5")
    heroes = ArticlePage.objects.filter(
        pk__in=page_ids, hero_image__renditions__filter_spec=top
    ).values_list("pk", "hero_image__renditions__file")
    for page_id, file in heroes.order_by("pk"):
        found.setdefault(page_id, []).append(absolute(default_storage.url(file)))
    spec = filter_spec(FALLBACK_WIDTH, "jpeg", "4:5")
    for kind in (ProductPageImage, PackagePageImage):
        files = kind._default_manager.filter(
            page_id__in=page_ids, image__renditions__filter_spec=spec
        ).values_list("page_id", "image__renditions__file")
        for page_id, file in files.order_by("page_id", "sort_order", "pk"):
            found.setdefault(page_id, []).append(absolute(default_storage.url(file)))
    return found


def _entry(url: str, published_at: dt.datetime | None, pictures: list[str]) -> str:
    parts = [f"<loc>{escape(url)}</loc>"]
    if published_at:
        parts.append(f"<lastmod>{published_at.date().isoformat()}</lastmod>")
    parts += [
        f"<image:image><image:loc>{escape(each)}</image:loc></image:image>" for each in pictures
    ]
    return f"<url>{''.join(parts)}</url>\n"


def _xml(parts: Iterable[str]) -> HttpResponseBase:
    encoded = (part.encode() for part in parts)
    return StreamingHttpResponse(encoded, content_type="application/xml; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=3600)
def security_txt(_request: HttpRequest) -> HttpResponse:
    """Say where to report a weakness, as RFC 9116 has it."""
    expires = (timezone.now() + CONTACT_VALID).replace(microsecond=0)
    lines = [
        f"Contact: mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}",
        f"Expires: {expires.astimezone(dt.UTC).isoformat()}",
        "Preferred-Languages: en",
        f"Canonical: {settings.SITE_URL}{reverse('security_txt')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")
