"""Take a session at the desk, and put it back."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from accounts.models import User
from treatments.ledger.holding import AlreadyAnswered, check_open, named
from treatments.ledger.usable import PassRefused, check_usable
from treatments.ledger.writing import Act, Changes, LockedPass, lock_with_siblings, once
from treatments.models import LedgerEntry, LedgerKind, SessionPass
from treatments.spacing import next_day, spacing_of
from treatments.standing import sessions_among
from treatments.visits import protocol_of

UNDO_WITHIN = dt.timedelta(minutes=15)


class TooEarly(PassRefused):
    """The protocol asks for more days between sessions; `possible_on` is the first allowed one."""

    def __init__(self, *, possible_on: dt.date) -> None:
        self.possible_on = possible_on
        super().__init__(f"Too early: the next session is possible from {possible_on:%-d %B %Y}.")


class TooLateToUndo(PassRefused):
    """A redemption is undone within minutes; later a manager puts the balance right."""

    def __init__(self) -> None:
        minutes = int(UNDO_WITHIN.total_seconds() // 60)
        super().__init__(
            f"This was more than {minutes} minutes ago. A manager can put the balance right."
        )


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What somebody at the desk wants of a pass."""

    sessions: int
    practitioner_id: int | None
    held: LedgerEntry | None
    is_override: bool


def redeem(
    *,
    pass_id: int,
    reference: str,
    by: User | None,
    at: dt.datetime,
    reason: str = "Session at the clinic",
    sessions: int = 1,
    practitioner_id: int | None = None,
    hold_id: int | None = None,
    note: str = "",
    override_reason: str = "",
) -> LedgerEntry:
    """Take a session off a pass, once per reference.

    The days between sessions are counted over all that the holder has of the treatment. A
    clinician's `override_reason` allows it sooner; it is sealed beside the entry, and the entry
    says that it was an override. Whether somebody may override is the caller's to ask.

    :raises PassFrozen: if the payment for it is disputed.
    :raises PassPaused: if the day lies in a pause.
    :raises PassExpired: if the grace period is over.
    :raises NotEnoughSessions: if none is free.
    :raises TooEarly: if the protocol asks for more days, and no reason was given.
    :raises AlreadyAnswered: if the hold that it was set aside by holds no more.
    :raises ReferenceTaken: if the reference stands for something else.
    """
    words = "\n".join(filter(None, [override_reason.strip(), note.strip()]))
    act = Act(reference=reference, reason=reason, by=by, at=at, note=words)
    wanted = _Wanted(
        sessions=max(sessions, 1),
        practitioner_id=practitioner_id,
        held=named(hold_id, kind=LedgerKind.HOLD) if hold_id else None,
        is_override=bool(override_reason.strip()),
    )
    return once(
        pass_id=pass_id,
        kind=LedgerKind.REDEEM,
        act=act,
        decide=lambda locked: _redemption(locked, wanted, act),
        same={"sessions": -wanted.sessions, "practitioner_id": practitioner_id},
        locking=lock_with_siblings,
    )


def restore(
    *,
    entry_id: int,
    reference: str,
    by: User | None,
    at: dt.datetime,
    reason: str = "Undone at the desk",
    note: str = "",
) -> LedgerEntry:
    """Put back what a redemption took, while it is fresh; both entries stay.

    :raises NotThatKind: if the entry is no redemption.
    :raises AlreadyAnswered: if it was put back before.
    :raises TooLateToUndo: if it is more than 15 minutes old.
    :raises ReferenceTaken: if the reference stands for something else.
    """
    act = Act(reference=reference, reason=reason, by=by, at=at, note=note)
    taken = named(entry_id, kind=LedgerKind.REDEEM)

    def decide(locked: LockedPass) -> Changes:
        if any(each.about_id == taken.pk for each in locked.entries):
            raise AlreadyAnswered
        if at - taken.happened_at > UNDO_WITHIN:
            raise TooLateToUndo
        return {"sessions": -taken.sessions, "about": taken}

    return once(
        pass_id=taken.session_pass_id,
        kind=LedgerKind.RESTORE,
        act=act,
        decide=decide,
        same={"about_id": taken.pk},
    )


def _redemption(locked: LockedPass, wanted: _Wanted, act: Act) -> Changes:
    held = wanted.held
    if held is not None:
        check_open(locked, held)
    from_hold = held.held if held else 0
    check_usable(locked.standing, sessions=wanted.sessions - from_hold, on=act.on)
    possible_on = _first_day(locked, wanted, act)
    if possible_on is not None and not wanted.is_override:
        raise TooEarly(possible_on=possible_on)
    return {
        "sessions": -wanted.sessions,
        "held": -from_hold,
        "about": held,
        "practitioner_id": wanted.practitioner_id,
        "is_override": possible_on is not None,
    }


def _first_day(locked: LockedPass, wanted: _Wanted, act: Act) -> dt.date | None:
    """Return the first day that spacing allows, if that is still to come."""
    spacing = spacing_of(protocol_of(locked.row, locked.standing))
    moments = list(_sessions_of_holder(locked))
    if wanted.sessions > 1:  # The second of them would follow the first on the same day.
        moments.append(act.at)
    possible_on = next_day(spacing, moments)
    return possible_on if possible_on is not None and possible_on > act.on else None


def _sessions_of_holder(locked: LockedPass) -> Iterator[dt.datetime]:
    yield from locked.standing.sessions_at
    row = locked.row
    same_person = SessionPass.objects.of_holder(owner_id=row.owner_id, email=row.holder_email)
    others = same_person.filter(treatment_id=row.treatment_id).exclude(pk=row.pk)
    kinds = [LedgerKind.REDEEM, LedgerKind.RESTORE]
    entries = LedgerEntry.objects.filter(session_pass__in=others, kind__in=kinds)
    yield from sessions_among(list(entries))
