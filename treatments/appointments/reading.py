"""Which appointments there are: of somebody, for the desk today, and what was written with them."""

import datetime as dt
from collections.abc import Collection

from accounts.models import User
from accounts.sealing import Unreadable
from treatments.appointments.life import WORDS, counted_reference
from treatments.models import Appointment, AppointmentQuerySet, AppointmentStatus, LedgerEntry
from treatments.spacing import clinic_day


def of_user(user: User) -> AppointmentQuerySet:
    """Return those on a customer's own passes, with all that is shown of them."""
    rows = Appointment.objects.filter(session_pass__owner=user)
    shown = rows.select_related("session_pass__treatment", "practitioner", "hold")
    return shown.prefetch_related("days")


def booked_today(pass_ids: Collection[int], *, at: dt.datetime) -> dict[int, Appointment]:
    """Return, per pass, today's confirmed appointment whose session is still held."""
    rows = Appointment.objects.filter(
        session_pass__in=pass_ids,
        status=AppointmentStatus.CONFIRMED,
        last_day_on=clinic_day(at),
    ).select_related("practitioner")
    answered = LedgerEntry.objects.filter(about__in=rows.values("hold")).values_list("about")
    still_held = rows.exclude(hold__in=answered).order_by("-starts_at")
    return {row.session_pass_id: row for row in still_held}


def has_counted(appointment: Appointment) -> bool:
    """Tell whether its session was taken because it was cancelled too late, or missed."""
    reference = counted_reference(appointment.hold)
    return LedgerEntry.objects.filter(reference=reference).exists()


def words_of(appointment: Appointment) -> str:
    """Return what the customer wrote to the desk, or that it cannot be read."""
    try:
        return WORDS.unseal(appointment.sealed_words)
    except Unreadable as refusal:
        return str(refusal)


def reseal_all() -> int:
    """Seal what customers wrote with the newest key, in the caller's transaction; return how many.

    :raises Unreadable: if something fits none of the keys.
    """
    done = 0
    for row in Appointment.objects.exclude(sealed_words="").select_for_update().order_by("pk"):
        row.sealed_words = WORDS.reseal(row.sealed_words)
        row.save(update_fields=["sealed_words"])
        done += 1
    return done
