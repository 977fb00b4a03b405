"""How appointments end: cancelled, run out unanswered, kept or missed; what they held is freed."""

import datetime as dt
from collections.abc import Collection
from typing import Final

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from treatments import ledger
from treatments.appointments.asking import counts_by_now
from treatments.appointments.life import (
    AppointmentRefused,
    ChangedMeanwhile,
    counted_reference,
    entries_of,
    is_redeemed,
    lock,
    lock_unused,
    tell_customer,
    tell_desk,
    transition,
    was_kept,
)
from treatments.models import Appointment, AppointmentStatus
from treatments.spacing import clinic_day
from treatments.standing import open_holds

WORDS_KEPT: Final = dt.timedelta(days=30)
_FREED: Final = "The appointment was cancelled"
_LATE: Final = "Cancelled after the time until which it is free"
_MISSED: Final = "An appointment that was not kept"
_UNPAID: Final = "Your bank took back what was paid for its session. Please call us."
_BATCH: Final = 200


class CountsAsUsed(AppointmentRefused):
    """By the terms it was confirmed with, cancelling now takes the session."""

    def __init__(self) -> None:
        super().__init__(
            "Nothing was cancelled: by now the session would count as used. "
            "If you cannot come all the same, say so once more."
        )


@transaction.atomic
def cancel(*, appointment_id: int, knows_it_counts: bool, by: User, at: dt.datetime) -> Appointment:
    """Let the customer cancel; the session is free again, unless it is late and the terms say so.

    :param knows_it_counts: whether they were told that the session counts as used.
    :raises CountsAsUsed: if it would, and they were not.
    :raises ChangedMeanwhile: if it has come to its end.
    :raises SessionTaken: if the session was redeemed.
    """
    appointment = lock_unused(appointment_id)
    counts = counts_by_now(appointment, at=at)
    if counts and not knows_it_counts:
        raise CountsAsUsed
    transition(appointment, AppointmentStatus.CANCELLED, at=at)
    release(appointment, reason=_LATE if counts else _FREED, by=by, at=at)
    if counts:
        _count_as_used(appointment, reason=_LATE, by=by, at=at)
    tell_customer(appointment, at=at)
    tell_desk(appointment, at=at)
    return appointment


@transaction.atomic
def call_off(
    *, appointment_id: int, sentence: str, seen_changes: int, by: User, at: dt.datetime
) -> Appointment:
    """Let the clinic cancel; the session is free again, however late it is.

    :raises ChangedMeanwhile: if it was changed since it was looked at, or has come to its end.
    :raises SessionTaken: if the session was redeemed.
    """
    appointment = lock_unused(appointment_id)
    if appointment.changes != seen_changes:
        raise ChangedMeanwhile(appointment.status)
    transition(
        appointment,
        AppointmentStatus.CANCELLED,
        at=at,
        answer=sentence.strip(),
        answered_by=by,
    )
    release(appointment, reason="The clinic had to cancel", by=by, at=at)
    tell_customer(appointment, at=at)
    return appointment


def release(appointment: Appointment, *, reason: str, by: User | None, at: dt.datetime) -> None:
    """Free the session that a locked appointment holds, if nothing else has ended the hold."""
    held = appointment.hold
    if held not in open_holds(entries_of(appointment)):
        return
    ledger.release(hold_id=held.pk, reference=f"{held.reference}:free", reason=reason, by=by, at=at)


def end_due(*, at: dt.datetime) -> int:
    """End what nobody answered in time, and what the day of is over; return how many."""
    today = clinic_day(at)
    unanswered = Q(status__in=[AppointmentStatus.ASKED, AppointmentStatus.SUGGESTED])
    over = Appointment.objects.filter(last_day_on__lt=today).filter(
        unanswered | Q(status=AppointmentStatus.CONFIRMED)
    )
    ended = 0
    for appointment_id in list(over.order_by("pk").values_list("pk", flat=True)[:_BATCH]):
        ended += _end(appointment_id, at=at)
    return ended


@transaction.atomic
def cancel_all(*, pass_ids: Collection[int], by: User, at: dt.datetime) -> int:
    """End everything that is open, as its customer leaves; the desk is told, nobody else."""
    ended = _open_of(pass_ids)
    for appointment in ended:
        transition(appointment, AppointmentStatus.CANCELLED, at=at)
        release(appointment, reason=_FREED, by=by, at=at)
        tell_desk(appointment, at=at)
    return len(ended)


@transaction.atomic
def end_unpaid(*, pass_ids: Collection[int], at: dt.datetime) -> list[Appointment]:
    """End what is open of passes that are not paid for any more; customer and desk are told.

    What a session was redeemed for already is left to the evening, which says that it was kept.
    """
    ended = []
    for appointment in _open_of(pass_ids):
        if is_redeemed(appointment, entries_of(appointment)):
            continue
        transition(appointment, AppointmentStatus.CANCELLED, at=at, answer=_UNPAID)
        release(appointment, reason="The payment was taken back", by=None, at=at)
        tell_customer(appointment, at=at)
        tell_desk(appointment, at=at)
        ended.append(appointment)
    return ended


def _open_of(pass_ids: Collection[int]) -> list[Appointment]:
    """Lock what is open of some passes, all of it before the first of the passes."""
    rows = Appointment.objects.open().filter(session_pass__in=pass_ids).order_by("pk")
    found = [row.pk for row in rows.select_for_update(of=["self"])]
    return [lock(appointment_id) for appointment_id in found]


def forget_words(*, at: dt.datetime) -> int:
    """Forget what customers wrote to the desk once the day is well over; return how many."""
    old = Appointment.objects.filter(last_day_on__lt=clinic_day(at - WORDS_KEPT))
    return old.exclude(sealed_words="").update(sealed_words="")


@transaction.atomic
def _end(appointment_id: int, *, at: dt.datetime) -> bool:
    """End one appointment whose last day is over; False if somebody was faster."""
    appointment = lock(appointment_id)
    try:
        if appointment.status == AppointmentStatus.CONFIRMED:
            _close(appointment, at=at)
        else:
            transition(appointment, AppointmentStatus.LAPSED, at=at)
            release(appointment, reason="The request ran out", by=None, at=at)
            tell_customer(appointment, at=at)
    except ChangedMeanwhile:
        return False
    return True


def _close(appointment: Appointment, *, at: dt.datetime) -> None:
    """Say whether somebody came; who did not has the session back, unless the terms say so."""
    if was_kept(appointment):
        transition(appointment, AppointmentStatus.KEPT, at=at)
        release(appointment, reason="The session was taken without it", by=None, at=at)
        return
    transition(appointment, AppointmentStatus.MISSED, at=at)
    release(appointment, reason=_MISSED, by=None, at=at)
    if appointment.late_cancel_counts:
        _count_as_used(appointment, reason=_MISSED, by=None, at=at)
    tell_customer(appointment, at=at)


def _count_as_used(
    appointment: Appointment, *, reason: str, by: User | None, at: dt.datetime
) -> None:
    """Take the session that was held, as the terms of the appointment say."""
    try:
        ledger.adjust(
            pass_id=appointment.session_pass_id,
            sessions=-1,
            reference=counted_reference(appointment.hold),
            reason=reason,
            note=f"As promised with {appointment}",
            by=by,
            at=at,
        )
    except ledger.NotEnoughSessions:
        # What was held has gone another way, such as with the end of the pass.
        return
