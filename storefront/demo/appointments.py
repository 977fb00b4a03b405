"""Who comes next: an appointment that is agreed, and a request that waits for the desk."""

import datetime as dt

from django.utils import timezone

from outbox.models import MailStatus, OutboundMail
from storefront.demo import content, people
from treatments import appointments
from treatments.appointments import Asked, Wish
from treatments.models import Appointment, DayPart, Practitioner, SessionPass
from treatments.spacing import clinic_day


def seed(at: dt.datetime) -> None:
    """Let customers have asked for what the data file tells of, and the desk have answered."""
    for number, facts in enumerate(content.facts("passes")["appointment"]):
        row = _pass_of(facts)
        if row is not None:
            _add(facts, row, number, at=at)


def _add(facts: content.Facts, row: SessionPass, number: int, *, at: dt.datetime) -> None:
    asked_at, today = at - dt.timedelta(days=facts["asked_days_ago"]), clinic_day(at)
    if row.owner is None or asked_at <= row.created_at:
        return
    days = [_open_day(today, ahead) for ahead in facts["days_ahead"]]
    wishes = [Wish(day, DayPart(facts["part"])) for day in days]
    appointment = appointments.ask(
        pass_id=row.pk,
        asked=Asked(wishes, facts["words"]),
        closed_on=(),
        reference=f"demo:appointment:{number}",
        by=row.owner,
        at=asked_at,
    )
    if "confirmed" in facts:
        _confirm(appointment, facts["confirmed"], today, at=asked_at + dt.timedelta(hours=3))
    # They went out in the past.
    queued = OutboundMail.objects.filter(
        subject_reference__in=[
            f"appointment:{appointment.pk}", f"appointment-desk:{appointment.pk}"
        ],
        status=MailStatus.QUEUED,
    )  # fmt: skip
    queued.update(status=MailStatus.SENT, attempts=1, sent_at=asked_at)


def _confirm(
    appointment: Appointment, facts: content.Facts, today: dt.date, *, at: dt.datetime
) -> None:
    day = _open_day(today, facts["days_ahead"])
    appointments.confirm(
        appointment_id=appointment.pk,
        starts_at=timezone.make_aware(dt.datetime.combine(day, facts["time"])),
        practitioner_id=Practitioner.objects.get(name=facts["by"]).pk,
        seen_changes=appointment.changes,
        by=people.desk(),
        at=at,
    )


def _open_day(today: dt.date, ahead: int) -> dt.date:
    """Return the day, or the Tuesday after it: the demo's clinic rests on Sunday and Monday."""
    day = today + dt.timedelta(days=ahead)
    return day + dt.timedelta(days={7: 2, 1: 1}.get(day.isoweekday(), 0))


def _pass_of(facts: content.Facts) -> SessionPass | None:
    """Return a pass with something left, of the customer and treatment that are named."""
    passes = SessionPass.objects.filter(
        owner__email=facts["customer"], treatment__slug=facts["treatment"]
    )
    return passes.with_sessions_left().order_by("pk").first()
