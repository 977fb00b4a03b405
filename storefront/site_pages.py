"""The way from an address to the page tree, with one query for the site and its first page."""

from copy import copy
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase
from django.http.request import split_domain_port
from wagtail.models import Site
from wagtail.models.sites import (
    SITE_ROOT_PATHS_CACHE_KEY,
    SITE_ROOT_PATHS_CACHE_VERSION,
    SiteRootPath,
)
from wagtail.views import serve

from cms.prepared import Prepared
from freshness import keeping

# As long as Wagtail keeps them; it forgets them when a site or its first page changes.
_KEPT_SECONDS = 3_600

_sites = Prepared(
    lambda: Site.objects.select_related(
        "root_page__homepage", "root_page__social_picture", "root_page__locale"
    ).order_by("-root_page__url_path", "-is_default_site", "hostname")
)


def serve_page(request: HttpRequest, path: str) -> HttpResponseBase:
    """Answer with the page at a path, as Wagtail does, knowing the site already."""
    find_site(request)
    answer: HttpResponseBase = serve(request, path)
    return answer


def find_site(request: HttpRequest) -> None:
    """Leave the site of a request where Wagtail keeps what it found; once."""
    if "_wagtail_site" in vars(request):
        return
    site = _only_site(request)
    if site is not None:
        vars(request)["_wagtail_site"] = site


def _only_site(request: HttpRequest) -> Site | None:
    """Find the one site there is; with several, or under another name, Wagtail does."""
    since = keeping.as_of()
    found: list[Any] = keeping.keep(("sites",), _read_sites, since=since)
    hostname = split_domain_port(request.get_host())[0]
    if len(found) != 1 or not (found[0].is_default_site or found[0].hostname == hostname):
        return None
    # This request's own, which may be noted on: what is kept is everybody's.
    site: Site = copy(found[0])
    first = copy(getattr(site.root_page, "homepage", None))
    if first is not None:
        first._shared_picture = getattr(site.root_page, "social_picture", None)
        first.as_of = since
        site.root_page = first
    return site


def _read_sites() -> list[Any]:
    """Read all sites, and tell Wagtail what their addresses begin with, before it asks."""
    found = _sites()
    paths = [
        SiteRootPath(
            site.pk, site.root_page.url_path, site.root_url, site.root_page.locale.language_code
        )
        for site in found
    ]
    cache.add(SITE_ROOT_PATHS_CACHE_KEY, paths, _KEPT_SECONDS, SITE_ROOT_PATHS_CACHE_VERSION)
    return found
