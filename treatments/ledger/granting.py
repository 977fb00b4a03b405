"""Make passes: for what was bought, and for whom."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.db import IntegrityError, transaction

from accounts.models import User
from treatments.ledger.writing import Act, ReferenceTaken, append, opened
from treatments.models import LedgerKind, Protocol, SessionPass
from treatments.phones import digits_of
from treatments.validity import ValidityRule, validity_window


class NothingToGrant(ValueError):
    """A grant must add at least one session."""

    def __init__(self, sessions: int) -> None:
        super().__init__(f"A grant adds at least one session, not {sessions}.")


@dataclass(frozen=True, slots=True)
class Sold:
    """What stands on the line of an order that a pass was bought with.

    :ivar paid_minor: what was paid for the sessions, VAT included, in minor units.
    :ivar pause_days: for how many days the holder may pause the pass.
    :ivar holder_phone: as the buyer wrote it.
    """

    package_name: str = ""
    vat_rate_bp: int | None = None
    paid_minor: int = 0
    pause_days: int = 0
    holder_phone: str = ""


NOT_SOLD: Final = Sold()


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
    sold: Sold = NOT_SOLD,
) -> SessionPass:
    """Give somebody a pass with sessions; the same reference again returns the same pass.

    The pass keeps the newest protocol of its treatment. Safe inside the caller's transaction and
    against another one that says the same at once: the loser waits for the winner and returns its
    pass.

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
        package_name=sold.package_name,
        vat_rate_bp=sold.vat_rate_bp,
        paid_minor=sold.paid_minor,
        paid_sessions=sessions if sold.paid_minor else 0,
        pause_days=sold.pause_days,
        holder_phone=digits_of(sold.holder_phone),
        created_at=at,
        claimed_at=at if owner else None,
    )
    act = Act(reference=reference, reason=reason, by=by, at=at)
    protocol = Protocol.objects.newest_of(treatment_id)
    try:
        with transaction.atomic():
            session_pass.save(force_insert=True)
            changes = {"sessions": sessions, "protocol": protocol}
            append(opened(session_pass), kind=LedgerKind.GRANT, act=act, changes=changes)
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


def hand_over_passes(*, gone: User, stays: User) -> int:
    """Hand all passes of one account to another of the same person; return how many.

    Entries stay as they are: what was granted, used and held is the same person's. The rows are
    locked as every verb locks them, so nobody redeems while they change hands. The caller is
    inside a transaction.
    """
    owned = SessionPass.objects.filter(owner=gone).order_by("pk")
    rows = [row.pk for row in owned.select_for_update(of=["self"])]
    return SessionPass.objects.filter(pk__in=rows).update(owner=stays)


def _check_same_grant(granted: SessionPass, *, treatment_id: int, sessions: int) -> None:
    first = granted.entries.filter(reference=granted.grant_reference).first()
    is_same = first is not None and first.sessions == sessions
    if granted.treatment_id != treatment_id or not is_same:
        raise ReferenceTaken(granted.grant_reference)
