"""The way from an address to the page tree, with one query for the site and its first page."""

from copy import copy
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.http.request import split_domain_port
from wagtail.models import Site
from wagtail.views import serve

from cms.prepared import Prepared
from freshness import keeping

_sites = Prepared(
    lambda hostname: (
        (Site.objects.filter(hostname=hostname) | Site.objects.filter(is_default_site=True))
        .select_related("root_page__homepage", "root_page__social_picture")
        .order_by("pk")
    )
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
    site = _site_of(request)
    if site is not None:
        vars(request)["_wagtail_site"] = site


def _site_of(request: HttpRequest) -> Site | None:
    """Find the one site there is; with several, Wagtail chooses."""
    hostname = split_domain_port(request.get_host())[0]
    since = keeping.as_of()
    found: list[Any] = keeping.keep(("site", hostname), partial(_sites, hostname), since=since)
    if len(found) != 1:
        return None
    # This request's own, which may be noted on: what is kept is everybody's.
    site: Site = copy(found[0])
    first = copy(getattr(site.root_page, "homepage", None))
    if first is not None:
        first._shared_picture = getattr(site.root_page, "social_picture", None)
        first.as_of = since
        site.root_page = first
    return site
