"""What customers do: ask for an appointment, accept a time, ask for other days."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from accounts.models import User
from treatments import ledger
from treatments.appointments.cancel_rules import rules_of
from treatments.appointments.days import MOST_DAYS, Days, NoDayChosen, TooManyDays, days_of
from treatments.appointments.life import (
    WORDS,
    AppointmentRefused,
    lock_unused,
    tell_customer,
    tell_desk,
    transition,
    was_kept,
)
from treatments.models import (
    Appointment,
    AppointmentDay,
    AppointmentStatus,
    DayPart,
    SessionPass,
)
from treatments.spacing import clinic_day

HELD = "Kept for the appointment you asked for"


class NotSuggested(AppointmentRefused):
    """The time is not, or no longer, one that the clinic suggests."""

    def __init__(self) -> None:
        super().__init__("This time is not free any more. Choose another, or ask for other days.")


class TooLateToMove(AppointmentRefused):
    """By the terms it was confirmed with, the session counts from now on."""

    def __init__(self) -> None:
        super().__init__("It is too late to move this appointment. Please call us.")


@dataclass(frozen=True, slots=True)
class Wish:
    """A day on which somebody can come, and when on it."""

    on: dt.date
    part: DayPart


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks for: up to three days, and words for the desk."""

    wishes: Sequence[Wish]
    words: str = ""


@sensitive_variables("asked")
@transaction.atomic
def ask(
    *,
    pass_id: int,
    asked: Asked,
    closed_on: Collection[dt.date],
    reference: str,
    by: User,
    at: dt.datetime,
) -> Appointment:
    """Ask for an appointment; one session of the pass is held for it. The same reference asks once.

    :raises DayRefused: if there can be no session on one of the days.
    :raises PassRefused: if no session is free, or the pass is paused or expired.
    :raises ReferenceTaken: if the reference stands for something else.
    """
    row = SessionPass.objects.select_for_update(of=["self"]).get(pk=pass_id)
    earlier = Appointment.objects.filter(session_pass=row, hold__reference=reference).first()
    if earlier is not None:
        return earlier
    _check(asked.wishes, days_of(row, at=at, closed_on=closed_on))
    held = ledger.hold(pass_id=row.pk, reference=reference, reason=HELD, by=by, at=at)
    rules = rules_of(row.treatment)
    appointment = Appointment.objects.create(
        session_pass=row,
        hold=held,
        minutes=row.treatment.duration_minutes,
        late_cancel_counts=rules.late_cancel_counts,
        last_day_on=max(wish.on for wish in asked.wishes),
        sealed_words=WORDS.seal(asked.words) if asked.words else "",
        asked_at=at,
        changed_at=at,
    )
    _write(appointment, asked.wishes)
    tell_customer(appointment, at=at)
    tell_desk(appointment, at=at)
    return appointment


@sensitive_variables("asked")
@transaction.atomic
def move(
    *, appointment_id: int, asked: Asked, closed_on: Collection[dt.date], at: dt.datetime
) -> Appointment:
    """Ask for other days; a time that was agreed is given up, the session stays held.

    :raises DayRefused: if there can be no session on one of the days.
    :raises TooLateToMove: if the session counts from now on.
    :raises ChangedMeanwhile: if it has come to its end.
    :raises SessionTaken: if the session was redeemed.
    """
    appointment = lock_unused(appointment_id)
    if counts_by_now(appointment, at=at):
        raise TooLateToMove
    row = appointment.session_pass
    _check(asked.wishes, days_of(row, at=at, closed_on=closed_on, without=appointment))
    transition(
        appointment,
        AppointmentStatus.ASKED,
        at=at,
        starts_at=None,
        free_until=None,
        practitioner=None,
        was_at=appointment.starts_at or appointment.was_at,
        answer="",
        last_day_on=max(wish.on for wish in asked.wishes),
        sealed_words=WORDS.seal(asked.words) if asked.words else "",
    )
    _write(appointment, asked.wishes)
    tell_customer(appointment, at=at)
    tell_desk(appointment, at=at)
    return appointment


@transaction.atomic
def accept(*, appointment_id: int, day_id: int, at: dt.datetime) -> Appointment:
    """Accept a time that the clinic suggests.

    :raises NotSuggested: if it does not suggest it, or the time is over.
    :raises DayRefused: if by now there can be no session on that day.
    :raises ChangedMeanwhile: if it has come to its end.
    :raises SessionTaken: if the session was redeemed.
    """
    appointment = lock_unused(appointment_id)
    day = appointment.days.filter(pk=day_id, starts_at__gt=at).first()
    if appointment.status != AppointmentStatus.SUGGESTED or day is None or day.starts_at is None:
        raise NotSuggested
    days = days_of(appointment.session_pass, at=at, without=appointment, today_too=True)
    days.check(clinic_day(day.starts_at))
    agree(appointment, starts_at=day.starts_at, at=at)
    tell_desk(appointment, at=at)
    return appointment


def agree(
    appointment: Appointment, *, starts_at: dt.datetime, at: dt.datetime, **changes: object
) -> None:
    """Confirm a locked appointment for a time, under the rules of today, and say so."""
    rules = rules_of(appointment.session_pass.treatment)
    transition(
        appointment,
        AppointmentStatus.CONFIRMED,
        at=at,
        starts_at=starts_at,
        free_until=rules.free_until(starts_at=starts_at, at=at),
        late_cancel_counts=rules.late_cancel_counts,
        last_day_on=clinic_day(starts_at),
        **changes,
    )
    appointment.days.all().delete()
    tell_customer(appointment, at=at)


def counts_by_now(appointment: Appointment, *, at: dt.datetime) -> bool:
    """Tell whether cancelling takes the session, by the terms that it was confirmed with.

    Whoever came, and had a session taken off another pass on that day, pays for one visit once.
    """
    is_late = appointment.free_until is not None and at > appointment.free_until
    return is_late and appointment.late_cancel_counts and not was_kept(appointment)


def _check(wishes: Sequence[Wish], days: Days) -> None:
    if not wishes:
        raise NoDayChosen
    if len(wishes) > MOST_DAYS:
        raise TooManyDays
    for wish in wishes:
        days.check(wish.on)


def _write(appointment: Appointment, wishes: Sequence[Wish]) -> None:
    appointment.days.all().delete()
    AppointmentDay.objects.bulk_create(
        AppointmentDay(appointment=appointment, on=wish.on, part=wish.part)
        for wish in dict.fromkeys(wishes)
    )
