"""Set sessions aside for an appointment or a gift, and free them again."""

import datetime as dt

from accounts.models import User
from treatments.ledger.usable import PassRefused, check_usable
from treatments.ledger.writing import Act, Changes, LockedPass, once
from treatments.models import LedgerEntry, LedgerKind
from treatments.standing import open_holds


class NotThatKind(PassRefused):
    """The entry that is named is not one that can be answered so."""

    def __init__(self) -> None:
        super().__init__("That entry of the ledger is not of this pass, or of another kind.")


class AlreadyAnswered(PassRefused):
    """The entry that is named was put back, ended or released before."""

    def __init__(self) -> None:
        super().__init__("That was undone or ended before.")


def hold(
    *,
    pass_id: int,
    reference: str,
    reason: str,
    by: User | None,
    at: dt.datetime,
    sessions: int = 1,
    note: str = "",
) -> LedgerEntry:
    """Set sessions aside; nobody can use them but through this hold.

    :raises PassRefused: if the pass is frozen, paused or expired, or too few sessions are free.
    :raises ReferenceTaken: if the reference stands for something else.
    """
    act = Act(reference=reference, reason=reason, by=by, at=at, note=note)
    wanted = max(sessions, 1)

    def decide(locked: LockedPass) -> Changes:
        check_usable(locked.standing, sessions=wanted, on=act.on)
        return {"sessions": 0, "held": wanted}

    return once(
        pass_id=pass_id, kind=LedgerKind.HOLD, act=act, decide=decide, same={"held": wanted}
    )


def release(
    *,
    hold_id: int,
    reference: str,
    reason: str,
    by: User | None,
    at: dt.datetime,
    note: str = "",
) -> LedgerEntry:
    """Free what an entry has set aside.

    :raises NotThatKind: if the entry is no hold.
    :raises AlreadyAnswered: if it was released or redeemed before.
    :raises ReferenceTaken: if the reference stands for something else.
    """
    act = Act(reference=reference, reason=reason, by=by, at=at, note=note)
    held = named(hold_id, kind=LedgerKind.HOLD)

    def decide(locked: LockedPass) -> Changes:
        check_open(locked, held)
        return {"sessions": 0, "held": -held.held, "about": held}

    return once(
        pass_id=held.session_pass_id,
        kind=LedgerKind.RELEASE,
        act=act,
        decide=decide,
        same={"about_id": held.pk},
    )


def named(entry_id: int, *, kind: LedgerKind) -> LedgerEntry:
    """Return the entry that somebody names.

    :raises NotThatKind: if there is none of that kind.
    """
    entry = LedgerEntry.objects.filter(pk=entry_id, kind=kind).first()
    if entry is None:
        raise NotThatKind
    return entry


def check_open(locked: LockedPass, held: LedgerEntry) -> None:
    """Refuse a hold of another pass, and one that does not hold any more."""
    if held.session_pass_id != locked.row.pk:
        raise NotThatKind
    if held not in open_holds(locked.entries):
        raise AlreadyAnswered
