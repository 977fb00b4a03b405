"""The two cookies of a basket: a signed one that leads to it, and a plain count for the header.

The count may be read by scripts, because pages are the same bytes for every visitor and fill it
in themselves; it says nothing but a number.
"""

import re
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from checkout.models import Basket

COUNT_COOKIE: Final = "galea_basket_count"
MAX_AGE: Final = 60 * 60 * 24 * 90

_KEY = re.compile(r"[A-Za-z0-9_-]{20,43}")


def key_from(request: HttpRequest) -> str:
    """Return the basket key that the visitor's cookie names; empty if none or forged."""
    key = request.get_signed_cookie(settings.BASKET_COOKIE_NAME, default="", max_age=MAX_AGE)
    return key if key and _KEY.fullmatch(key) else ""


def remember(response: HttpResponseBase, *, basket: Basket, count: int) -> None:
    """Lead the visitor back to this basket and tell the page how many things are in it.

    An account's basket is found through the account: its key never travels.
    """
    if basket.user_id is None:
        response.set_signed_cookie(
            settings.BASKET_COOKIE_NAME,
            basket.key,
            max_age=MAX_AGE,
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )
    else:
        response.delete_cookie(settings.BASKET_COOKIE_NAME, samesite="Lax")
    show_count(response, count=count)


def show_count(response: HttpResponseBase, *, count: int) -> None:
    """Tell the page how many things are in the basket."""
    response.set_cookie(
        COUNT_COOKIE,
        str(count),
        max_age=MAX_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def forget(response: HttpResponseBase) -> None:
    """Take both cookies back, as when somebody signs out."""
    response.delete_cookie(settings.BASKET_COOKIE_NAME, samesite="Lax")
    response.delete_cookie(COUNT_COOKIE, samesite="Lax")
