"""The only writer of session passes and of their ledger."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from accounts.models import User
from treatments.models import LedgerEntry, LedgerKind, SessionPass
from treatments.models.passes import FIRST_PREVIOUS_HASH
from treatments.validity import ValidityRule, validity_window


class NothingToGrant(ValueError):
    """A grant must add at least one session."""

    def __init__(self, sessions: int) -> None:
        super().__init__(f"A grant adds at least one session, not {sessions}.")


class ReferenceTaken(ValueError):
    """The reference already stands for a different grant."""

    def __init__(self, reference: str) -> None:
        super().__init__(f"“{reference}” was granted before, for something else.")


@dataclass(frozen=True)
class BrokenEntry:
    """The first entry of a pass that is not what was written."""

    entry_id: int
    reference: str
    problem: str


def grant(
    *,
    owner: User | None,
    holder_email: str,
    treatment_id: int,
    sessions: int,
    validity_rule: ValidityRule | str,
    validity_days: int,
    reference: str,
    reason: str,
    by: User | None,
    at: dt.datetime,
) -> SessionPass:
    """Give somebody a pass with sessions; the same reference again returns the same pass.

    Safe inside the caller's transaction and against another one that says the same at once:
    the loser waits for the winner and returns its pass.

    :raises NothingToGrant: if fewer than one session is to be granted.
    :raises ReferenceTaken: if the reference was used for another treatment or number of sessions.
    """
    if sessions < 1:
        raise NothingToGrant(sessions)
    starts_on, expires_on = validity_window(rule=validity_rule, days=validity_days, at=at)
    session_pass = SessionPass(
        owner=owner,
        holder_email=holder_email.strip().lower(),
        treatment_id=treatment_id,
        grant_reference=reference,
        validity_rule=validity_rule,
        validity_days=validity_days,
        starts_on=starts_on,
        expires_on=expires_on,
        created_at=at,
        claimed_at=at if owner else None,
    )
    try:
        with transaction.atomic():
            session_pass.save(force_insert=True)
            _append(
                session_pass,
                kind=LedgerKind.GRANT,
                sessions=sessions,
                reference=reference,
                reason=reason,
                by=by,
                at=at,
            )
    except IntegrityError:
        granted = SessionPass.objects.filter(grant_reference=reference).first()
        if granted is None:
            raise
        _check_same_grant(granted, treatment_id=treatment_id, sessions=sessions)
        return granted
    return session_pass


def claim_passes(*, user: User, email: str, at: dt.datetime) -> int:
    """Hand a guest's passes to the account that has proved to own the address.

    Only call it with an address that the user has verified.
    """
    waiting = SessionPass.objects.unclaimed().filter(holder_email=email.strip().lower())
    return waiting.update(owner=user, claimed_at=at)


def verify(session_pass: SessionPass) -> BrokenEntry | None:
    """Recompute the chain of a pass; the first entry that does not fit, or nothing."""
    entries = sorted(session_pass.entries.all(), key=lambda entry: entry.pk)
    return _first_broken(entries, public_id=str(session_pass.public_id))


def _first_broken(entries: Iterable[LedgerEntry], *, public_id: str) -> BrokenEntry | None:
    expected_previous = FIRST_PREVIOUS_HASH
    for entry in entries:
        if entry.previous_hash != expected_previous:
            return BrokenEntry(entry.pk, entry.reference, "does not follow the entry before it")
        if entry.entry_hash != _hash(entry, public_id=public_id):
            return BrokenEntry(entry.pk, entry.reference, "does not match its own hash")
        expected_previous = entry.entry_hash
    return None


def _append(
    session_pass: SessionPass,
    *,
    kind: LedgerKind,
    sessions: int,
    reference: str,
    reason: str,
    by: User | None,
    at: dt.datetime,
) -> LedgerEntry:
    last = session_pass.entries.order_by("-pk").first()
    entry = LedgerEntry(
        session_pass=session_pass,
        kind=kind,
        sessions=sessions,
        reference=reference,
        reason=reason,
        actor=by,
        happened_at=at,
        previous_hash=last.entry_hash if last else FIRST_PREVIOUS_HASH,
    )
    entry.entry_hash = _hash(entry, public_id=str(session_pass.public_id))
    entry.save(force_insert=True)
    return entry


def _hash(entry: LedgerEntry, *, public_id: str) -> str:
    facts = {
        "pass": public_id,
        "kind": str(entry.kind),
        "sessions": entry.sessions,
        "reference": entry.reference,
        "reason": entry.reason,
        "actor": entry.actor_id,
        "happened_at": entry.happened_at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        "previous": entry.previous_hash,
    }
    canonical = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _check_same_grant(granted: SessionPass, *, treatment_id: int, sessions: int) -> None:
    first = granted.entries.filter(reference=granted.grant_reference).first()
    is_same = first is not None and first.sessions == sessions
    if granted.treatment_id != treatment_id or not is_same:
        raise ReferenceTaken(granted.grant_reference)
