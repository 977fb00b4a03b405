"""A pass and its entries in the words that its owner reads."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from treatments.models import LedgerEntry, SessionPass

# What an entry did, said to the one whose pass it is.
_DONE: Final[Mapping[str, str]] = {
    "GRANT": "Sessions added",
    "RELEASE": "Free again",
}
MINUS: Final = "\N{MINUS SIGN}"


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One entry of a pass: what happened, when, and what was left after it."""

    happened_at: dt.datetime
    title: str
    reason: str
    change: str
    left: int


def entry_lines(session_pass: SessionPass) -> list[EntryLine]:
    """Return every entry of a pass, the newest first."""
    return list(reversed(_lines(session_pass.entries.order_by("pk"))))


def _lines(entries: Iterable[LedgerEntry]) -> list[EntryLine]:
    left, lines = 0, []
    for entry in entries:
        left += entry.sessions
        lines.append(
            EntryLine(
                happened_at=entry.happened_at,
                title=_DONE.get(entry.kind, entry.get_kind_display().capitalize()),
                reason=entry.reason,
                change=_signed(entry.sessions),
                left=left,
            )
        )
    return lines


def _signed(sessions: int) -> str:
    if not sessions:
        return ""
    return f"+{sessions}" if sessions > 0 else f"{MINUS}{-sessions}"
