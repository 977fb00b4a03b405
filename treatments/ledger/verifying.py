"""Recompute a ledger: whether every entry is as it was written, and says what it may say."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from accounts.sealing import Unreadable
from treatments.ledger.writing import NOTES, hash_of, note_digest
from treatments.models import LedgerEntry, LedgerNote, SessionPass
from treatments.models.passes import FIRST_PREVIOUS_HASH
from treatments.standing import standing_of


@dataclass(frozen=True)
class BrokenEntry:
    """The first entry of a pass that is not what was written."""

    entry_id: int
    reference: str
    problem: str


def verify(session_pass: SessionPass) -> BrokenEntry | None:
    """Recompute the chain of a pass; the first entry that does not fit, or nothing.

    `prefetch_related("entries__note")` saves the queries.
    """
    entries = sorted(session_pass.entries.all(), key=lambda entry: entry.pk)
    return first_broken(session_pass, entries)


def first_broken(session_pass: SessionPass, entries: Iterable[LedgerEntry]) -> BrokenEntry | None:
    """Return the first of a pass's entries, oldest first, that is not what was written."""
    written = list(entries)
    for entry, problem in _problems(session_pass, written):
        if problem:
            return BrokenEntry(entry.pk, entry.reference, problem)
    standing = standing_of(session_pass, written)
    shown = (session_pass.starts_on, session_pass.expires_on)
    if written and shown != (standing.starts_on, standing.expires_on):
        last = written[-1]
        return BrokenEntry(last.pk, last.reference, "does not end on the last day of its pass")
    return None


def _problems(
    session_pass: SessionPass, entries: list[LedgerEntry]
) -> Iterator[tuple[LedgerEntry, str]]:
    expected_previous = FIRST_PREVIOUS_HASH
    balance = held = 0
    for entry in entries:
        balance, held = balance + entry.sessions, held + entry.held
        if entry.previous_hash != expected_previous:
            yield entry, "does not follow the entry before it"
        if entry.entry_hash != hash_of(entry, session_pass=session_pass):
            yield entry, "does not match its own hash"
        if entry.balance_after is not None and (entry.balance_after, entry.held_after) != (
            balance,
            held,
        ):
            yield entry, "does not leave what the entries sum up to"
        yield entry, _problem_of_note(entry)
        expected_previous = entry.entry_hash


def _problem_of_note(entry: LedgerEntry) -> str:
    """Say what is wrong with the words beside an entry; none is needed, they may be erased."""
    try:
        note = entry.note
    except LedgerNote.DoesNotExist:
        return ""
    try:
        words = NOTES.unseal(note.sealed)
    except Unreadable:
        return "has a note that cannot be read"
    if note_digest(words, salt=note.salt) != entry.note_digest:
        return "has a note that is not the one it was written with"
    return ""
