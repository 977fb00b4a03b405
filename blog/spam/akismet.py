"""Akismet's opinion of a comment, where the shop has a key for it; otherwise nobody is asked.

https://akismet.com/developers/detailed-docs/comment-check/
"""

import http.client
import logging
import urllib.error
import urllib.request
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction

logger = logging.getLogger(__name__)

TIMEOUT_SECONDS = 2.0
_ANSWERS = {b"true": True, b"false": False}


@dataclass(frozen=True)
class Asked:
    """What Akismet is told: the comment, and the sender's address, which is not kept here."""

    address: str
    user_agent: str
    name: str
    email: str
    text: str
    permalink: str


class InsideTransaction(RuntimeError):
    """The network is never asked while rows are locked."""

    def __init__(self) -> None:
        super().__init__("Akismet must not be asked inside a transaction.")


def is_on() -> bool:
    """Whether the shop has a key; without one no request leaves it."""
    return bool(settings.AKISMET_API_KEY)


def is_spam(asked: Asked) -> bool | None:
    """Return Akismet's opinion; nothing where it is off, slow, down or unsure.

    :raises InsideTransaction: if a transaction is open.
    """
    if not is_on():
        return None
    if transaction.get_connection().in_atomic_block:
        raise InsideTransaction
    request = urllib.request.Request(  # noqa: S310 - the address is a setting, https by default.
        f"{settings.AKISMET_API_BASE}/1.1/comment-check",
        data=urlencode(_fields(asked)).encode(),
        headers={"User-Agent": "Galea/1 | Akismet/1"},
    )
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
            return _ANSWERS.get(answer.read(10).strip())
    except (OSError, http.client.HTTPException, urllib.error.URLError) as problem:
        # The text of a problem may hold what was asked: it stays out of the log.
        logger.warning("Akismet was not reached: %s", type(problem).__name__)
        return None


def _fields(asked: Asked) -> dict[str, str]:
    return {
        "api_key": settings.AKISMET_API_KEY,
        "blog": settings.SITE_URL,
        "user_ip": asked.address,
        "user_agent": asked.user_agent[:300],
        "permalink": asked.permalink,
        "comment_type": "comment",
        "comment_author": asked.name,
        "comment_author_email": asked.email,
        "comment_content": asked.text,
        "blog_charset": "UTF-8",
    }
