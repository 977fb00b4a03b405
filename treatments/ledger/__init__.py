"""The only writer of session passes and of their ledger.

Every verb is keyword-only, is safe inside the caller's transaction, locks the pass (rows in the
order of their ids), and does the same reference once. `reason` is a sentence that customers read;
`note` is what staff type, and is sealed.
"""

from treatments.ledger.freezing import freeze, thaw
from treatments.ledger.granting import NothingToGrant, Sold, claim_passes, grant, hand_over_passes
from treatments.ledger.holding import AlreadyAnswered, NotThatKind, hold, release
from treatments.ledger.lasting import (
    DaysOutOfBounds,
    NotExpiredYet,
    NothingToExpire,
    PauseOutOfBounds,
    expire,
    extend,
    pause,
    resume,
)
from treatments.ledger.moving import NothingToChange, adjust, refund, return_sessions, transfer
from treatments.ledger.protocols import OlderProtocol, OtherTreatment, apply_protocol
from treatments.ledger.reading import NoteErased, read_note
from treatments.ledger.redeeming import (
    UNDO_WITHIN,
    TooEarly,
    TooLateToUndo,
    redeem,
    restore,
)
from treatments.ledger.usable import (
    NotEnoughSessions,
    PassExpired,
    PassFrozen,
    PassPaused,
    PassRefused,
)
from treatments.ledger.verifying import BrokenEntry, verify
from treatments.ledger.writing import ReasonMissing, ReferenceTaken

__all__ = [
    "UNDO_WITHIN",
    "AlreadyAnswered",
    "BrokenEntry",
    "DaysOutOfBounds",
    "NotEnoughSessions",
    "NotExpiredYet",
    "NotThatKind",
    "NoteErased",
    "NothingToChange",
    "NothingToExpire",
    "NothingToGrant",
    "OlderProtocol",
    "OtherTreatment",
    "PassExpired",
    "PassFrozen",
    "PassPaused",
    "PassRefused",
    "PauseOutOfBounds",
    "ReasonMissing",
    "ReferenceTaken",
    "Sold",
    "TooEarly",
    "TooLateToUndo",
    "adjust",
    "apply_protocol",
    "claim_passes",
    "expire",
    "extend",
    "freeze",
    "grant",
    "hand_over_passes",
    "hold",
    "pause",
    "read_note",
    "redeem",
    "refund",
    "release",
    "restore",
    "resume",
    "return_sessions",
    "thaw",
    "transfer",
    "verify",
]
