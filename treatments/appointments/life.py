"""The life of an appointment as a table, and the one function that moves it along."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db.models import F

from accounts.sealing import Sealer
from outbox import mail
from treatments.models import (
    OPEN_STATUSES,
    Appointment,
    AppointmentStatus,
    LedgerEntry,
    SessionPass,
)
from treatments.spacing import clinic_day
from treatments.staff_who_answer import who_may
from treatments.standing import redemptions
from treatments.visits import sessions_of_holder

S = AppointmentStatus
WORDS: Final = Sealer("treatments.appointment", setting="HEALTH_DATA_KEYS")
# What customers and the desk are told; storefront writes both, as they lead to its pages.
NEWS: Final = "appointment_news"
FOR_DESK: Final = "appointment_for_desk"

NEXT: Final[Mapping[AppointmentStatus, frozenset[AppointmentStatus]]] = {
    S.ASKED: frozenset({S.ASKED, S.SUGGESTED, S.CONFIRMED, S.DECLINED, S.CANCELLED, S.LAPSED}),
    S.SUGGESTED: frozenset({S.ASKED, S.SUGGESTED, S.CONFIRMED, S.DECLINED, S.CANCELLED, S.LAPSED}),
    # Either side can need another time after all.
    S.CONFIRMED: frozenset({S.ASKED, S.SUGGESTED, S.CONFIRMED, S.CANCELLED, S.KEPT, S.MISSED}),
    S.DECLINED: frozenset(),
    S.CANCELLED: frozenset(),
    S.LAPSED: frozenset(),
    S.KEPT: frozenset(),
    S.MISSED: frozenset(),
}


class AppointmentRefused(ValueError):
    """An appointment cannot be changed in the way that was asked for; the message can be shown."""


class ChangedMeanwhile(AppointmentRefused):
    """Somebody else was faster, or it has come to its end."""

    def __init__(self, status: str) -> None:
        label = AppointmentStatus(status).label
        super().__init__(f"This appointment has changed meanwhile: now it is {label}. Look again.")


class SessionTaken(AppointmentRefused):
    """The session that was held for it was redeemed at the desk."""

    def __init__(self) -> None:
        super().__init__("The session of this appointment has been taken; nothing was changed.")


def lock(appointment_id: int) -> Appointment:
    """Lock an appointment before its pass, which is the order everywhere."""
    rows = Appointment.objects.select_for_update(of=["self"])
    return rows.select_related("session_pass__treatment", "session_pass__owner").get(
        pk=appointment_id
    )


def lock_unused(appointment_id: int) -> Appointment:
    """Lock an appointment and its pass, so that nobody redeems meanwhile.

    :raises SessionTaken: if its session was redeemed and not put back.
    """
    appointment = lock(appointment_id)
    SessionPass.objects.select_for_update(of=["self"]).get(pk=appointment.session_pass_id)
    if is_redeemed(appointment, entries_of(appointment)):
        raise SessionTaken
    return appointment


def is_redeemed(appointment: Appointment, entries: Sequence[LedgerEntry]) -> bool:
    """Tell whether a session was redeemed through the hold, and not put back."""
    return any(entry.about_id == appointment.hold_id for entry in redemptions(entries))


def was_kept(appointment: Appointment) -> bool:
    """Whether a session was redeemed through the hold, or off any pass of theirs on that day."""
    return is_redeemed(appointment, entries_of(appointment)) or any(
        clinic_day(at) == appointment.last_day_on
        for at in sessions_of_holder(appointment.session_pass)
    )


def entries_of(appointment: Appointment) -> list[LedgerEntry]:
    """Return the ledger of the appointment's pass, the oldest entry first."""
    return list(LedgerEntry.objects.filter(session_pass=appointment.session_pass_id).order_by("pk"))


def transition(
    appointment: Appointment, to: AppointmentStatus, *, at: dt.datetime, **changes: Any
) -> None:
    """Move an appointment to a status, with whatever else the same moment changes.

    The database decides: of two that try, one moves it and the other is refused.

    :raises ChangedMeanwhile: if the status it has now does not lead to `to`; nothing changes.
    """
    sources = [source for source, targets in NEXT.items() if to in targets]
    rows = Appointment.objects.filter(pk=appointment.pk, status__in=sources)
    if to not in OPEN_STATUSES:
        changes |= {"sealed_words": ""}
    if not rows.update(status=to, changed_at=at, changes=F("changes") + 1, **changes):
        appointment.refresh_from_db(fields=["status"])
        raise ChangedMeanwhile(appointment.status)
    appointment.refresh_from_db()


def tell_customer(appointment: Appointment, *, at: dt.datetime) -> None:
    """Queue a mail of how it stands now; one about how it stood, and not sent yet, is dropped."""
    reference = f"appointment:{appointment.pk}"
    mail.call_off(reference=reference)
    row = appointment.session_pass
    mail.queue(
        effect_key=f"{reference}:{appointment.changes}",
        event=NEWS,
        to=row.mails_go_to,
        reference=reference,
        context={"appointment": appointment.pk},
        at=at,
    )


def tell_desk(appointment: Appointment, *, at: dt.datetime) -> None:
    """Queue a mail to everybody who answers requests that there is something to look at."""
    reference = f"appointment-desk:{appointment.pk}"
    mail.call_off(reference=reference)
    for one in who_may("answer_appointment"):
        mail.queue(
            effect_key=f"{reference}:{appointment.changes}:{one.pk}",
            event=FOR_DESK,
            to=one.email,
            reference=reference,
            context={"appointment": appointment.pk},
            at=at,
        )


def counted_reference(held: LedgerEntry) -> str:
    """Return what the entry is called that takes a held session as used."""
    return f"{held.reference}:counts"
