"""Refuse forged requests by where they come from, so that cached pages need no token.

Browsers say where a POST was made (`Sec-Fetch-Site`, `Origin`); a page that is the same for
every visitor cannot carry a token of its own. A request that says neither must bring Django's
token as ever.
"""

from typing import Any

from django.http import HttpRequest, HttpResponseForbidden
from django.middleware.csrf import CsrfViewMiddleware


class OriginCsrfMiddleware(CsrfViewMiddleware):
    """Django's protection, satisfied also by a browser's word that the request is same-origin."""

    def process_view(
        self, request: HttpRequest, callback: Any, callback_args: Any, callback_kwargs: Any
    ) -> HttpResponseForbidden | None:
        if self._is_same_origin(request):
            return None
        return super().process_view(request, callback, callback_args, callback_kwargs)

    def _is_same_origin(self, request: HttpRequest) -> bool:
        origin = request.headers.get("Origin")
        fetch_site = request.headers.get("Sec-Fetch-Site")
        if fetch_site is None:
            return origin is not None and self._is_own(request)
        # A page under `Referrer-Policy: no-referrer` posts with `Origin: null`; a sandboxed
        # frame does too, but then its Sec-Fetch-Site is cross-site.
        is_known_origin = origin in {None, "null"} or self._is_own(request)
        return fetch_site == "same-origin" and is_known_origin

    def _is_own(self, request: HttpRequest) -> bool:
        """Whether `Origin` is this host, or one that the settings trust."""
        return bool(self._origin_verified(request))  # type: ignore[attr-defined]
