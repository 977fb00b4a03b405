"""What people tell of their health: sealed with keys of its own, and forgotten after a while."""

import datetime as dt
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from accounts.sealing import Sealer
from outbox.personal_data import forget_recipients
from treatments import appointments, symptom_reports
from treatments.models import ConsultationRequest, SuitabilityCheck

WORDS: Final = Sealer("treatments.health", setting="HEALTH_DATA_KEYS")


def kept() -> dt.timedelta:
    """How long answers and consultations are kept."""
    return dt.timedelta(days=settings.HEALTH_DATA_DAYS)


def consent_to_answers() -> str:
    """What is agreed to before answers are sent; the row keeps it as it read."""
    return (
        "I agree that the clinic uses my answers about my health to tell whether this treatment"
        " suits me. They are stored encrypted, only clinical staff can read them, and they are"
        f" deleted after {kept().days} days. I can have them deleted earlier."
    )


def consent_to_words() -> str:
    """What is agreed to with a request to consult."""
    return (
        "I agree that clinical staff read my answers and what I write here, to advise me. It is"
        f" stored encrypted and deleted after {kept().days} days."
    )


def forget_old(*, at: dt.datetime) -> int:
    """Forget answers and consultations once their time is over; return how many.

    Of a check its outcome stays, with version, day and how long it holds.
    """
    old = SuitabilityCheck.objects.filter(checked_at__lt=at - kept())
    consultations = _forget_consultations(
        ConsultationRequest.objects.filter(suitability_check__in=old)
    )
    old = old.exclude(sealed_answers="")
    return consultations + old.update(sealed_answers="", user=None)


def forget_of(check_ids: list[int]) -> None:
    """Forget what these checks hold of a person, at once; the outcomes stay."""
    _forget_consultations(ConsultationRequest.objects.filter(suitability_check__in=check_ids))
    SuitabilityCheck.objects.filter(pk__in=check_ids).update(sealed_answers="", user=None)


@transaction.atomic
def _forget_consultations(found: QuerySet[ConsultationRequest]) -> int:
    """Delete them; that somebody was written to about one is a fact about their health as well."""
    rows = list(found)
    forget_recipients([row.reference for row in rows])
    return ConsultationRequest.objects.filter(pk__in=[row.pk for row in rows]).delete()[0]


def reseal_all() -> int:
    """Seal everything with the newest key, so that older ones can go; return how many rows.

    :raises accounts.sealing.Unreadable: if something fits none of the keys; nothing is changed.
    """
    with transaction.atomic():
        checks = SuitabilityCheck.objects.exclude(sealed_answers="").select_for_update()
        done = 0
        for check in checks.order_by("pk"):
            check.sealed_answers = WORDS.reseal(check.sealed_answers)
            check.save(update_fields=["sealed_answers"])
            done += 1
        for request in ConsultationRequest.objects.select_for_update().order_by("pk"):
            request.sealed_words = WORDS.reseal(request.sealed_words)
            request.sealed_note = WORDS.reseal(request.sealed_note)
            request.save(update_fields=["sealed_words", "sealed_note"])
            done += 1
        return done + symptom_reports.reseal_all() + appointments.reseal_all()
