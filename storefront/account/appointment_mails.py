"""What mails about appointments say, with the file that a calendar takes in or out."""

import datetime as dt
from collections.abc import Mapping
from email.utils import parseaddr
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from outbox import mail
from storefront.account import ics
from storefront.context_processors import current_shop
from treatments import appointments
from treatments.models import Appointment, AppointmentStatus, LedgerKind
from treatments.standing import open_freezes

FILE_NAME: Final = "appointment.ics"
_SUBJECTS: Final[Mapping[str, str]] = {
    AppointmentStatus.ASKED: "We have your request for an appointment",
    AppointmentStatus.SUGGESTED: "Other times for your appointment",
    AppointmentStatus.DECLINED: "We cannot offer the appointment you asked for",
    AppointmentStatus.CANCELLED: "Your appointment is cancelled",
    AppointmentStatus.LAPSED: "Your request for an appointment has run out",
    AppointmentStatus.KEPT: "Your appointment",
    AppointmentStatus.MISSED: "We missed you",
}


def invitation_of(row: Appointment) -> ics.Visit | None:
    """Return what a calendar is to do: take the agreed time in, the given-up one out."""
    is_agreed = row.status == AppointmentStatus.CONFIRMED
    starts_at = row.starts_at or row.was_at
    if starts_at is None:
        return None
    clinic, treatment = current_shop().clinic, row.session_pass.treatment
    page = settings.SITE_URL + reverse("my:appointment", args=[row.public_id])
    return ics.Visit(
        uid=f"appointment-{row.public_id}@{urlsplit(settings.SITE_URL).hostname}",
        sequence=row.changes,
        starts_at=starts_at,
        ends_at=starts_at + dt.timedelta(minutes=row.minutes),
        written_at=row.changed_at,
        title=treatment.name,
        text=f"Cancel or move it here: {page}",
        place=", ".join(clinic.address.splitlines()),
        url=page,
        organizer=clinic.email or parseaddr(settings.DEFAULT_FROM_EMAIL)[1],
        is_cancelled=not is_agreed,
    )


def _is_frozen(row: Appointment) -> bool:
    """Tell whether its pass can be used by nobody, as its payment was disputed."""
    frosts = row.session_pass.entries.filter(kind__in=[LedgerKind.FREEZE, LedgerKind.THAW])
    return bool(open_freezes(frosts))


def render_news(context: Mapping[str, Any]) -> mail.RenderedMail:
    """Write to the customer how an appointment stands by now."""
    rows = Appointment.objects.select_related(
        "session_pass__owner", "session_pass__treatment", "practitioner", "hold"
    ).prefetch_related("days")
    row = rows.get(pk=context["appointment"])
    owner = row.session_pass.owner
    rendered = mail.render(
        event=appointments.NEWS,
        subject=_subject(row),
        context={
            "row": row,
            "treatment": row.session_pass.treatment,
            "counted": appointments.has_counted(row),
            "is_frozen": _is_frozen(row),
            "name": owner.get_short_name() if owner and owner.name else "",
            "page_url": settings.SITE_URL + reverse("my:appointment", args=[row.public_id]),
            "book_url": settings.SITE_URL + reverse("my:appointments"),
        },
    )
    return mail.RenderedMail(rendered.subject, rendered.text, rendered.html, _file(row))


def render_for_desk(context: Mapping[str, Any]) -> mail.RenderedMail:
    """Tell the desk that there is something to look at; nobody's name or words are in it."""
    row = Appointment.objects.get(pk=context["appointment"])
    return mail.render(
        event=appointments.FOR_DESK,
        subject=f"An appointment is {row.get_status_display()}",
        context={
            "row": row,
            "desk_url": settings.SITE_URL + reverse("appointments:inspect", args=[row.pk]),
        },
    )


def register() -> None:
    """Tell the outbox who writes the mails about appointments."""
    mail.register_renderer(appointments.NEWS, render_news)
    mail.register_renderer(appointments.FOR_DESK, render_for_desk)


def _subject(row: Appointment) -> str:
    if row.status == AppointmentStatus.CONFIRMED and row.starts_at is not None:
        return f"Your appointment on {timezone.localtime(row.starts_at):%-d %B %Y at %H:%M}"
    return _SUBJECTS[row.status]


def _file(row: Appointment) -> tuple[mail.Attachment, ...]:
    """Return the calendar file, where there is a time to take in or out."""
    visit = invitation_of(row)
    over = {AppointmentStatus.KEPT, AppointmentStatus.MISSED}
    if visit is None or row.status in over:
        return ()
    kind = f"text/calendar; method={visit.method}"
    return (mail.Attachment(FILE_NAME, ics.invitation(visit), kind),)
