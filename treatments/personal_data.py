"""What of passes belongs to one person: handed out whole, and kept without them afterwards."""

from collections.abc import Mapping
from typing import Any, Final

from django.db.models import Q, QuerySet

from accounts.person import Person, Room
from treatments.models import (
    AftercareStop,
    CalendarLink,
    LedgerNote,
    SessionPass,
    SessionPassQuerySet,
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
    }


def _forget(person: Person) -> None:
    """Take the address off, and what staff wrote; passes and entries stay as sold and used."""
    LedgerNote.objects.filter(entry__session_pass__in=_passes(person)).delete()
    _reports(person).delete()
    CalendarLink.objects.filter(owner=person.user).delete()
    _stops(person).delete()
    _passes(person).update(holder_email=person.nobodys_address, holder_phone="")


ROOM: Final = Room(
    title="Sessions",
    holds=frozenset(
        {
            "treatments.AftercareStop",
            "treatments.CalendarLink",
            "treatments.LedgerEntry",
            "treatments.SessionPass",
            "treatments.SymptomReport",
        }
    ),
    hand_out=_hand_out,
    forget=_forget,
)
