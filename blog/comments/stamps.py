"""A signed word in the form that says when it was shown, and makes each sending one of its own.

Article pages are the same bytes for everybody, so they cannot carry one: a script fetches it once
the comments come into view, and without scripts the page on which a comment is checked has it.
"""

import datetime as dt
import secrets
from dataclasses import dataclass
from typing import Final

from django.core import signing

SALT: Final = "blog.comment-stamp"
# Nobody reads a form and writes a comment faster.
LEAST_AGE: Final = dt.timedelta(seconds=3)
LONGEST_AGE: Final = dt.timedelta(hours=24)
_LONGEST = 300


class NoStamp(Exception):
    """The form came without a stamp that holds: forged, for another article, or too old."""


class TooFast(Exception):
    """The form came back faster than a person writes."""

    def __init__(self) -> None:
        super().__init__("That was very quick. Please look it over once more, then send it.")


@dataclass(frozen=True)
class Stamp:
    """What a stamp says; ``key`` is the same however often the form is sent."""

    key: str


def make(*, article_id: int, at: dt.datetime) -> str:
    """Return a stamp for a form that is shown now."""
    facts = {"a": article_id, "k": secrets.token_urlsafe(16), "t": int(at.timestamp())}
    return signing.dumps(facts, salt=SALT)


def read(stamp: str, *, article_id: int, at: dt.datetime) -> Stamp:
    """Return what a stamp says.

    :raises NoStamp: if it is none of ours, for another article, or too old.
    :raises TooFast: if the form was shown only just now.
    """
    if len(stamp) > _LONGEST:
        raise NoStamp
    try:
        facts = signing.loads(stamp, salt=SALT)
        age = at - dt.datetime.fromtimestamp(facts["t"], tz=dt.UTC)
        is_ours = facts["a"] == article_id
        key = str(facts["k"])
    except (signing.BadSignature, KeyError, TypeError, ValueError, OverflowError) as refusal:
        raise NoStamp from refusal
    if not is_ours or age > LONGEST_AGE:
        raise NoStamp
    if age < LEAST_AGE:
        raise TooFast
    return Stamp(key)
