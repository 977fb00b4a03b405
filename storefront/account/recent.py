"""Whether somebody has signed in lately enough for what cannot be taken back."""

import datetime as dt
from typing import Final

from django.http import HttpRequest
from allauth.account.authentication import get_authentication_records

from storefront.account.personal import customer

RECENT: Final = dt.timedelta(minutes=15)


def signed_in_lately(request: HttpRequest, *, at: dt.datetime) -> bool:
    """Tell whether this very session began, or was confirmed by a code or password, lately."""
    records = get_authentication_records(request, customer(request))
    moments = [record.get("at", 0) for record in records]
    return bool(moments) and at.timestamp() - max(moments) < RECENT.total_seconds()
