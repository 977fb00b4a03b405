"""What people report after a session: sealed, read by clinical roles, answered and forgotten."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from wagtail.log_actions import log

from accounts.models import User
from accounts.sealing import Sealer
from outbox import mail
from treatments.models import LedgerEntry, SymptomReport, SymptomReportStatus
from treatments.staff_who_answer import who_may
from treatments.symptoms import Advice

WORDS: Final = Sealer("treatments.symptom_report", setting="HEALTH_DATA_KEYS")
REPORTED: Final = "symptom_reported"
KEPT: Final = dt.timedelta(days=90)
CONSENT: Final = (
    "I agree that the clinic's clinical staff read what I chose and wrote about my health, to"
    f" answer me. It is stored encrypted and deleted after {KEPT.days} days."
)
READ: Final = "view_symptomreport"


class AnsweredAlready(Exception):
    """Somebody else was faster."""

    def __init__(self) -> None:
        super().__init__("This report was marked as answered already.")


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody told, and the advice that they saw at once."""

    signs: tuple[str, ...]
    strength: str
    lasting: str
    words: str
    advice: str

    @property
    def is_urgent(self) -> bool:
        return self.advice == Advice.SEEK_CARE.name


@dataclass(frozen=True, slots=True)
class About:
    """Which product it may come from, and which batch, as far as somebody says so."""

    product: str = ""
    batch: str = ""


def report(
    *, entry: LedgerEntry, told: Told, about: About, submission_key: str, at: dt.datetime
) -> SymptomReport:
    """Seal a report for clinical roles, and tell them that there is one, not what it says.

    The reporter has agreed to `CONSENT`. Sending the same form twice stores one report.
    """
    key = f"{entry.pk}:{submission_key}"
    row = SymptomReport(
        entry=entry,
        sealed=WORDS.seal(json.dumps(asdict(told))),
        product=about.product,
        batch=about.batch,
        submission_key=key,
        consent_text=CONSENT,
        reported_at=at,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            _tell_clinic(row, at=at)
    except IntegrityError:
        earlier = SymptomReport.objects.filter(submission_key=key).first()
        if earlier is None:
            raise
        return earlier
    return row


def told_in(row: SymptomReport) -> Told:
    """Return what a report says.

    :raises Unreadable: if the key that it was sealed with is gone.
    """
    facts = json.loads(WORDS.unseal(row.sealed))
    return Told(**{**facts, "signs": tuple(facts["signs"])})


def read(row: SymptomReport, *, by: User) -> Told:
    """Return what a report says to a clinician, and note who read it.

    :raises Unreadable: if the key that it was sealed with is gone.
    """
    told = told_in(row)
    log(instance=row, action="treatments.symptom_report.read", user=by)
    return told


@transaction.atomic
def mark_answered(*, report_id: int, by: User, at: dt.datetime) -> SymptomReport:
    """Note that somebody has answered.

    :raises AnsweredAlready: if that is noted already.
    """
    row = SymptomReport.objects.select_for_update(of=["self"]).get(pk=report_id)
    if row.status == SymptomReportStatus.ANSWERED:
        raise AnsweredAlready
    row.status, row.answered_at = SymptomReportStatus.ANSWERED, at
    row.save(update_fields=["status", "answered_at"])
    log(instance=row, action="treatments.symptom_report.answer", user=by)
    return row


def forget_old(*, at: dt.datetime) -> int:
    """Delete reports once their time is over, answered or not; return how many."""
    dropped, _ = SymptomReport.objects.filter(reported_at__lt=at - KEPT).delete()
    return dropped


def reseal_all() -> int:
    """Seal every report with the newest key, in the caller's transaction; return how many.

    :raises Unreadable: if one fits none of the keys.
    """
    done = 0
    for row in SymptomReport.objects.select_for_update().order_by("pk"):
        row.sealed = WORDS.reseal(row.sealed)
        row.save(update_fields=["sealed"])
        done += 1
    return done


def _tell_clinic(row: SymptomReport, *, at: dt.datetime) -> None:
    for reader in who_may(READ):
        mail.queue(
            effect_key=f"symptom-report:{row.pk}:{reader.pk}",
            event=REPORTED,
            to=reader.email,
            reference=f"symptom-report:{row.pk}",
            context={"report": row.pk},
            at=at,
        )


def render(context: Mapping[str, Any]) -> mail.RenderedMail:
    """Write the mail that a report has come; it holds no word of it, and nobody's name."""
    desk = settings.SITE_URL + reverse("symptom_reports:inspect", args=[context["report"]])
    return mail.render(
        event=REPORTED,
        subject="Somebody has reported after a session",
        context={"desk_url": desk},
    )


def register() -> None:
    """Tell the outbox who writes the mail about reports."""
    mail.register_renderer(REPORTED, render)
