"""The link by which somebody without an account reads and answers: it cannot be guessed or kept.

The token is made of a random nonce and the shop's secret key. The database holds the nonce and
the token's digest: neither opens the link without the key.
"""

import base64
import datetime as dt
import hashlib
import re
import secrets
from typing import Final

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.crypto import salted_hmac
from allauth.account.adapter import get_adapter

from accounts import tries
from blog.models.reviews import ReviewRequest

LINK_LIFE: Final = dt.timedelta(days=14)
MISSES_ALLOWED: Final = 20
MISSES_COUNTED_SECONDS: Final = 300
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43}")


class TooManyGuesses(Exception):
    """Somebody at this address tried many links that lead nowhere."""


def new_nonce() -> str:
    """Return what makes one link unlike every other."""
    return secrets.token_hex(16)


def token_of(nonce: str) -> str:
    """Return the token that belongs to a nonce."""
    signed = salted_hmac("blog.review", nonce, secret=settings.SECRET_KEY, algorithm="sha256")
    return base64.urlsafe_b64encode(signed.digest()).rstrip(b"=").decode()


def digest_of(token: str) -> str:
    """Return what the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def link_of(request: ReviewRequest) -> str:
    """Return the whole address that goes into the mail."""
    return f"{settings.SITE_URL}{reverse('blog:review', args=[token_of(request.nonce)])}"


def request_behind(http_request: HttpRequest, token: str, *, at: dt.datetime) -> ReviewRequest:
    """Return the request that a link leads to, while it can be answered.

    :raises Http404: if there is none, or it was answered, taken back or has grown old.
    :raises TooManyGuesses: after many misses from one address within five minutes.
    """
    key = f"review-link-misses:{get_adapter(http_request).get_client_ip(http_request)}"
    if cache.get(key, 0) >= MISSES_ALLOWED:
        raise TooManyGuesses
    found = _find(token, at=at) if _TOKEN.fullmatch(token) else None
    if found is None:
        tries.count(key, seconds=MISSES_COUNTED_SECONDS)
        raise Http404("No review is found here.")
    return found


def _find(token: str, *, at: dt.datetime) -> ReviewRequest | None:
    answerable = ReviewRequest.objects.answerable(at).select_related(
        "reviewer", "revision", "requested_by", "page"
    )
    return answerable.filter(token_digest=digest_of(token)).first()
