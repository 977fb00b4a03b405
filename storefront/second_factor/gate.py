"""Stands before the admin: who may enter it enters with a second factor, and comes back with one.

It asks who may enter, and nobody else: others are refused as ever. What somebody had typed when
they are asked is not lost: it comes back on a page that sends it once more.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.second_factor import standing
from accounts.second_factor.standing import Lack

ADMIN: Final = "/admin/"
MAY_ENTER: Final = "wagtailadmin.access_admin"
# Ends the session and nothing else.
_LEAVING: Final = "wagtailadmin_logout"
# What an open editor sends by itself says nothing of who sits before it.
_BY_ITSELF: Final = "wagtailadmin_editing_sessions"
_WAYS: Final[Mapping[Lack, str]] = {
    Lack.ENROLMENT: "mfa_activate_totp",
    Lack.SECOND_FACTOR: "account_reauthenticate",
    Lack.PRESENCE: "account_reauthenticate",
}


class SecondFactorMiddleware:
    """The gate itself; forged requests were refused before it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any
    ) -> HttpResponseBase | None:
        """Let the request through, or answer it."""
        if not _is_asked_for(request):
            return None
        at = timezone.now()
        lack = standing.lack_of(request, at=at)
        if lack is not None:
            return _asked_for(request, lack)
        match = request.resolver_match
        if match is None or _BY_ITSELF not in match.namespaces:
            standing.note_presence(request, at=at)
        return None


def _is_asked_for(request: HttpRequest) -> bool:
    if not request.path.startswith(ADMIN) or not request.user.has_perm(MAY_ENTER):
        return False
    match = request.resolver_match
    return match is None or match.url_name != _LEAVING


def _asked_for(request: HttpRequest, lack: Lack) -> HttpResponseBase:
    way = reverse(_WAYS[lack])
    response: HttpResponseBase
    if _is_of_a_script(request):
        response = HttpResponse("Show your second factor first.", status=403)
    elif request.method in {"GET", "HEAD"}:
        query = reverse(_WAYS[lack], query={REDIRECT_FIELD_NAME: request.get_full_path()})
        response = HttpResponseRedirect(query)
        response.status_code = 303
    else:
        response = render(request, "mfa/kept.html", _kept(request, lack, way), status=403)
    response["Cache-Control"] = "private, no-store"
    return response


def _is_of_a_script(request: HttpRequest) -> bool:
    """Tell whether a part of a page is asked for: nobody would see where a page leads."""
    headers = request.headers
    return (
        headers.get("X-Requested-With") == "XMLHttpRequest"
        or "HX-Request" in headers
        or headers.get("Sec-Fetch-Mode", "navigate") != "navigate"
    )


def _kept(request: HttpRequest, lack: Lack, way: str) -> Mapping[str, Any]:
    """Return what was posted, to be sent once more when it is known who it is."""
    return {
        "was_away": lack is Lack.PRESENCE,
        "way": f"{way}?{REDIRECT_FIELD_NAME}={reverse('second_factor_shown')}",
        "fields": [
            (name, value)
            for name, values in request.POST.lists()
            if name != "csrfmiddlewaretoken"
            for value in values
        ],
        "has_files": bool(request.FILES),
    }
