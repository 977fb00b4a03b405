"""Freeze a pass while the money for it is disputed, and let it be used again."""

import datetime as dt

from accounts.models import User
from treatments.ledger.holding import AlreadyAnswered, named
from treatments.ledger.writing import Act, Changes, LockedPass, once
from treatments.models import LedgerEntry, LedgerKind
from treatments.spacing import clinic_day


def freeze(
    *, pass_id: int, reference: str, reason: str, by: User | None, at: dt.datetime
) -> LedgerEntry:
    """Let nobody use a pass, give it away or set sessions aside until it is thawed.

    What an appointment or a gift has set aside stays so, and cannot be had through it either. A
    frozen pass does not expire.

    :raises ReferenceTaken: if the reference stands for something else.
    """
    return once(
        pass_id=pass_id,
        kind=LedgerKind.FREEZE,
        act=Act(reference=reference, reason=reason, by=by, at=at),
        decide=lambda _locked: {"sessions": 0},
        same={},
    )


def thaw(
    *, freeze_id: int, reference: str, reason: str, by: User | None, at: dt.datetime
) -> LedgerEntry:
    """End what a pass was frozen by; the days that a begun pass lost are added at its end.

    :raises NotThatKind: if the entry has frozen nothing.
    :raises AlreadyAnswered: if it was ended before.
    :raises ReferenceTaken: if the reference stands for something else.
    """
    act = Act(reference=reference, reason=reason, by=by, at=at)
    frozen = named(freeze_id, kind=LedgerKind.FREEZE)

    def decide(locked: LockedPass) -> Changes:
        if any(each.about_id == frozen.pk for each in locked.entries):
            raise AlreadyAnswered
        return {"sessions": 0, "days": _days_lost(locked, frozen, act), "about": frozen}

    return once(
        pass_id=frozen.session_pass_id,
        kind=LedgerKind.THAW,
        act=act,
        decide=decide,
        same={"about_id": frozen.pk},
    )


def _days_lost(locked: LockedPass, frozen: LedgerEntry, act: Act) -> int:
    """Count the days on which a pass ran that nobody could use."""
    if locked.standing.starts_on is None:
        return 0
    return max((act.on - clinic_day(frozen.happened_at)).days, 0)
