"""Requests to consult first: asked by customers, read and answered by clinical staff."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables
from wagtail.log_actions import log

from accounts.models import User
from outbox import mail
from treatments import checking
from treatments.checking import Told
from treatments.health_data import WORDS, consent_to_words
from treatments.models import (
    ConsultationRequest,
    ConsultationStatus,
    QuestionnaireVersion,
    SuitabilityCheck,
)
from treatments.staff_who_answer import who_may
from treatments.suitability import Outcome

ASKED: Final = "consultation_asked"
# What the mail says, and where it leads, is the business of the room that sells.
ANSWERED: Final = "consultation_answered"


class NothingToConsult(Exception):
    """The check does not ask for a consultation, or has run out."""

    def __init__(self) -> None:
        super().__init__("Please take the check once more before you ask for a consultation.")


class AnsweredAlready(Exception):
    """Somebody else was faster."""

    def __init__(self) -> None:
        super().__init__("This consultation has been answered already.")


class QuestionsChanged(Exception):
    """The check is one of questions that are not asked any more, so clearing it opens nothing."""

    def __init__(self) -> None:
        super().__init__(
            "The questions have changed since. Ask the customer to take the check once more."
        )


class NoteMissing(Exception):
    """Whoever answers says why."""

    def __init__(self) -> None:
        super().__init__("Write a note: what speaks for this answer.")


@dataclass(frozen=True, slots=True)
class Contact:
    """Who asks, and how to reach them."""

    name: str
    email: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """One consultation in clear.

    :ivar told: the answers; nothing if they have been deleted.
    """

    told: Told | None
    words: str
    note: str


@sensitive_variables()
@transaction.atomic
def ask(*, check_id: int, contact: Contact, words: str, at: dt.datetime) -> ConsultationRequest:
    """Ask clinical staff to look at a check, and tell them that there is one; nothing is charged.

    Sent twice it is asked once.

    :raises NothingToConsult: if the check did not come to consult first, or has run out.
    """
    check = SuitabilityCheck.objects.select_for_update(of=["self"]).get(pk=check_id)
    earlier = ConsultationRequest.objects.filter(suitability_check=check).first()
    if earlier is not None:
        return earlier
    if check.outcome != Outcome.CONSULT_FIRST or not check.holds(at):
        raise NothingToConsult
    request = ConsultationRequest.objects.create(
        suitability_check=check,
        name=contact.name,
        email=contact.email.lower(),
        phone=contact.phone,
        sealed_words=WORDS.seal(words) if words else "",
        consent_text=consent_to_words(),
        asked_at=at,
    )
    for clinician in who_may("answer_consultationrequest"):
        mail.queue(
            effect_key=f"{request.reference}:{ASKED}:{clinician.pk}",
            event=ASKED,
            to=clinician.email,
            reference=request.reference,
            context={"consultation": request.pk},
            at=at,
        )
    return request


@sensitive_variables()
def read(request: ConsultationRequest, *, by: User) -> Read:
    """Return a consultation in clear, and note who looked.

    :raises accounts.sealing.Unreadable: if a key is gone.
    """
    log(instance=request, action="treatments.consultation.read", user=by)
    try:
        told = checking.told(request.suitability_check)
    except checking.AnswersForgotten:
        told = None
    return Read(told, WORDS.unseal(request.sealed_words), WORDS.unseal(request.sealed_note))


def clear(*, consultation_id: int, note: str, by: User, at: dt.datetime) -> ConsultationRequest:
    """Find that a treatment suits after all; from now on it can be bought as if it were clear.

    :raises AnsweredAlready: if somebody has answered.
    :raises QuestionsChanged: if the check is of an earlier version.
    :raises NoteMissing: if nothing is said.
    """
    with transaction.atomic():
        request = _answer(consultation_id, ConsultationStatus.CLEARED, note, by=by, at=at)
        check = request.suitability_check
        asked = QuestionnaireVersion.objects.newest_of(check.version.treatment_id)
        if asked is None or asked.pk != check.version_id:
            raise QuestionsChanged
        check.cleared_at = at
        check.holds_until = at + dt.timedelta(days=check.version.rule_set().valid_days)
        check.save(update_fields=["cleared_at", "holds_until"])
    return request


def decline(*, consultation_id: int, note: str, by: User, at: dt.datetime) -> ConsultationRequest:
    """Advise against a treatment for now.

    :raises AnsweredAlready: if somebody has answered.
    :raises NoteMissing: if nothing is said.
    """
    with transaction.atomic():
        return _answer(consultation_id, ConsultationStatus.DECLINED, note, by=by, at=at)


@sensitive_variables("note")
def _answer(
    pk: int, status: ConsultationStatus, note: str, *, by: User, at: dt.datetime
) -> ConsultationRequest:
    if not note.strip():
        raise NoteMissing
    rows = ConsultationRequest.objects.select_for_update(of=["self"])
    request = rows.select_related("suitability_check__version").get(pk=pk)
    if request.status != ConsultationStatus.OPEN:
        raise AnsweredAlready
    request.status, request.answered_at, request.answered_by = status, at, by
    request.sealed_note = WORDS.seal(note)
    request.save(update_fields=["status", "answered_at", "answered_by", "sealed_note"])
    log(instance=request, action="treatments.consultation.answer", user=by)
    mail.queue(
        effect_key=f"{request.reference}:{ANSWERED}",
        event=ANSWERED,
        to=request.email,
        reference=request.reference,
        context={"check": request.suitability_check_id},
        at=at,
    )
    return request


def render(context: Mapping[str, Any]) -> mail.RenderedMail:
    """Write the mail that a consultation is asked for; nobody's name or health is in it."""
    desk = settings.SITE_URL + reverse("consultations:inspect", args=[context["consultation"]])
    return mail.render(
        event=ASKED, subject="A consultation is asked for", context={"desk_url": desk}
    )


def register() -> None:
    """Tell the outbox who writes the mail to clinical staff."""
    mail.register_renderer(ASKED, render)
