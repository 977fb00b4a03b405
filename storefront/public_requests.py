"""What a public page may know of who asks: nothing but the address.

A page that is kept is built from a request without cookies and without headers, so that nobody's
name, language or forged header can get into what everybody is shown.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from operator import itemgetter
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest
from django.urls import Resolver404, resolve
from wagtail.models import Page

from storefront.site_pages import find_site

# Whoever has one of these is somebody; a message waits for the one it was written for.
_MESSAGES_COOKIE = "messages"
_LONGEST_QUESTION = 2_000
_MOST_FIELDS = 30
_COPIED = ("SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL", "SCRIPT_NAME", "PATH_INFO")


def is_personal(request: HttpRequest) -> bool:
    """Tell whether a request comes from somebody: signed in, or with a message waiting."""
    meta = request.META
    if "HTTP_AUTHORIZATION" in meta:
        return True
    cookies = meta.get("HTTP_COOKIE")
    return cookies is not None and any(f"{name}=" in cookies for name in _personal_cookies())


@lru_cache(maxsize=1)
def _personal_cookies() -> tuple[str, ...]:
    return (settings.SESSION_COOKIE_NAME, _MESSAGES_COOKIE)


@dataclass(frozen=True, slots=True)
class PublicPage:
    """An address that answers everybody alike, and the parameters that its answer depends on."""

    request: HttpRequest
    parameters: frozenset[str] | None


def find(request: HttpRequest) -> PublicPage | None:
    """Return the public page that a request asks for, with a request that names nobody.

    A page of the tree that is not there has no parameters: None. It is asked for as it came.

    :raises DisallowedHost: if the host is not ours.
    """
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return None
    declared: frozenset[str] | None = getattr(match.func, "public_parameters", None)
    if match.url_name == "wagtail_serve":
        bare = _bare(request, request.META.get("QUERY_STRING", ""))
        find_site(bare)
        route = Page.route_for_request(bare, *match.args)
        declared = getattr(route[0], "public_parameters", None) if route else None
        return PublicPage(bare, declared)
    if declared is None:
        return None
    return PublicPage(_bare(request, request.META.get("QUERY_STRING", "")), declared)


def ask(page: PublicPage, question: str) -> HttpRequest:
    """Return the page's request with the canonical question in place of the one that came."""
    request = page.request
    if request.META["QUERY_STRING"] == question:
        return request
    asked = _bare(request, question)
    # The way to the page was found already; do not look for it twice.
    for name in ("_wagtail_site", "_wagtail_route_for_request"):
        if name in vars(request):
            vars(asked)[name] = vars(request)[name]
    return asked


def canonical(question: str, known: Iterable[str]) -> str | None:
    """Return the part of a query that a page depends on, in one order; None if it is too much."""
    if not question:
        return ""
    if len(question) > _LONGEST_QUESTION:
        return None
    try:
        fields = parse_qsl(question, max_num_fields=_MOST_FIELDS)
    except ValueError:
        return None
    names = frozenset(known)
    asked = dict.fromkeys(field for field in fields if field[0] in names)
    # Values of one name keep their order: a comparison shows its columns so.
    return urlencode(sorted(asked, key=itemgetter(0)))


def _bare(request: HttpRequest, question: str) -> HttpRequest:
    meta = request.META
    environ: dict[str, Any] = {name: meta[name] for name in _COPIED if name in meta}
    environ.update(
        {
            "REQUEST_METHOD": "GET",
            "QUERY_STRING": question,
            "HTTP_HOST": meta.get("HTTP_HOST", "").lower() or meta.get("SERVER_NAME", ""),
            "wsgi.url_scheme": meta.get("wsgi.url_scheme", "http"),
            "wsgi.input": BytesIO(),
            "wsgi.errors": meta.get("wsgi.errors"),
            "REMOTE_ADDR": "",
        }
    )
    if settings.SECURE_PROXY_SSL_HEADER:
        header, secure = settings.SECURE_PROXY_SSL_HEADER
        if request.is_secure():
            environ[header] = secure
    return WSGIRequest(environ)
