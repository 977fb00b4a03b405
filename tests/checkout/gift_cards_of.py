"""Gift cards as tests make them."""

import datetime as dt
import uuid

from checkout.gift_cards import ledger
from checkout.models import GiftCard

__all__ = ["free_on", "held_on", "issued"]


def issued(amount_minor: int = 5000, *, at: dt.datetime) -> GiftCard:
    """A card with so much on it, issued by nobody in particular."""
    return ledger.issue(
        amount_minor=amount_minor, reference=str(uuid.uuid4()), reason="A test", by=None, at=at
    )


def free_on(card: GiftCard) -> int:
    """What can be spent of it, as the sum of its events."""
    return GiftCard.objects.with_balance().get(pk=card.pk).free_minor


def held_on(card: GiftCard) -> int:
    """What unpaid orders hold of it."""
    return GiftCard.objects.with_balance().get(pk=card.pk).held_minor
