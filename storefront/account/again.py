"""Sign in once more before something that cannot be taken back, by code or password.

Whoever has a password or a second factor confirms by it (allauth's page); this one is for those
who sign in by codes alone, and for a customer's data and farewell.
"""

from collections.abc import Mapping
from typing import Final

from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from checkout.views.leaving import SeeOther
from storefront.account.personal import personal

# What it is for, and where it leads on to.
_THEN: Final[Mapping[str, str]] = {"data": "my:privacy", "delete": "my:delete"}


def ask_again(what_for: str) -> SeeOther:
    """Lead to the page that asks who it is."""
    return SeeOther(reverse("my:again", query={"for": what_for}))


@personal
@require_http_methods(["GET", "HEAD", "POST"])
def again(request: HttpRequest) -> HttpResponse:
    """Say why it is asked; then end the session and lead to the sign-in."""
    if request.method != "POST":
        what_for, back = request.GET.get("for", ""), _own_address(request, request.GET)
        known = what_for if what_for in _THEN else "data"
        context = {"what_for": "" if back else known, "next": back}
        return render(request, "storefront/account/again.html", context)
    back = _own_address(request, request.POST)
    then = back or reverse(_THEN.get(request.POST.get("for", ""), "my:privacy"))
    logout(request)
    return SeeOther(reverse("account_login", query={REDIRECT_FIELD_NAME: then}))


def _own_address(request: HttpRequest, fields: Mapping[str, str]) -> str:
    """Where somebody was on their way to; empty if nowhere in this shop."""
    back = fields.get(REDIRECT_FIELD_NAME, "")
    hosts = {request.get_host()}
    return back if url_has_allowed_host_and_scheme(back, allowed_hosts=hosts) else ""
