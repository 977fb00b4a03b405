"""What of passes belongs to one person: handed out whole, and kept without them afterwards."""

from collections.abc import Mapping
from typing import Any, Final

from django.db.models import Q, QuerySet

from accounts.person import Person, Room
from accounts.sealing import Unreadable
from treatments import appointments, checking, gift_keeping, gifts, health_data
from treatments.models import (
    AftercareStop,
    Appointment,
    AppointmentDay,
    CalendarLink,
    ConsultationRequest,
    Gift,
    LedgerNote,
    SessionPass,
    SessionPassQuerySet,
    SuitabilityCheck,
    SymptomReport,
)


def _passes(person: Person) -> SessionPassQuerySet:
    unclaimed = Q(owner=None, holder_email__in=person.emails)
    return SessionPass.objects.filter(Q(owner=person.user) | unclaimed)


def _stops(person: Person) -> QuerySet[AftercareStop]:
    emails = {email.lower() for email in person.emails}
    return AftercareStop.objects.filter(email__in=emails)


def _reports(person: Person) -> QuerySet[SymptomReport]:
    return SymptomReport.objects.filter(entry__session_pass__in=_passes(person))


def _gifts_given(person: Person) -> list[Mapping[str, Any]]:
    """What somebody gave; of the other side they learn no more than on their own pages."""
    return [
        {
            "to": each.recipient_name,
            "their_address": each.recipient_email,
            "signed": each.giver_name,
            "message": each.message,
            "sessions": each.sessions,
            "given_at": each.given_at,
            "mailed_at": each.mailed_at,
            "status": gifts.said_to_giver(each),
        }
        for each in Gift.objects.filter(giver=person.user).select_related("hold")
    ]


def _gifts_received(person: Person) -> list[Mapping[str, Any]]:
    rows = Gift.objects.filter(recipient_email__in=person.emails, mailed_at__isnull=False)
    return [
        {
            "from": each.giver_name,
            "to": each.recipient_name,
            "message": each.message,
            "sessions": each.sessions,
            "mailed_at": each.mailed_at,
            "status": each.get_status_display(),
        }
        for each in rows.exclude(giver=person.user).select_related("hold")
    ]


def _hand_out(person: Person) -> Mapping[str, Any]:
    passes = _passes(person).select_related("treatment").prefetch_related("entries")
    return {
        "passes": [
            {
                "number": str(each.public_id),
                "treatment": each.treatment.name,
                "holder": each.holder_email,
                "phone": each.holder_phone,
                "granted_for": each.grant_reference,
                "validity": each.validity_text,
                "bought_at": each.created_at,
                "claimed_at": each.claimed_at,
                "entries": [
                    {
                        "kind": entry.get_kind_display(),
                        "sessions": entry.sessions,
                        "reason": entry.reason,
                        "happened_at": entry.happened_at,
                    }
                    for entry in each.entries.all()
                ],
            }
            for each in passes
        ],
        "symptom_reports": [
            {
                "session": each.entry.reference,
                "product": each.product,
                "batch": each.batch,
                "words": "Sealed. The clinic tells you on request.",
                "consent": each.consent_text,
                "reported_at": each.reported_at,
            }
            for each in _reports(person).select_related("entry")
        ],
        "aftercare_mails_stopped_at": [each.stopped_at for each in _stops(person)],
        "calendar_link_made_at": [
            each.made_at for each in CalendarLink.objects.filter(owner=person.user)
        ],
        "appointments": [
            told_of_appointment(each)
            for each in _appointments(person)
            .select_related("practitioner")
            .prefetch_related("days")
        ],
        "suitability_checks": [told_of(check) for check in checks_of(person)],
        "gifts_given": _gifts_given(person),
        "gifts_received": _gifts_received(person),
    }


def _appointments(person: Person) -> QuerySet[Appointment]:
    return Appointment.objects.filter(session_pass__in=_passes(person))


def told_of_appointment(row: Appointment) -> Mapping[str, Any]:
    """Return what was asked for and agreed, for the person whose appointment it is."""
    return {
        "status": row.get_status_display(),
        "asked_at": row.asked_at,
        "days": [
            f"{day.on:%Y-%m-%d} {day.get_part_display() or day.starts_at}" for day in row.days.all()
        ],
        "starts_at": row.starts_at,
        "practitioner": row.practitioner.name if row.practitioner else "",
        "words": appointments.words_of(row),
        "answer": row.answer,
    }


def checks_of(person: Person) -> QuerySet[SuitabilityCheck]:
    """Return the checks taken by an account, or followed by a consultation under its addresses.

    So are those taken for a gift to one of them, and never those for a gift that they gave.
    """
    asked = ConsultationRequest.objects.filter(email__in=person.emails)
    own = Q(user=person.user) | Q(pk__in=asked.values("suitability_check"))
    own |= Q(gift__recipient_email__in=person.emails)
    rows = SuitabilityCheck.objects.filter(own).exclude(gift__giver=person.user)
    return rows.select_related("version__treatment", "consultation")


def told_of(check: SuitabilityCheck) -> Mapping[str, Any]:
    """Return a check in clear, for the person who took it; what staff noted is not theirs."""
    try:
        told = checking.told(check)
    except (checking.AnswersForgotten, Unreadable):
        told = None
    request = getattr(check, "consultation", None)
    return {
        "treatment": check.version.treatment.name,
        "version": check.version.version,
        "outcome": check.get_outcome_display(),
        "checked_at": check.checked_at,
        "holds_until": check.holds_until,
        "cleared_at": check.cleared_at,
        "agreed_to": check.consent_text,
        "born_on": told.born_on if told else None,
        "answers": [f"{question} {answer}" for question, answer in told.answers] if told else [],
        "consultation": None if request is None else _told_of_consultation(request),
    }


def _told_of_consultation(request: ConsultationRequest) -> Mapping[str, Any]:
    try:
        words = health_data.WORDS.unseal(request.sealed_words)
    except Unreadable as refusal:
        words = str(refusal)
    return {
        "name": request.name,
        "email": request.email,
        "phone": request.phone,
        "words": words,
        "status": request.get_status_display(),
        "asked_at": request.asked_at,
        "answered_at": request.answered_at,
    }


def _forget(person: Person) -> None:
    """Take the address off, and what staff wrote; passes and entries stay as sold and used."""
    LedgerNote.objects.filter(entry__session_pass__in=_passes(person)).delete()
    health_data.forget_of([check.pk for check in checks_of(person)])
    gift_keeping.forget(user=person.user, emails=person.emails, instead=person.nobodys_address)
    _reports(person).delete()
    AppointmentDay.objects.filter(appointment__in=_appointments(person)).delete()
    _appointments(person).update(sealed_words="", answer="")
    CalendarLink.objects.filter(owner=person.user).delete()
    _stops(person).delete()
    _passes(person).update(holder_email=person.nobodys_address, holder_phone="")


ROOM: Final = Room(
    title="Sessions",
    holds=frozenset(
        f"treatments.{model}"
        for model in (
            "AftercareStop", "Appointment", "AppointmentDay", "CalendarLink", "ConsultationRequest",
            "Gift", "LedgerEntry", "SessionPass", "SuitabilityCheck", "SymptomReport",
        )
    ),
    hand_out=_hand_out,
    forget=_forget,
)  # fmt: skip
