"""What follows from a dispute: sessions are frozen, thawed or taken, and what is lost is booked.

The caller has locked the order. Rows are locked in the order order, pass, and last the number of a
credit note.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Final

from django.utils import dateformat, timezone

from checkout import order_notes, order_status, refunds
from checkout.models import Dispute, Order
from checkout.models.payment import DISPUTE_ENDS
from checkout.order_page import passes_of
from money.money import Money
from treatments import appointments, ledger
from treatments.models import Appointment, LedgerEntry, LedgerKind, SessionPass
from treatments.standing import open_freezes, standing_of

LOST: Final = "lost"
_FROSTS: Final = (LedgerKind.FREEZE, LedgerKind.THAW)


def follow(dispute: Dispute, order: Order, *, at: datetime) -> None:
    """Do what the state of a dispute asks for; again, it changes nothing.

    A bank may find for the shop after all, once it was lost: then the booking is taken back, and a
    person looks at the sessions.
    """
    if dispute.status not in DISPUTE_ENDS:
        _freeze(dispute, order, at=at)
    elif dispute.status == LOST:
        ended = _end_visits(order, at=at)
        _take_sessions(dispute, order, at=at)
        refunds.book_lost(dispute, at=at)
        _leave_a_note(dispute, order, ended, at=at)
    else:
        _thaw(dispute, order, at=at)
        refunds.unbook_lost(dispute, at=at)


def passes_under(order: Order) -> list[SessionPass]:
    """Return the passes of an order, and those that were passed on from them, however often."""
    found = list(passes_of(order))
    newest = found
    while newest:
        handed_on = LedgerEntry.objects.filter(
            kind=LedgerKind.TRANSFER_IN, about__session_pass__in=newest
        )
        received = SessionPass.objects.filter(pk__in=handed_on.values("session_pass"))
        newest = list(received.exclude(pk__in=[row.pk for row in found]))
        found = [*found, *newest]
    return sorted(found, key=lambda row: row.pk)


def _freeze(dispute: Dispute, order: Order, *, at: datetime) -> None:
    frozen = 0
    for row in passes_under(order):
        name, entries = _name(dispute, row, "frozen"), list(row.entries.order_by("pk"))
        before = [entry for entry in entries if _is_called(entry, name)]
        is_frozen = any(_is_called(entry, name) for entry in open_freezes(entries))
        if not standing_of(row, entries).balance or is_frozen:
            continue
        if before:  # It was decided, and is open again.
            name = f"{name}:{len(before) + 1}"
        reason = "Frozen: the payment is disputed"
        ledger.freeze(pass_id=row.pk, reference=name, reason=reason, by=None, at=at)
        frozen += 1
    if frozen:
        _tell(order, "FROZEN", f"Unused sessions of {_passes(frozen)} are frozen", at=at)


def _thaw(dispute: Dispute, order: Order, *, at: datetime) -> None:
    thawed = 0
    for row in passes_under(order):
        frozen_by = _name(dispute, row, "frozen")
        for entry in open_freezes(row.entries.filter(kind__in=_FROSTS)):
            if not _is_called(entry, frozen_by):
                continue
            ledger.thaw(
                freeze_id=entry.pk,
                reference=f"{_name(dispute, row, 'thawed')}{entry.reference[len(frozen_by) :]}",
                reason="Free again: the bank has decided",
                by=None,
                at=at,
            )
            thawed += 1
    if thawed:
        _tell(order, "THAWED", f"Sessions of {_passes(thawed)} can be used again", at=at)


def _end_visits(order: Order, *, at: datetime) -> list[str]:
    """Cancel the appointments of the order's own passes, and say which on its timeline."""
    ended = appointments.end_unpaid(pass_ids=[row.pk for row in passes_of(order)], at=at)
    said = [_visit(each) for each in ended]
    if said:
        _tell(order, "VISITS_CANCELLED", f"Appointments cancelled: {'; '.join(said)}", at=at)
    return said


def _visit(appointment: Appointment) -> str:
    treatment = appointment.session_pass.treatment
    if appointment.starts_at is None:
        return f"{treatment}, asked for until {appointment.last_day_on:%-d %B %Y}"
    when = dateformat.format(timezone.localtime(appointment.starts_at), "j F Y, H:i")
    return f"{treatment}, {when}"


def _leave_a_note(dispute: Dispute, order: Order, ended: Sequence[str], *, at: datetime) -> None:
    """Tell staff once what was done, and what a person has to decide; a tag finds the order."""
    if order.notes.filter(text__contains=dispute.stripe_dispute_id).exists():
        return
    amount = Money(dispute.amount_minor, dispute.currency)
    sentences = [f"Dispute {dispute.stripe_dispute_id} over {amount} is lost."]
    if ended:
        sentences.append(f"Cancelled, and the customer was told: {'; '.join(ended)}.")
    if to_decide := list(_left_frozen(order)):
        sentences.append(f"Frozen until somebody decides: {'; '.join(to_decide)}.")
    order_notes.write(order_id=order.pk, text="\n".join(sentences), by=None, at=at)
    with suppress(order_notes.TagRefused):
        order_notes.tag(order_id=order.pk, name="dispute lost", by=None, at=at)


def _left_frozen(order: Order) -> Iterator[str]:
    own = {row.pk for row in passes_of(order)}
    for row in passes_under(order):
        balance = standing_of(row, list(row.entries.order_by("pk"))).balance
        if balance:
            where = "set aside for gifts" if row.pk in own else "passed on"
            yield f"{row}, {balance} {where}"


def _take_sessions(dispute: Dispute, order: Order, *, at: datetime) -> None:
    """Take what is left; what is set aside for a gift stays frozen where it is.

    A pass that was passed on is somebody else's present: it stays frozen, for a person to decide.
    """
    taken = 0
    for row in passes_of(order):
        name, entries = _name(dispute, row, "taken"), list(row.entries.order_by("pk"))
        free = standing_of(row, entries).available
        if free < 1 or _is_written(entries, name):
            continue
        reason = "Taken back: the bank returned the payment"
        ledger.refund(pass_id=row.pk, sessions=free, reference=name, reason=reason, by=None, at=at)
        taken += free
    if taken:
        words = "1 unused session is" if taken == 1 else f"{taken} unused sessions are"
        _tell(order, "SESSIONS_TAKEN", f"{words} taken back", at=at)


def _is_called(entry: LedgerEntry, name: str) -> bool:
    """Tell whether an entry bears a name, or one of those that follow when all begins anew."""
    return entry.reference == name or entry.reference.startswith(f"{name}:")


def _is_written(entries: Iterable[LedgerEntry], reference: str) -> bool:
    return any(entry.reference == reference for entry in entries)


def _name(dispute: Dispute, row: SessionPass, what: str) -> str:
    return f"{dispute.stripe_dispute_id}:{row.pk}:{what}"


def _tell(order: Order, kind: str, message: str, *, at: datetime) -> None:
    order_status.record(order, kind=kind, message=message, at=at)


def _passes(count: int) -> str:
    return "1 pass" if count == 1 else f"{count} passes"
