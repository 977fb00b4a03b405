"""What staff wrote beside an entry, for those who may read it."""

from accounts.sealing import Unreadable
from treatments import ledger
from treatments.models import LedgerEntry


def words_beside(entry: LedgerEntry) -> str:
    """Return what staff wrote, or why it cannot be read."""
    try:
        return ledger.read_note(entry)
    except (ledger.NoteErased, Unreadable) as refusal:
        return f"({refusal})"
