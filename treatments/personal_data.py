"""What of passes belongs to one person: handed out whole, and kept without them afterwards."""

from collections.abc import Mapping
from typing import Any, Final

from django.db.models import Q

from accounts.person import Person, Room
from treatments.models import LedgerNote, SessionPass, SessionPassQuerySet


def _passes(person: Person) -> SessionPassQuerySet:
    unclaimed = Q(owner=None, holder_email__in=person.emails)
    return SessionPass.objects.filter(Q(owner=person.user) | unclaimed)


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
        ]
    }


def _forget(person: Person) -> None:
    """Take the address off, and what staff wrote; passes and entries stay as sold and used."""
    LedgerNote.objects.filter(entry__session_pass__in=_passes(person)).delete()
    _passes(person).update(holder_email=person.nobodys_address, holder_phone="")


ROOM: Final = Room(
    title="Sessions",
    holds=frozenset({"treatments.SessionPass", "treatments.LedgerEntry"}),
    hand_out=_hand_out,
    forget=_forget,
)
