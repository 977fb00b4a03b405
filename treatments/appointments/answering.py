"""What the desk does with a request: confirm a time, suggest others, or decline."""

import datetime as dt
from collections.abc import Collection, Sequence

from django.db import transaction

from accounts.models import User
from treatments.appointments.asking import agree
from treatments.appointments.days import days_of
from treatments.appointments.ending import release
from treatments.appointments.life import (
    AppointmentRefused,
    ChangedMeanwhile,
    lock,
    lock_unused,
    tell_customer,
    transition,
)
from treatments.models import Appointment, AppointmentDay, AppointmentStatus
from treatments.spacing import clinic_day

MOST_SUGGESTED = 3


class TimeIsOver(AppointmentRefused):
    """An appointment is in the future."""

    def __init__(self) -> None:
        super().__init__("This time is over. Choose one that is to come.")


class NothingSuggested(AppointmentRefused):
    """At least one time must be named."""

    def __init__(self) -> None:
        super().__init__("Suggest at least one time.")


class SentenceMissing(AppointmentRefused):
    """Whoever is declined is told why."""

    def __init__(self) -> None:
        super().__init__("Write a sentence for the customer.")


@transaction.atomic
def confirm(
    *,
    appointment_id: int,
    starts_at: dt.datetime,
    practitioner_id: int | None,
    seen_changes: int,
    by: User,
    at: dt.datetime,
) -> Appointment:
    """Agree to a time, one of those that were asked for or one that was talked about.

    :param seen_changes: how often it had been changed when it was looked at.
    :raises ChangedMeanwhile: if it was changed since, or has come to its end.
    :raises TimeIsOver: if the time is over.
    :raises DayRefused: if there can be no session on that day.
    :raises SessionTaken: if the session was redeemed.
    """
    appointment = lock_unused(appointment_id)
    _check_seen(appointment, seen_changes)
    _check_times(appointment, [starts_at], at=at)
    agree(
        appointment,
        starts_at=starts_at,
        at=at,
        practitioner_id=practitioner_id,
        answered_by=by,
        answer="",
    )
    return appointment


@transaction.atomic
def suggest(
    *,
    appointment_id: int,
    times: Collection[dt.datetime],
    sentence: str,
    seen_changes: int,
    by: User,
    at: dt.datetime,
) -> Appointment:
    """Offer other times; the customer accepts one of them, or asks for other days.

    :raises ChangedMeanwhile: if it was changed since it was looked at, or has come to its end.
    :raises NothingSuggested: if no time is named.
    :raises TimeIsOver: if one of them is over.
    :raises DayRefused: if there can be no session on one of the days.
    :raises SessionTaken: if the session was redeemed.
    """
    appointment = lock_unused(appointment_id)
    _check_seen(appointment, seen_changes)
    wanted = sorted(set(times))[:MOST_SUGGESTED]
    if not wanted:
        raise NothingSuggested
    _check_times(appointment, wanted, at=at)
    transition(
        appointment,
        AppointmentStatus.SUGGESTED,
        at=at,
        starts_at=None,
        free_until=None,
        practitioner=None,
        was_at=appointment.starts_at or appointment.was_at,
        answer=sentence.strip(),
        answered_by=by,
        last_day_on=clinic_day(wanted[-1]),
    )
    appointment.days.all().delete()
    AppointmentDay.objects.bulk_create(
        AppointmentDay(appointment=appointment, on=clinic_day(each), starts_at=each)
        for each in wanted
    )
    tell_customer(appointment, at=at)
    return appointment


@transaction.atomic
def decline(
    *, appointment_id: int, sentence: str, seen_changes: int, by: User, at: dt.datetime
) -> Appointment:
    """Say no to a request, with a sentence for the customer; the session is free again.

    :raises ChangedMeanwhile: if it was changed since it was looked at, or has come to its end.
    :raises SentenceMissing: if nothing is said.
    """
    if not sentence.strip():
        raise SentenceMissing
    appointment = lock(appointment_id)
    _check_seen(appointment, seen_changes)
    transition(
        appointment,
        AppointmentStatus.DECLINED,
        at=at,
        answer=sentence.strip(),
        answered_by=by,
    )
    release(appointment, reason="The appointment was declined", by=by, at=at)
    tell_customer(appointment, at=at)
    return appointment


def _check_seen(appointment: Appointment, seen_changes: int) -> None:
    """Refuse an answer to what stands otherwise by now."""
    if appointment.changes != seen_changes:
        raise ChangedMeanwhile(appointment.status)


def _check_times(
    appointment: Appointment, times: Sequence[dt.datetime], *, at: dt.datetime
) -> None:
    days = days_of(appointment.session_pass, at=at, without=appointment, today_too=True)
    for each in times:
        if each <= at:
            raise TimeIsOver
        days.check(clinic_day(each))
