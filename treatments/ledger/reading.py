"""Read what staff wrote beside an entry."""

from treatments.ledger.writing import NOTES
from treatments.models import LedgerEntry, LedgerNote


class NoteErased(LookupError):
    """The entry had a note once; it was forgotten, and the chain still stands."""

    def __init__(self) -> None:
        super().__init__("What was written here has been erased.")


def read_note(entry: LedgerEntry) -> str:
    """Return the words beside an entry in clear, or nothing if there never were any.

    Only for roles that may read clinical words; `select_related("note")` saves the query.

    :raises NoteErased: if there were words once.
    :raises accounts.sealing.Unreadable: if the key is gone or the note was tampered with.
    """
    if not entry.note_digest:
        return ""
    try:
        return NOTES.unseal(entry.note.sealed)
    except LedgerNote.DoesNotExist as refusal:
        raise NoteErased from refusal
