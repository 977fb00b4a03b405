"""A buyer's passes as their cards show them."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, Sum
from django.utils import timezone

from treatments.models import SessionPass, SessionPassQuerySet, Treatment


@dataclass(frozen=True, slots=True)
class PassCard:
    """How many sessions are left of how many, and until when."""

    public_id: UUID
    treatment: Treatment
    balance: int
    granted: int
    validity_text: str
    is_expired: bool


def pass_cards(passes: SessionPassQuerySet, *, at: dt.datetime) -> list[PassCard]:
    """Return the cards of passes in one query: those of use first, the newest first."""
    today = timezone.localdate(at)
    given = Sum("entries__sessions", filter=Q(entries__sessions__gt=0))
    rows: Any = passes.with_balance().annotate(given=given).select_related("treatment")
    cards = [_card(row, balance=row.balance, granted=row.given, today=today) for row in rows]
    return sorted(cards, key=lambda card: card.is_expired or not card.balance)


def _card(row: SessionPass, *, balance: int, granted: int | None, today: dt.date) -> PassCard:
    return PassCard(
        public_id=row.public_id,
        treatment=row.treatment,
        balance=balance,
        granted=granted or 0,
        validity_text=row.validity_text,
        is_expired=row.expires_on is not None and row.expires_on < today,
    )
