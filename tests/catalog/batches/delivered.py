"""Articles whose pieces came in batches."""

import datetime as dt

from catalog import stock
from catalog.batches import keeping
from catalog.models import Batch, Offer
from tests.catalog.factories import LONG_AGO

TODAY = dt.date(2026, 3, 1)
NOON = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)


def deliver(
    offer: Offer,
    code: str,
    quantity: int,
    expires_on: dt.date | None = None,
    *,
    at: dt.datetime = LONG_AGO,
) -> Batch:
    """Let so many pieces of a batch have come in."""
    batch = keeping.open_batch(offer_id=offer.pk, code=code, expires_on=expires_on, at=at)
    stock.receive(
        offer_id=offer.pk,
        quantity=quantity,
        reason="Delivery",
        batch_id=batch.pk,
        by=None,
        at=at,
    )
    batch.refresh_from_db()
    return batch


def has(offer: Offer) -> dict[str, int]:
    """Return how many pieces of each batch are here."""
    rows = Batch.objects.filter(offer=offer).values_list("code", "on_hand")
    return {code: on_hand for code, on_hand in rows if on_hand}
