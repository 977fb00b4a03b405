"""How an entry is written: under a lock on its pass, once per reference, hashed onto the last."""

import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.sealing import Sealer
from treatments.models import LedgerEntry, LedgerKind, LedgerNote, SessionPass
from treatments.models.passes import FIRST_PREVIOUS_HASH
from treatments.spacing import clinic_day
from treatments.standing import Standing, standing_of
from treatments.validity import ValidityRule

NOTES: Final = Sealer("treatments.ledger_note")


class ReferenceTaken(ValueError):
    """The reference already stands for something else."""

    def __init__(self, reference: str) -> None:
        super().__init__(f"“{reference}” was written before, for something else.")


class ReasonMissing(ValueError):
    """Staff must say why."""

    def __init__(self) -> None:
        super().__init__("Say why. The reason stands in the ledger for good.")


@dataclass(frozen=True, slots=True)
class Act:
    """Who does something, when and why; `note` is staff's own words, `reason` is for everybody."""

    reference: str
    reason: str
    by: User | None
    at: dt.datetime
    note: str = ""

    @property
    def on(self) -> dt.date:
        return clinic_day(self.at)


@dataclass(frozen=True, slots=True)
class LockedPass:
    """A pass that nobody else can change before the transaction ends, and how it stands."""

    row: SessionPass
    entries: list[LedgerEntry]
    standing: Standing


Changes = Mapping[str, Any]


def lock(pass_id: int) -> LockedPass:
    """Lock a pass and read its entries.

    :raises SessionPass.DoesNotExist: if there is no such pass.
    """
    row = SessionPass.objects.select_for_update(of=["self"]).get(pk=pass_id)
    return opened(row)


def lock_with_siblings(pass_id: int) -> LockedPass:
    """Lock a pass with all that its holder has of the same treatment, in the order of their ids."""
    row = SessionPass.objects.get(pk=pass_id)
    same_person = SessionPass.objects.of_holder(owner_id=row.owner_id, email=row.holder_email)
    wanted = same_person.filter(treatment_id=row.treatment_id).order_by("pk")
    rows = {each.pk: each for each in wanted.select_for_update(of=["self"])}
    # Somebody may have claimed it between the two looks; then it alone is locked.
    return opened(rows[pass_id]) if pass_id in rows else lock(pass_id)


def opened(row: SessionPass) -> LockedPass:
    entries = list(row.entries.order_by("pk"))
    return LockedPass(row, entries, standing_of(row, entries))


def once(
    *,
    pass_id: int,
    kind: LedgerKind,
    act: Act,
    decide: Callable[[LockedPass], Changes],
    same: Changes,
    locking: Callable[[int], LockedPass] = lock,
) -> LedgerEntry:
    """Write one entry under the lock, or return the one that the reference stands for already.

    `decide` looks at the locked pass, refuses or says what the entry changes; `same` is what an
    earlier entry with the reference must say to be this one.

    :raises ReferenceTaken: if the reference stands for something else.
    """
    with transaction.atomic():
        locked = locking(pass_id)
        known = LedgerEntry.objects.filter(reference=act.reference).first()
        if known is not None:
            return _checked(known, {"session_pass_id": pass_id, "kind": kind, **same})
        return append(locked, kind=kind, act=act, changes=decide(locked))


def append(locked: LockedPass, *, kind: LedgerKind, act: Act, changes: Changes) -> LedgerEntry:
    """Write an entry after the last one, and let the days of the pass follow."""
    last = locked.entries[-1] if locked.entries else None
    entry = LedgerEntry(
        session_pass=locked.row,
        kind=kind,
        reference=act.reference,
        reason=act.reason,
        actor=act.by,
        happened_at=act.at,
        previous_hash=last.entry_hash if last else FIRST_PREVIOUS_HASH,
        **changes,
    )
    entry.balance_after = locked.standing.balance + entry.sessions
    entry.held_after = locked.standing.held + entry.held
    salt = _note_digest(entry, act.note)
    entry.entry_hash = hash_of(entry, session_pass=locked.row)
    try:
        with transaction.atomic():
            entry.save(force_insert=True)
    except IntegrityError as refusal:
        if LedgerEntry.objects.filter(reference=act.reference).exists():
            raise ReferenceTaken(act.reference) from refusal
        raise
    if salt:
        LedgerNote.objects.create(entry=entry, salt=salt, sealed=NOTES.seal(act.note))
    _let_days_follow(locked, entry)
    return entry


def note_digest(words: str, *, salt: str) -> str:
    """Return what an entry keeps of a note: enough to check it by, not enough to guess it from."""
    return hashlib.sha256(f"{salt}:{words}".encode()).hexdigest()


def hash_of(entry: LedgerEntry, *, session_pass: SessionPass) -> str:
    """Return the hash of everything an entry says, and of the one before it."""
    facts = facts_of(entry, session_pass=session_pass)
    canonical = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def facts_of(entry: LedgerEntry, *, session_pass: SessionPass) -> dict[str, Any]:
    """Return what the hash of an entry stands for, as plain JSON."""
    facts: dict[str, Any] = {
        "pass": str(session_pass.public_id),
        "kind": str(entry.kind),
        "sessions": entry.sessions,
        "reference": entry.reference,
        "reason": entry.reason,
        "actor": entry.actor_id,
        "happened_at": entry.happened_at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        "previous": entry.previous_hash,
    }
    if entry.balance_after is not None:
        facts |= _newer_facts(entry)
        if entry.previous_hash == FIRST_PREVIOUS_HASH:
            facts |= _terms(session_pass)
    return facts


def _newer_facts(entry: LedgerEntry) -> dict[str, Any]:
    """Return what entries say since running balances are kept."""
    return {
        "held": entry.held,
        "days": entry.days,
        "from_on": str(entry.from_on or ""),
        "until_on": str(entry.until_on or ""),
        "about": entry.about_id,
        "practitioner": entry.practitioner_id,
        "protocol": entry.protocol_id,
        "is_override": entry.is_override,
        "balance_after": entry.balance_after,
        "held_after": entry.held_after,
        "note": entry.note_digest,
    }


def _terms(session_pass: SessionPass) -> dict[str, Any]:
    """Return what was promised with a pass; its first entry stands for it."""
    runs_from_purchase = session_pass.validity_rule == ValidityRule.FROM_PURCHASE
    return {
        "treatment": session_pass.treatment_id,
        "validity_rule": str(session_pass.validity_rule),
        "validity_days": session_pass.validity_days,
        "starts_on": str(session_pass.starts_on) if runs_from_purchase else "",
        "grant_reference": session_pass.grant_reference,
    }


def _note_digest(entry: LedgerEntry, note: str) -> str:
    """Put the digest of a note into the entry; return the salt, or nothing without a note."""
    if not note:
        return ""
    salt = secrets.token_hex(16)
    entry.note_digest = note_digest(note, salt=salt)
    return salt


def _checked(known: LedgerEntry, expected: Changes) -> LedgerEntry:
    if any(getattr(known, name) != value for name, value in expected.items()):
        raise ReferenceTaken(known.reference)
    return known


def _let_days_follow(locked: LockedPass, entry: LedgerEntry) -> None:
    """Keep the days that lists filter by as the entries say."""
    now = standing_of(locked.row, [*locked.entries, entry])
    days = {"starts_on": now.starts_on, "expires_on": now.expires_on}
    if any(getattr(locked.row, name) != day for name, day in days.items()):
        SessionPass.objects.filter(pk=locked.row.pk).update(**days)
        for name, day in days.items():
            setattr(locked.row, name, day)
