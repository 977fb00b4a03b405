"""Give sessions to somebody: set them aside, and write down for whom and until when."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.db import transaction

from accounts.models import User
from accounts.person import person_of
from treatments import gift_mailing, ledger
from treatments.models import Gift, SessionPass
from treatments.spacing import clinic_day

LONGEST_AHEAD: Final = dt.timedelta(days=365)
# References of holds that are gifts begin so.
HOLD: Final = "gift-hold"


class GiftRefused(ValueError):
    """A gift cannot be given or accepted so; the message can be shown."""


class OwnAddress(GiftRefused):
    """The recipient is the giver."""

    def __init__(self) -> None:
        super().__init__("This is your own address. Sessions you keep need not be given.")


class MailDayRefused(GiftRefused):
    """The mail would go out in the past, in a year or more, or after the pass has ended."""

    def __init__(self, *, last: dt.date) -> None:
        super().__init__(f"Choose a day from today until {last:%-d %B %Y}.")


class PassEnded(GiftRefused):
    """The last day of the pass is over; in the days of grace it is its holder's alone."""

    def __init__(self) -> None:
        super().__init__("This pass has ended, so its sessions can no longer be given.")


@dataclass(frozen=True, slots=True)
class Card:
    """What a gift says, and to whom; all of it as the giver typed it."""

    giver_name: str
    recipient_name: str
    recipient_email: str
    message: str = ""


@transaction.atomic
def give(
    *,
    pass_id: int,
    sessions: int,
    card: Card,
    mail_on: dt.date,
    reference: str,
    by: User,
    at: dt.datetime,
) -> Gift:
    """Set sessions aside for somebody, and let them know on a day; the same reference gives once.

    It can be accepted for as long as the shop says from the day of the mail, and no longer than
    the pass lasts.

    :raises OwnAddress: if the giver gives to themselves.
    :raises PassEnded: if the last day of the pass is over.
    :raises MailDayRefused: if the mail cannot go out on that day.
    :raises ledger.PassRefused: if the pass is paused or expired, or too few sessions are free.
    :raises ledger.ReferenceTaken: if the reference stands for something else.
    """
    email = card.recipient_email.strip().lower()
    if email in {by.email.lower(), *person_of(by).emails}:
        raise OwnAddress
    held = ledger.hold(
        pass_id=pass_id,
        sessions=sessions,
        reference=f"{HOLD}:{reference}",
        reason="Set aside for your gift",
        by=by,
        at=at,
    )
    # The pass is locked by now, so nobody makes a second gift of the same hold.
    if (known := Gift.objects.filter(hold=held).first()) is not None:
        return known
    row = SessionPass.objects.get(pk=pass_id)
    gift = Gift.objects.create(
        session_pass=row,
        hold=held,
        giver=by,
        giver_name=card.giver_name,
        recipient_name=card.recipient_name,
        recipient_email=email,
        message=card.message,
        given_at=at,
        mail_at=gift_mailing.mail_moment(mail_on, at=at),
        ends_on=_last_day(row, mail_on=mail_on, on=clinic_day(at)),
    )
    gift_mailing.tell_giver(gift, gift_mailing.GIVEN, at=at)
    gift_mailing.mail_if_due(gift, at=at)
    return gift


def given_before(row: SessionPass, *, reference: str) -> bool:
    """Tell whether this is a second press of the same button."""
    known = Gift.objects.filter(session_pass=row, hold__reference=f"{HOLD}:{reference}")
    return bool(reference) and "\0" not in reference and known.exists()


def _last_day(row: SessionPass, *, mail_on: dt.date, on: dt.date) -> dt.date:
    """Return the last day on which a gift can be accepted.

    :raises PassEnded: if there is none.
    :raises MailDayRefused: if it cannot be mailed on that day.
    """
    last = on + LONGEST_AHEAD
    if row.expires_on is not None:
        last = min(last, row.expires_on)
    if last < on:
        raise PassEnded
    if not on <= mail_on <= last:
        raise MailDayRefused(last=last)
    ends_on = mail_on + dt.timedelta(days=settings.GIFT_DAYS)
    return ends_on if row.expires_on is None else min(ends_on, row.expires_on)
