"""What staff wrote beside an entry or of a gift, for those who may read it."""

from accounts.sealing import Unreadable
from treatments import gifts, ledger
from treatments.models import Gift, LedgerEntry


def words_beside(entry: LedgerEntry) -> str:
    """Return what staff wrote, or why it cannot be read."""
    try:
        return ledger.read_note(entry)
    except (ledger.NoteErased, Unreadable) as refusal:
        return f"({refusal})"


def why_called_off(gift: Gift) -> str:
    """Return why staff called a gift off, or why that cannot be read."""
    try:
        return gifts.why_called_off(gift)
    except Unreadable as refusal:
        return f"({refusal})"
