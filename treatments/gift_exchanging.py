"""Sessions of a gift that were taken as something else; what that was is the rooms' above."""

import datetime as dt
import re
from collections.abc import Iterable
from typing import Final

from django.db import transaction

from accounts.models import User
from treatments import gift_mailing, gifts, ledger
from treatments.models import Gift, GiftStatus, LedgerEntry, LedgerKind, SessionPass
from treatments.standing import standing_of

_REFERENCE: Final = re.compile(r"gift:\d+:exchanged")


@transaction.atomic
def exchange(*, gift_id: int, worth_minor: int, by: User | None, at: dt.datetime) -> Gift:
    """Take the sessions of a waiting gift off the giver's pass, for what they are worth.

    Whether they suit is not asked: they are had by nobody. The giver is told by whoever knows
    what is left over.

    :param worth_minor: minor units of the currency that the pass was paid in.
    :raises gifts.NotWaiting: if the gift waits no more.
    :raises ledger.PassFrozen: if the payment for the sessions is disputed.
    """
    gift = gifts.locked(gift_id)
    gifts.check_waiting(gift, at=at)
    if is_frozen(SessionPass.objects.select_for_update(of=["self"]).get(pk=gift.session_pass_id)):
        raise ledger.PassFrozen
    gifts.release(gift, GiftStatus.EXCHANGED, by=by, at=at)
    ledger.refund(
        pass_id=gift.session_pass_id,
        sessions=gift.sessions,
        reference=f"gift:{gift.pk}:exchanged",
        reason="Something else was taken for your gift",
        by=by,
        at=at,
    )
    gift.worth_minor = worth_minor
    gifts.close(gift, GiftStatus.EXCHANGED, by=by, at=at)
    gift_mailing.call_off(gift)
    gifts.forget_answers(gift)
    gift_mailing.tell_giver(gift, gift_mailing.EXCHANGED, at=at)
    return gift


def is_frozen(session_pass: SessionPass) -> bool:
    """Tell whether a bank has still to say, or a person, what becomes of the sessions."""
    return standing_of(session_pass, session_pass.entries.order_by("pk")).is_frozen


def is_exchange(entry: LedgerEntry) -> bool:
    """Tell whether an entry took sessions for something else, and not for money."""
    is_named = _REFERENCE.fullmatch(entry.reference) is not None
    return entry.kind == LedgerKind.REFUND and is_named


def exchanged_of(session_pass: SessionPass, entries: Iterable[LedgerEntry]) -> tuple[int, int]:
    """Return how many sessions of a pass were taken as something else, and for how much.

    A query only where there are any.
    """
    sessions = -sum(entry.sessions for entry in entries if is_exchange(entry))
    if not sessions:
        return 0, 0
    gone = Gift.objects.filter(session_pass=session_pass, status=GiftStatus.EXCHANGED)
    return sessions, sum(gone.values_list("worth_minor", flat=True))
