"""Pauses that holders make themselves, for as many days as were promised with the sale."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction

from accounts.models import User
from treatments import ledger
from treatments.models import LedgerEntry, LedgerKind, SessionPass
from treatments.spacing import clinic_day
from treatments.standing import open_pauses, standing_of

# References of pauses that holders make begin so; no others do.
PAUSE: Final = "own-pause"
PAUSED = "You paused it"
RESUMED = "You ended the pause"


class TooManyDays(ledger.PassRefused):
    """The holder has fewer days to pause left than were asked for."""

    def __init__(self, *, left: int) -> None:
        self.left = left
        days = "1 day" if left == 1 else f"{left} days"
        super().__init__(
            f"You can pause this pass yourself for {days} more. For longer, please talk to us."
            if left
            else "You have paused this pass as long as you can yourself. Please talk to us."
        )


class NotYours(ledger.PassRefused):
    """A pause that the clinic has made is the clinic's to end."""

    def __init__(self) -> None:
        super().__init__("This pause was made by the clinic. To end it sooner, please talk to us.")


@dataclass(frozen=True, slots=True)
class OwnPauses:
    """What a holder may do about pauses today.

    :ivar days_left: for how many days in all the pass can still be paused.
    :ivar ending: the own pause that goes on or is still to come, the first of them.
    """

    days_left: int
    ending: LedgerEntry | None
    can_pause: bool


def own_pauses(row: SessionPass, entries: Sequence[LedgerEntry], *, at: dt.datetime) -> OwnPauses:
    """Say what the holder of a pass may do about pauses."""
    today, standing = clinic_day(at), standing_of(row, entries)
    mine = [each for each in open_pauses(entries, on=today) if _is_own(each)]
    left = max(row.pause_days - _days_taken(entries), 0)
    is_usable = standing.available > 0 and not standing.is_expired(today)
    last = standing.expires_on
    is_in_time = last is None or today <= last
    return OwnPauses(
        days_left=left,
        ending=mine[0] if mine else None,
        can_pause=bool(left) and is_usable and is_in_time and not mine,
    )


def pause(
    *,
    pass_id: int,
    from_on: dt.date,
    until_on: dt.date,
    reference: str,
    by: User,
    at: dt.datetime,
) -> LedgerEntry:
    """Pause one's own pass.

    :raises TooManyDays: if fewer days than that are left to pause.
    :raises PauseOutOfBounds: if it begins in the past or after the last day, or is too long.
    :raises PassExpired: if the pass cannot be used any more.
    :raises ReferenceTaken: if the reference stands for something else.
    """
    with transaction.atomic():
        row = SessionPass.objects.select_for_update(of=["self"]).get(pk=pass_id)
        entries = list(row.entries.order_by("pk"))
        is_known = any(each.reference == reference for each in entries)
        left = max(row.pause_days - _days_taken(entries), 0)
        if not is_known and (until_on - from_on).days > left:
            raise TooManyDays(left=left)
        return ledger.pause(
            pass_id=pass_id,
            from_on=from_on,
            until_on=until_on,
            reference=reference,
            reason=PAUSED,
            by=by,
            at=at,
        )


def resume(*, pause: LedgerEntry, reference: str, by: User, at: dt.datetime) -> LedgerEntry:
    """End one's own pause.

    :raises NotYours: if the clinic has made it.
    :raises AlreadyAnswered: if it was ended before, or is over.
    """
    if not _is_own(pause):
        raise NotYours
    return ledger.resume(pause_id=pause.pk, reference=reference, reason=RESUMED, by=by, at=at)


def _is_own(entry: LedgerEntry) -> bool:
    """Tell whether a holder made a pause, with whichever of the accounts that are one by now."""
    return entry.reference.startswith(f"{PAUSE}:")


def _days_taken(entries: Sequence[LedgerEntry]) -> int:
    """Count the days of the holder's own pauses, up to the day on which each was ended."""
    ended = {each.about_id: each.until_on for each in entries if each.kind == LedgerKind.RESUME}
    taken = 0
    for each in entries:
        if each.kind == LedgerKind.PAUSE and _is_own(each):
            if each.from_on is None or each.until_on is None:
                continue
            until_on = min(each.until_on, ended.get(each.pk) or each.until_on)
            taken += max((until_on - each.from_on).days, 0)
    return taken
