"""How long a pass lasts: extend it, pause it, and let what is left expire."""

import datetime as dt

from accounts.models import User
from treatments.ledger.holding import AlreadyAnswered, named
from treatments.ledger.usable import PassRefused, check_not_expired, check_not_frozen
from treatments.ledger.writing import Act, Changes, LockedPass, ReasonMissing, once
from treatments.models import LedgerEntry, LedgerKind

LONGEST_PAUSE = dt.timedelta(days=365)
LONGEST_EXTENSION_DAYS = 3650


class PauseOutOfBounds(PassRefused):
    """A pause begins today or later, before the last day, and lasts a year at most."""

    def __init__(self) -> None:
        super().__init__(
            "A pause begins today or later, not after the last day, and lasts one day to one year."
        )


class DaysOutOfBounds(PassRefused):
    """A pass is extended by one day to ten years."""

    def __init__(self) -> None:
        super().__init__("A pass can be extended by one day to ten years.")


class NotExpiredYet(PassRefused):
    """The grace period still runs, or the pass has no last day yet."""

    def __init__(self) -> None:
        super().__init__("This pass can still be used.")


class NothingToExpire(PassRefused):
    """No session is left."""

    def __init__(self) -> None:
        super().__init__("No session is left on this pass.")


def extend(
    *,
    pass_id: int,
    days: int,
    reference: str,
    note: str,
    by: User | None,
    at: dt.datetime,
    reason: str = "Valid for longer",
) -> LedgerEntry:
    """Move the last day of a pass, begun or not; an expired one can be used again.

    :raises DaysOutOfBounds: if the days are fewer than one or more than ten years.
    :raises ReasonMissing: if the note does not say why.
    :raises ReferenceTaken: if the reference stands for something else.
    """
    if not 1 <= days <= LONGEST_EXTENSION_DAYS:
        raise DaysOutOfBounds
    act = Act(reference=reference, reason=reason, by=by, at=at, note=said(note))
    return once(
        pass_id=pass_id,
        kind=LedgerKind.EXTEND,
        act=act,
        decide=lambda _locked: {"sessions": 0, "days": days},
        same={"days": days},
    )


def pause(
    *,
    pass_id: int,
    from_on: dt.date,
    until_on: dt.date,
    reference: str,
    reason: str,
    by: User | None,
    at: dt.datetime,
    note: str = "",
) -> LedgerEntry:
    """Let nobody use a pass from a day on until another, and add those days at its end.

    Pauses may overlap; a day that lies in several counts once. `until_on` is the first day on
    which the pass can be used again.

    :raises PauseOutOfBounds: if it begins in the past or after the last day, or is too long.
    :raises PassExpired: if the pass cannot be used any more.
    :raises ReferenceTaken: if the reference stands for something else.
    """
    act = Act(reference=reference, reason=reason, by=by, at=at, note=note)

    def decide(locked: LockedPass) -> Changes:
        check_not_expired(locked.standing, on=act.on)
        last = locked.standing.expires_on
        is_too_late = last is not None and from_on > last
        is_in_bounds = from_on < until_on and until_on - from_on <= LONGEST_PAUSE
        if from_on < act.on or is_too_late or not is_in_bounds:
            raise PauseOutOfBounds
        return {"sessions": 0, "from_on": from_on, "until_on": until_on}

    return once(
        pass_id=pass_id,
        kind=LedgerKind.PAUSE,
        act=act,
        decide=decide,
        same={"from_on": from_on, "until_on": until_on},
    )


def resume(
    *,
    pause_id: int,
    reference: str,
    reason: str,
    by: User | None,
    at: dt.datetime,
    note: str = "",
) -> LedgerEntry:
    """End one pause today, or call it off if it has not begun; other pauses go on.

    :raises NotThatKind: if the entry is no pause.
    :raises AlreadyAnswered: if it was ended before, or is over.
    :raises ReferenceTaken: if the reference stands for something else.
    """
    act = Act(reference=reference, reason=reason, by=by, at=at, note=note)
    paused = named(pause_id, kind=LedgerKind.PAUSE)

    def decide(locked: LockedPass) -> Changes:
        is_over = paused.until_on is not None and paused.until_on <= act.on
        if is_over or any(each.about_id == paused.pk for each in locked.entries):
            raise AlreadyAnswered
        return {"sessions": 0, "until_on": act.on, "about": paused}

    return once(
        pass_id=paused.session_pass_id,
        kind=LedgerKind.RESUME,
        act=act,
        decide=decide,
        same={"about_id": paused.pk},
    )


def expire(
    *,
    pass_id: int,
    reference: str,
    by: User | None,
    at: dt.datetime,
    reason: str = "Not used in time",
) -> LedgerEntry:
    """Take what is left once the grace period is over; the pass stays and says why.

    :raises PassFrozen: if the payment for it is disputed.
    :raises NotExpiredYet: if the pass can still be used.
    :raises NothingToExpire: if nothing is left.
    :raises ReferenceTaken: if the reference stands for something else.
    """
    act = Act(reference=reference, reason=reason, by=by, at=at)

    def decide(locked: LockedPass) -> Changes:
        standing = locked.standing
        check_not_frozen(standing)
        if not standing.is_expired(act.on):
            raise NotExpiredYet
        if not standing.balance:
            raise NothingToExpire
        return {"sessions": -standing.balance, "held": -standing.held}

    return once(pass_id=pass_id, kind=LedgerKind.EXPIRE, act=act, decide=decide, same={})


def said(note: str) -> str:
    """Return staff's own words without spaces around.

    :raises ReasonMissing: if there are none.
    """
    words = note.strip()
    if not words:
        raise ReasonMissing
    return words
