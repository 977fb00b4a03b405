"""A guest's door to an order: a link that cannot be guessed, and guessing that ends early."""

import re
from datetime import datetime, timedelta
from typing import Final

from django.core.cache import cache
from django.http import Http404, HttpRequest
from allauth.account.adapter import get_adapter

from accounts import tries
from checkout.models import Order

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
    key = f"order-link-misses:{get_adapter(request).get_client_ip(request)}"
    if cache.get(key, 0) >= MISSES_ALLOWED:
        raise TooManyGuesses
    found = _find(token, at=at) if _TOKEN.fullmatch(token) else None
    if found is None:
        tries.count(key, seconds=MISSES_COUNTED_SECONDS)
        raise Http404("No order is found here.")
    return found


def _find(token: str, *, at: datetime) -> Order | None:
    recent = Order.objects.filter(placed_at__gt=at - LINK_LIFE).prefetch_related("lines")
    found: Order | None = recent.filter(access_token=token).first()
    return found
