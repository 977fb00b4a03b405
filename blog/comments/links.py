"""Signed links in mails: each opens one act, for one comment, for some time."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from django.conf import settings
from django.core import signing
from django.urls import reverse

DECISION_LIFE: Final = dt.timedelta(days=7)
CONFIRM_LIFE: Final = dt.timedelta(days=30)
_DECIDE, _REPLIES = "blog.decide-comment", "blog.told-of-replies"
_LONGEST = 300


class Act(StrEnum):
    APPROVE = "approve"
    REJECT = "reject"
    SPAM = "spam"


class Wish(StrEnum):
    CONFIRM = "confirm"
    STOP = "stop"


class LinkInvalid(Exception):
    """Nobody here made this link."""

    def __init__(self) -> None:
        super().__init__("This link is not complete. Open it from the mail once more.")


class LinkExpired(Exception):
    """The link was good once."""

    def __init__(self) -> None:
        super().__init__("This link has expired.")


@dataclass(frozen=True)
class Decision:
    """What a moderator's link may do, and whose it is."""

    comment_id: int
    moderator_id: int
    act: Act


@dataclass(frozen=True)
class ReplyWish:
    """What a reader's link says about being told of replies."""

    subscription_id: int
    wish: Wish


def decision_url(decision: Decision, *, at: dt.datetime) -> str:
    """Return a link that decides on one comment, after a button was pressed."""
    facts = {"c": decision.comment_id, "m": decision.moderator_id, "a": str(decision.act)}
    return _url("comments:decide", facts, _DECIDE, at)


def read_decision(token: str, *, at: dt.datetime) -> Decision:
    """Return what a moderator's link may do.

    :raises LinkInvalid: if it is none of ours.
    :raises LinkExpired: if it is older than a week.
    """
    facts = _read(token, _DECIDE, life=DECISION_LIFE, at=at)
    return Decision(facts["c"], facts["m"], Act(facts["a"]))


def replies_url(wish: ReplyWish, *, at: dt.datetime) -> str:
    """Return a link by which a reader is told of replies, or of no more."""
    facts = {"s": wish.subscription_id, "w": str(wish.wish)}
    return _url("comments:replies", facts, _REPLIES, at)


def read_replies(token: str, *, at: dt.datetime) -> ReplyWish:
    """Return what a reader's link says; one that ends the mails never expires.

    :raises LinkInvalid: if it is none of ours.
    :raises LinkExpired: if it confirms an address and is older than a month.
    """
    facts = _read(token, _REPLIES, life=None, at=at)
    wish = ReplyWish(facts["s"], Wish(facts["w"]))
    if wish.wish == Wish.CONFIRM:
        _read(token, _REPLIES, life=CONFIRM_LIFE, at=at)
    return wish


def _url(name: str, facts: dict[str, Any], salt: str, at: dt.datetime) -> str:
    token = signing.dumps({**facts, "t": int(at.timestamp())}, salt=salt)
    return f"{settings.SITE_URL}{reverse(name, args=[token])}"


def _read(token: str, salt: str, *, life: dt.timedelta | None, at: dt.datetime) -> dict[str, Any]:
    if len(token) > _LONGEST:
        raise LinkInvalid
    try:
        facts: dict[str, Any] = signing.loads(token, salt=salt)
    except (signing.BadSignature, ValueError) as refusal:
        raise LinkInvalid from refusal
    made_at = dt.datetime.fromtimestamp(facts["t"], tz=dt.UTC)
    if life is not None and at - made_at > life:
        raise LinkExpired
    return facts
