"""A guest's door to an order or a gift: a link not to be guessed, and guessing that ends early."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, TypeVar

from django.core.cache import cache
from django.http import Http404, HttpRequest
from allauth.account.adapter import get_adapter

from accounts import tries
from checkout.models import Order
from treatments.giving import LONGEST_AHEAD
from treatments.models import Gift

Row = TypeVar("Row")

LINK_LIFE: Final = timedelta(days=400)
MISSES_ALLOWED: Final = 20
MISSES_COUNTED_SECONDS: Final = 300

# What a token looks like; anything else is not worth asking the database for.
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{20,43}")


class TooManyGuesses(Exception):
    """Somebody at this address tried many links that lead nowhere."""


def order_behind(request: HttpRequest, token: str, *, at: datetime) -> Order:
    """Return the order that a link of 192 random bits leads to.

    :raises Http404: if there is none, or the link has grown old.
    :raises TooManyGuesses: after many misses from one address within five minutes.
    """
    recent = Order.objects.filter(placed_at__gt=at - LINK_LIFE).prefetch_related("lines")
    return row_behind(request, token, lambda: recent.filter(access_token=token).first())


def gift_behind(request: HttpRequest, token: str, *, at: datetime) -> Gift:
    """Return the gift that a link of 192 random bits leads to.

    :raises Http404: if there is none, or the link has grown old.
    :raises TooManyGuesses: after many misses from one address within five minutes.
    """
    recent = Gift.objects.filter(given_at__gt=at - LINK_LIFE - LONGEST_AHEAD)
    rows = recent.select_related("hold", "session_pass__treatment", "suitability_check")
    return row_behind(request, token, lambda: rows.filter(token=token).first())


def row_behind(request: HttpRequest, token: str, find: Callable[[], Row | None]) -> Row:
    """Return what is found behind a token, and grow tired of whoever finds nothing.

    :raises Http404: if there is nothing.
    :raises TooManyGuesses: after many misses from one address within five minutes.
    """
    key = f"order-link-misses:{get_adapter(request).get_client_ip(request)}"
    if cache.get(key, 0) >= MISSES_ALLOWED:
        raise TooManyGuesses
    found = find() if _TOKEN.fullmatch(token) else None
    if found is None:
        tries.count(key, seconds=MISSES_COUNTED_SECONDS)
        raise Http404("Nothing is found here.")
    return found
