"""What the phones of the demo's staff would show: a newcomer has none of them.

Only routed on the demo settings, where every member of staff is made up.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from allauth.mfa.models import Authenticator

from accounts.second_factor import codes


@dataclass(frozen=True)
class StaffCode:
    """The code that somebody's phone shows now."""

    name: str
    email: str
    role: str
    code: str


@require_safe
@never_cache
def codes_of_staff(request: HttpRequest) -> HttpResponse:
    """List the codes of now; the page looks again by itself when they change."""
    at = timezone.now()
    left = codes.STEP - int(at.timestamp()) % codes.STEP
    rows = list(_rows(at=at))
    response = render(request, "storefront/demo_codes.html", {"rows": rows, "left": left})
    response["Refresh"] = str(left)
    return response


def _rows(*, at: dt.datetime) -> Iterator[StaffCode]:
    of_apps = Authenticator.objects.filter(type=Authenticator.Type.TOTP).order_by("user__email")
    for row in of_apps.select_related("user").prefetch_related("user__groups"):
        roles = ", ".join(group.name for group in row.user.groups.all())
        secret = codes.secret_in(row)
        code = codes.code_at(secret, at)
        yield StaffCode(row.user.name, row.user.email, roles or "Superuser", code)
