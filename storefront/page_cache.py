"""Keep public pages whole: the first visitor's page is every visitor's, until a fact changes.

Only a view or page that declares itself public is kept (`freshness.answers.public_page`, or
`public_parameters` on a page's class), only what answers 200 without a cookie, and never for
longer than what it shows holds. `docs/page-cache.md` tells the whole story.
"""

import time
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control
from django.utils.http import parse_etags

from freshness import head
from freshness.answers import Shown, collecting
from freshness.changes import SITE
from freshness.log import Moment, log
from storefront import public_requests, release
from storefront.kept_pages import FOREVER, Address, KeptPages, Page, encoding_for

# For caches that do not look at the head, such as a CDN's; browsers always ask.
SHARED_SECONDS = 5
STALE_SECONDS = 10
# For nginx, whose keys hold the head's name.
PROXY_SECONDS = 3_600
PROXY_SECONDS_ASKED = 60
_MOST_HOSTS = 8
# A page that cannot be kept is not worth waiting for one another, for so long.
_UNKEPT_SECONDS = 10.0
_MOST_UNKEPT = 1_000
_SET_HERE = {"cache-control", "content-length", "etag", "vary", "x-accel-expires"}

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class PageCacheMiddleware:
    """Answers from what was kept, or lets one visitor build the page while others wait for it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.is_on = bool(settings.PAGE_CACHE_MB)
        self._static = tuple({settings.STATIC_URL, settings.MEDIA_URL, "/admin/"})
        self._hosts = {urlsplit(settings.SITE_URL).netloc.lower()}
        self._parameters: dict[tuple[str, str], frozenset[str]] = {}
        self._unkept: dict[Address, float] = {}
        if not self.is_on:
            return
        self._release = release.name()
        self.kept = KeptPages(megabytes=settings.PAGE_CACHE_MB, release=self._release)
        if head.release_of(head.current()) != self._release:
            # Pages of another release lead to files that this one does not have.
            head.publish(release=self._release)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if public_requests.is_personal(request):
            return self._personal(request)
        if not self._may_be_kept(request):
            return self.get_response(request)
        since = log.moment()
        address = self._address(request)
        if address is not None and (page := self.kept.find(address)) is not None:
            return self._answer(page, request, address, "hit")
        return self._build(request, since) if request.method == "GET" else self._plain(request)

    def _may_be_kept(self, request: HttpRequest) -> bool:
        if not self.is_on or request.method not in {"GET", "HEAD"}:
            return False
        if request.path_info.startswith(self._static):
            return False
        try:
            may = log.follow()
        except DatabaseError:
            return False
        if may and not head.release_of(log.name):
            # The worker put up a head where there was none; it does not know who serves.
            head.publish(release=self._release)
        return may

    def _plain(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def _personal(self, request: HttpRequest) -> HttpResponseBase:
        """What somebody is shown belongs to nobody else, and is not kept."""
        response = self.get_response(request)
        if response.status_code == 200 and not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_store=True)
        return response

    def _address(self, request: HttpRequest) -> Address | None:
        """Return under which name the page is kept, once its parameters are known."""
        host = _host(request)
        path = request.path_info
        question = request.META.get("QUERY_STRING", "")
        if question:
            known = self._parameters.get((host, path))
            if known is None:
                return None
            found = public_requests.canonical(question, known)
            if found is None:
                return None
            question = found
        return Address(request.scheme or "", host, path, question)

    def _build(self, request: HttpRequest, since: Moment) -> HttpResponseBase:
        found = public_requests.find(request)
        if found is None:
            return self._plain(request)
        if found.parameters is None or not self._is_known_host(request):
            return self.get_response(found.request)
        host, path = _host(request), request.path_info
        self._parameters[host, path] = found.parameters
        address = self._address(request)
        if address is None:
            return self._plain(request)
        asked = public_requests.ask(found, address.question)
        if self._unkept.get(address, 0.0) > time.monotonic():
            return self.get_response(asked)
        with self.kept.only_builder(address):
            page = self.kept.find(address) or self.kept.find_shared(address)
            if page is not None:
                return self._answer(page, request, address, "shared")
            with collecting() as shown:
                response = self.get_response(asked)
            page = _page_of(response, shown, since)
            if page is None:
                self._note_unkept(address)
                return response
            self.kept.put(address, page)
        return self._answer(page, request, address, "built")

    def _is_known_host(self, request: HttpRequest) -> bool:
        """Whoever may name any port cannot fill the cache with it."""
        host = _host(request)
        if host not in self._hosts and len(self._hosts) <= _MOST_HOSTS:
            self._hosts.add(host)
        return host in self._hosts

    def _note_unkept(self, address: Address) -> None:
        if len(self._unkept) >= _MOST_UNKEPT:
            self._unkept.clear()
        self._unkept[address] = time.monotonic() + _UNKEPT_SECONDS

    def _answer(
        self, page: Page, request: HttpRequest, address: Address, how: str
    ) -> HttpResponseBase:
        meta = request.META
        encoding = encoding_for(meta.get("HTTP_ACCEPT_ENCODING", ""))
        etag = page.etag_as(encoding)
        headers = {**page.headers, **self._freshness_of(page, request, address)}
        headers["ETag"] = etag
        headers["X-Page-Cache"] = how
        asked_for = meta.get("HTTP_IF_NONE_MATCH")
        if asked_for is not None and _matches(asked_for, etag):
            return HttpResponseNotModified(headers=headers)
        body = page.body_as(encoding)
        headers["Content-Length"] = str(len(body))
        if encoding:
            headers["Content-Encoding"] = encoding
        return HttpResponse(b"" if request.method == "HEAD" else body, headers=headers)

    def _freshness_of(self, page: Page, request: HttpRequest, address: Address) -> dict[str, str]:
        """Say for how long others may keep it: never beyond what it shows, nginx by the head."""
        left = min(page.until - time.time(), 1e9)
        shared = max(0, min(SHARED_SECONDS, int(left)))
        stale = max(0, min(STALE_SECONDS, int(left) - shared))
        caching = f"public, max-age=0, s-maxage={shared}"
        if stale:
            caching += f", stale-while-revalidate={stale}"
        longest = PROXY_SECONDS_ASKED if address.question else PROXY_SECONDS
        is_canonical = request.META.get("QUERY_STRING", "") == address.question
        is_current = head.release_of(log.name) == self._release
        proxy = max(0, min(longest, int(left) - 1)) if is_canonical and is_current else 0
        return {
            "Cache-Control": caching,
            "Vary": "Accept-Encoding",
            "X-Accel-Expires": str(proxy),
        }


def _host(request: HttpRequest) -> str:
    meta = request.META  # `request.headers` would read them all first.
    return str(meta.get("HTTP_HOST", "")).lower()


def _page_of(response: HttpResponseBase, shown: Shown, since: Moment) -> Page | None:
    """Return an answer as a page to keep, or nothing if it is not for everybody."""
    if response.status_code != 200 or response.streaming or response.cookies:
        return None
    caching = response.headers.get("Cache-Control", "").lower()
    if "private" in caching or "no-store" in caching or response.has_header("Content-Encoding"):
        return None
    return Page(
        headers={name: value for name, value in response.items() if name.lower() not in _SET_HERE},
        body=response.content,  # type: ignore[attr-defined]
        tags=frozenset({SITE, *shown.tags}),
        until=shown.until.timestamp() if shown.until else FOREVER,
        since=since,
    )


def _matches(asked_for: str, etag: str) -> bool:
    return any(each.removeprefix("W/") in {etag, "*"} for each in parse_etags(asked_for))
