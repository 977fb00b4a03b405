"""Sign in once more before something that cannot be taken back, by code or password."""

from collections.abc import Mapping
from typing import Final

from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
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
        what_for = request.GET.get("for", "")
        context = {"what_for": what_for if what_for in _THEN else "data"}
        return render(request, "storefront/account/again.html", context)
    then = _THEN.get(request.POST.get("for", ""), "my:privacy")
    logout(request)
    return SeeOther(reverse("account_login", query={REDIRECT_FIELD_NAME: reverse(then)}))
