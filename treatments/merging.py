"""What of passes goes along when two accounts of one person become one."""

import datetime as dt
from typing import Final

from django.db.models import Q, QuerySet

from accounts.merging import Mover, Outlook, counted
from accounts.models import User
from accounts.person import Person
from treatments import aftercare_wishes, checking, gift_keeping, ledger
from treatments.models import Appointment, CalendarLink, Gift, SessionPass

_CHECKS: Final = "suitability checks and consultations, which clinical roles alone see"


def _look(gone: Person, stays: Person) -> Outlook:
    passes = SessionPass.objects.owned_by(gone.user)
    given = Gift.objects.filter(giver=gone.user)
    held = Appointment.objects.open().filter(session_pass__in=passes)
    waiting = Gift.objects.waiting().filter(recipient_email__in=gone.emails)
    moves = [
        said
        for number, said in (
            (passes.count(), counted(passes.count(), "pass", "passes") + ", with every entry"),
            (held.count(), counted(held.count(), "open appointment") + " of these passes"),
            (given.count(), counted(given.count(), "gift") + " given to others"),
            (waiting.count(), counted(waiting.count(), "gift") + " waiting to be accepted"),
        )
        if number
    ]
    return Outlook([*moves, _CHECKS], _what_stays(gone, stays), _what_hinders(gone, stays))


def _what_stays(gone: Person, stays: Person) -> list[str]:
    links = CalendarLink.objects.filter(owner__in=[gone.user, stays.user])
    both = ["the calendar link of the account that goes ends: the other has one"]
    wishes = ["whether aftercare mails are wanted is kept address by address"]
    return [*wishes, *(both if links.count() > 1 else [])]


def _what_hinders(gone: Person, stays: Person) -> list[str]:
    between = _gifts_between(gone, stays).count()
    said = "waits between the two accounts: it is to be accepted or taken back first"
    return [f"{counted(between, 'gift')} {said}"] if between else []


def _gifts_between(gone: Person, stays: Person) -> QuerySet[Gift]:
    there = Q(giver=gone.user, recipient_email__in=stays.emails)
    return Gift.objects.waiting().filter(
        there | Q(giver=stays.user, recipient_email__in=gone.emails)
    )


def _move(*, gone: Person, stays: Person, by: User, at: dt.datetime) -> None:  # noqa: ARG001
    gift_keeping.hand_over(gone=gone.user, stays=stays.user)
    ledger.hand_over_passes(gone=gone.user, stays=stays.user)
    checking.hand_over(gone=gone.user, stays=stays.user)
    aftercare_wishes.hand_over_calendar_link(gone=gone.user, stays=stays.user)


MOVER: Final = Mover(
    title="Sessions",
    fields=frozenset(
        {
            "treatments.CalendarLink.owner",
            "treatments.Gift.giver",
            "treatments.SessionPass.owner",
            "treatments.SuitabilityCheck.user",
        }
    ),
    look=_look,
    move=_move,
)
