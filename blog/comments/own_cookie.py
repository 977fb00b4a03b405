"""The cookie by which readers see their own comments while those wait.

It is signed, names ids alone, and is sent to the addresses of comments alone, so that article
pages stay the same for everybody.
"""

from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

NAME: Final = "galea_comments"
MAX_AGE: Final = 60 * 60 * 24 * 30
MOST: Final = 20
PATH: Final = "/comments/"


def ids_from(request: HttpRequest) -> list[int]:
    """Return the comments that this browser sent; none if the cookie is forged or old."""
    value = request.get_signed_cookie(NAME, default="", max_age=MAX_AGE) or ""
    parts = value.split(".")[-MOST:]
    return [int(part) for part in parts if part.isascii() and part.isdigit() and len(part) < 18]


def remember(request: HttpRequest, response: HttpResponseBase, *, comment_id: int) -> None:
    """Add a comment to those of this browser."""
    ids = [*(each for each in ids_from(request) if each != comment_id), comment_id]
    response.set_signed_cookie(
        NAME,
        ".".join(map(str, ids[-MOST:])),
        max_age=MAX_AGE,
        path=PATH,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
