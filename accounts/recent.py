"""Ask once more who it is before what cannot be taken back: money, rights, data that leaves."""

import datetime as dt
from typing import Final

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from allauth.account.authentication import get_authentication_records

RECENT: Final = dt.timedelta(minutes=15)


def signed_in_lately(request: HttpRequest, *, at: dt.datetime) -> bool:
    """Tell whether this very session began, or was confirmed by a code or password, lately."""
    if not request.user.is_authenticated:
        return False
    records = get_authentication_records(request, request.user)
    moments = [record.get("at", 0) for record in records]
    return bool(moments) and at.timestamp() - max(moments) < RECENT.total_seconds()


def ask_unless_recent(
    request: HttpRequest, *, at: dt.datetime, in_any_case: bool = False
) -> HttpResponseRedirect | None:
    """Lead to where somebody confirms that it is still them; None where they lately have.

    They come back to the address they asked for, and what was posted is not posted again: so a
    screen asks when it shows its form, and once more when the form comes back too late.

    :param in_any_case: ask however lately they have.
    """
    if signed_in_lately(request, at=at) and not in_any_case:
        return None
    back = {REDIRECT_FIELD_NAME: request.get_full_path()}
    response = HttpResponseRedirect(reverse("account_reauthenticate", query=back))
    response.status_code = 303
    response["Cache-Control"] = "private, no-store"
    return response
