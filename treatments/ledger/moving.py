"""Move sessions from pass to pass, take them back for money, and put a balance right."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.db import IntegrityError, transaction

from accounts.models import User
from treatments.ledger.holding import NotThatKind
from treatments.ledger.lasting import said
from treatments.ledger.usable import PassRefused, check_available, check_usable
from treatments.ledger.writing import (
    Act,
    Changes,
    LockedPass,
    ReferenceTaken,
    append,
    lock,
    once,
    opened,
)
from treatments.models import LedgerEntry, LedgerKind, SessionPass
from treatments.models.passes import FIRST_PREVIOUS_HASH
from treatments.validity import ValidityRule

LONGEST_VALIDITY_DAYS = 3660


class NothingToChange(PassRefused):
    """At least one session must be named."""

    def __init__(self) -> None:
        super().__init__("Say how many sessions; none is nothing to do.")


def refund(
    *,
    pass_id: int,
    sessions: int,
    reference: str,
    by: User | None,
    at: dt.datetime,
    reason: str = "Refunded",
    note: str = "",
) -> LedgerEntry:
    """Take unused sessions off a pass because their money goes back.

    A pause or a last day in the past hinders nobody: what the terms allow is the caller's to say.

    :raises NothingToChange: if fewer than one session is named.
    :raises NotEnoughSessions: if fewer are free.
    :raises ReferenceTaken: if the reference stands for something else.
    """
    if sessions < 1:
        raise NothingToChange
    act = Act(reference=reference, reason=reason, by=by, at=at, note=note)

    def decide(locked: LockedPass) -> Changes:
        check_available(locked.standing, sessions=sessions)
        return {"sessions": -sessions}

    return once(
        pass_id=pass_id,
        kind=LedgerKind.REFUND,
        act=act,
        decide=decide,
        same={"sessions": -sessions},
    )


def adjust(
    *,
    pass_id: int,
    sessions: int,
    reference: str,
    note: str,
    by: User | None,
    at: dt.datetime,
    reason: str = "Put right by the clinic",
) -> LedgerEntry:
    """Add or, when negative, take sessions, because something was not written as it was.

    :raises NothingToChange: if no session is named.
    :raises ReasonMissing: if the note does not say why.
    :raises NotEnoughSessions: if more are to be taken than are free.
    :raises ReferenceTaken: if the reference stands for something else.
    """
    if not sessions:
        raise NothingToChange
    act = Act(reference=reference, reason=reason, by=by, at=at, note=said(note))

    def decide(locked: LockedPass) -> Changes:
        check_available(locked.standing, sessions=-sessions)
        return {"sessions": sessions}

    return once(
        pass_id=pass_id, kind=LedgerKind.ADJUST, act=act, decide=decide, same={"sessions": sessions}
    )


def transfer(
    *,
    pass_id: int,
    sessions: int,
    to_email: str,
    to: User | None,
    reference: str,
    by: User | None,
    at: dt.datetime,
    reason: str = "Passed on",
    note: str = "",
) -> SessionPass:
    """Give sessions to somebody else as a pass of their own, good until the same day.

    :raises NothingToChange: if fewer than one session is named.
    :raises PassRefused: if the pass is frozen, paused or expired, or fewer are free.
    :raises ReferenceTaken: if the reference stands for something else.
    """
    if sessions < 1:
        raise NothingToChange
    act = Act(reference=f"{reference}:out", reason=reason, by=by, at=at, note=note)

    def decide(locked: LockedPass) -> Changes:
        check_usable(locked.standing, sessions=sessions, on=act.on)
        return {"sessions": -sessions}

    with transaction.atomic():
        given = _take_out(pass_id, sessions, act, decide)
        received = LedgerEntry.objects.filter(reference=f"{reference}:in", about=given).first()
        if received is None:
            return _receive(given, email=to_email, owner=to, reference=reference, act=act)
        return received.session_pass


def return_sessions(
    *,
    pass_id: int,
    sessions: int,
    reference: str,
    by: User | None,
    at: dt.datetime,
    reason: str = "Given back",
    note: str = "",
) -> LedgerEntry:
    """Give sessions back to the pass that they were passed on from; return what that receives.

    A pass that has expired can give back too; what it gives is good as long as the first one.

    :raises NothingToChange: if fewer than one session is named.
    :raises NotThatKind: if the pass was not passed on by anybody.
    :raises NotEnoughSessions: if fewer are free.
    :raises ReferenceTaken: if the reference stands for something else.
    """
    if sessions < 1:
        raise NothingToChange
    act = Act(reference=f"{reference}:out", reason=reason, by=by, at=at, note=note)
    origin_id = _origin_of(pass_id)

    def decide(locked: LockedPass) -> Changes:
        check_available(locked.standing, sessions=sessions)
        return {"sessions": -sessions}

    with transaction.atomic():
        both = SessionPass.objects.filter(pk__in=[pass_id, origin_id]).order_by("pk")
        list(both.select_for_update(of=["self"]))
        given = _take_out(pass_id, sessions, act, decide)
        return once(
            pass_id=origin_id,
            kind=LedgerKind.TRANSFER_IN,
            act=Act(reference=f"{reference}:in", reason=reason, by=by, at=at),
            decide=lambda _locked: {"sessions": sessions, "about": given},
            same={"sessions": sessions, "about_id": given.pk},
        )


def _origin_of(pass_id: int) -> int:
    """Return the pass that another one was made from; its first entry says so."""
    entries = LedgerEntry.objects.filter(session_pass=pass_id, previous_hash=FIRST_PREVIOUS_HASH)
    first = entries.select_related("about").first()
    if first is None or first.about is None:
        raise NotThatKind
    return first.about.session_pass_id


def _take_out(
    pass_id: int, sessions: int, act: Act, decide: Callable[[LockedPass], Changes]
) -> LedgerEntry:
    return once(
        pass_id=pass_id,
        kind=LedgerKind.TRANSFER_OUT,
        act=act,
        decide=decide,
        same={"sessions": -sessions},
    )


def _receive(
    given: LedgerEntry, *, email: str, owner: User | None, reference: str, act: Act
) -> SessionPass:
    source = lock(given.session_pass_id)
    row = SessionPass(
        owner=owner,
        holder_email=email.strip().lower(),
        treatment_id=source.row.treatment_id,
        grant_reference=reference,
        created_at=act.at,
        claimed_at=act.at if owner else None,
        **_same_promise(source.row),
        **_same_days(source),
    )
    receiving = Act(reference=f"{reference}:in", reason=act.reason, by=act.by, at=act.at)
    changes = {
        "sessions": -given.sessions,
        "about": given,
        "protocol_id": source.standing.protocol_id,
    }
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            append(opened(row), kind=LedgerKind.TRANSFER_IN, act=receiving, changes=changes)
    except IntegrityError as refusal:
        if SessionPass.objects.filter(grant_reference=reference).exists():
            raise ReferenceTaken(reference) from refusal
        raise
    return row


def _same_promise(source: SessionPass) -> Mapping[str, Any]:
    """Return what was sold; the money for it lies where it lay, whoever comes for the sessions."""
    return {
        "package_name": source.package_name,
        "vat_rate_bp": source.vat_rate_bp,
        "paid_minor": source.paid_minor,
        "paid_sessions": source.paid_sessions,
        "pause_days": source.pause_days,
    }


def _same_days(source: LockedPass) -> Mapping[str, Any]:
    """Return the validity of a pass that ends with another one, or has not begun either."""
    standing = source.standing
    if standing.starts_on is None or standing.expires_on is None:
        return {
            "validity_rule": ValidityRule.FROM_FIRST_USE,
            "validity_days": source.row.validity_days,
        }
    days = min((standing.expires_on - standing.starts_on).days, LONGEST_VALIDITY_DAYS)
    return {
        "validity_rule": ValidityRule.FROM_PURCHASE,
        "validity_days": days,
        "starts_on": standing.expires_on - dt.timedelta(days=days),
        "expires_on": standing.expires_on,
    }
