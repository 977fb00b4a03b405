"""Move a pass to a newer version of its protocol."""

import datetime as dt

from accounts.models import User
from treatments.ledger.lasting import said
from treatments.ledger.usable import PassRefused
from treatments.ledger.writing import Act, Changes, LockedPass, once
from treatments.models import LedgerEntry, LedgerKind, Protocol
from treatments.visits import protocol_of


class OtherTreatment(PassRefused):
    """The protocol is one for another treatment."""

    def __init__(self) -> None:
        super().__init__("That protocol is for another treatment.")


class OlderProtocol(PassRefused):
    """A pass is moved to a newer protocol only."""

    def __init__(self) -> None:
        super().__init__("This pass follows that protocol, or a newer one, already.")


def apply_protocol(
    *,
    pass_id: int,
    protocol_id: int,
    reference: str,
    note: str,
    by: User,
    at: dt.datetime,
    reason: str = "A newer protocol holds for this pass",
) -> LedgerEntry:
    """Let a newer protocol hold for a sold pass; a named clinician says why.

    :raises OtherTreatment: if the protocol is for another treatment.
    :raises OlderProtocol: if it is not newer than the one that holds.
    :raises ReasonMissing: if the note does not say why.
    :raises ReferenceTaken: if the reference stands for something else.
    """
    act = Act(reference=reference, reason=reason, by=by, at=at, note=said(note))
    protocol = Protocol.objects.get(pk=protocol_id)

    def decide(locked: LockedPass) -> Changes:
        if protocol.treatment_id != locked.row.treatment_id:
            raise OtherTreatment
        is_sold_with_one = locked.standing.protocol_id is not None
        held = protocol_of(locked.row, locked.standing) if is_sold_with_one else None
        if held is not None and held.version >= protocol.version:
            raise OlderProtocol
        return {"sessions": 0, "protocol": protocol}

    return once(
        pass_id=pass_id,
        kind=LedgerKind.PROTOCOL,
        act=act,
        decide=decide,
        same={"protocol_id": protocol_id},
    )
