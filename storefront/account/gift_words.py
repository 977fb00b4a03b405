"""Gifts in the words that giver and recipient read: that they came back, never why."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from accounts.models import User
from accounts.person import person_of
from treatments import gift_returning, gifts
from treatments.giving import GiftRefused
from treatments.models import Gift, GiftStatus, LedgerEntry, SessionPass
from treatments.spacing import clinic_day
from treatments.standing import standing_of


@dataclass(frozen=True, slots=True)
class GiftLine:
    """One gift: how many sessions, for whom, and how it stands.

    :ivar number: by which it can be taken back.
    """

    number: int
    title: str
    words: str
    is_waiting: bool


def gift_lines(session_pass: SessionPass) -> list[GiftLine]:
    """Return the gifts that were made of a pass, the newest first; one query."""
    rows = Gift.objects.filter(session_pass=session_pass).select_related("hold")
    return [_line(gift) for gift in rows]


def sessions_to_give(
    session_pass: SessionPass, entries: Iterable[LedgerEntry], *, on: dt.date
) -> int:
    """Count the sessions that a holder can give away on a day, from the pass's ledger in order."""
    standing = standing_of(session_pass, entries)
    has_ended = standing.expires_on is not None and on > standing.expires_on
    if has_ended or standing.is_frozen or standing.pause_on(on) is not None:
        return 0
    return max(standing.available, 0)


def gifts_waiting(user: User, *, at: dt.datetime) -> list[Gift]:
    """Return the gifts that somebody can accept, the one that ends first in front; one query."""
    waiting = Gift.objects.waiting_for(person_of(user), on=clinic_day(at))
    rows = waiting.select_related("hold", "session_pass__treatment")
    return list(rows.order_by("ends_on", "pk"))


@dataclass(frozen=True, slots=True)
class ReceivedGift:
    """The gift that a pass was, as its recipient reads it.

    :ivar returnable: how many sessions would go back; 0 where none would.
    :ivar why_not: why none would, to be shown; empty where there is nothing to say.
    """

    giver: str
    is_returned: bool
    returnable: int = 0
    why_not: str = ""


def received_gift(
    session_pass: SessionPass, entries: Iterable[LedgerEntry], *, on: dt.date
) -> ReceivedGift | None:
    """Return the gift that a pass was; none for one that was bought."""
    rows = Gift.objects.filter(received_pass=session_pass).select_related("hold", "giver")
    gift = rows.first()
    if gift is None or not gift.giver.is_active:
        return None
    giver = gift.giver_name or "Somebody"
    if gift.status == GiftStatus.RETURNED:
        return ReceivedGift(giver, is_returned=True)
    standing = standing_of(session_pass, entries)
    try:
        returnable = gift_returning.what_goes_back(gift, standing, on=on)
    except gift_returning.SetAside as refusal:
        return ReceivedGift(giver, is_returned=False, why_not=str(refusal))
    except GiftRefused:
        return None
    return ReceivedGift(giver, is_returned=False, returnable=returnable)


def _line(gift: Gift) -> GiftLine:
    to = gift.recipient_name or "somebody"
    return GiftLine(
        number=gift.pk,
        title=f"{gift.sessions_text} for {to}",
        words=_words(gift),
        is_waiting=gift.is_waiting,
    )


def _words(gift: Gift) -> str:
    if not gift.is_waiting:
        ended = f" on {_day(gift.ended_at)}" if gift.ended_at else ""
        is_own = gift.status == GiftStatus.TAKEN_BACK
        what = "You took it back" if is_own else gifts.said_to_giver(gift).capitalize()
        return f"{what}{ended}."
    until = f"It can be accepted until {gift.ends_on:%-d %B %Y}."
    if gift.mailed_at is None:
        return f"We write to {gift.recipient_email} on {_day(gift.mail_at)}. {until}"
    return f"We wrote to {gift.recipient_email} on {_day(gift.mailed_at)}. {until}"


def _day(moment: dt.datetime) -> str:
    return f"{timezone.localtime(moment):%-d %B %Y}"
