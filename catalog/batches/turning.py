"""Time withholds pieces: what is sold one day may be too short to sell on the next."""

import datetime as dt
from collections.abc import Collection, Sequence

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from catalog import shown_stock
from catalog.batches import pieces
from catalog.batches.last_days import sold_until
from catalog.models import Batch, Offer, Stock

# So many articles in one transaction of the worker.
AT_ONCE = 100


def turn(offers: Sequence[Offer], *, on: dt.date) -> None:
    """Let stock that is locked say anew what is withheld; what is right for the day costs nothing.

    :param offers: as they were read under the lock, with their stock.
    """
    stale = [offer.pk for offer in offers if _is_stale(offer, on)]
    if stale:
        Stock.objects.filter(offer_id__in=stale).update(**pieces.fresh_sums(on=on))


def _is_stale(offer: Offer, on: dt.date) -> bool:
    until = offer.stock.right_until_on if hasattr(offer, "stock") else None
    return until is not None and until < on


@transaction.atomic
def say_anew(offer_ids: Collection[int], *, on: dt.date) -> None:
    """Let stock say anew what is withheld, after a batch was stopped or its last day moved."""
    rows = Stock.objects.filter(offer_id__in=offer_ids).order_by("offer_id")
    list(rows.select_for_update().values_list("pk"))
    said = shown_stock.faces(offer_ids)
    rows.filter(in_batches__isnull=False).update(**pieces.fresh_sums(on=on))
    shown_stock.tell(said)


def turn_due(*, at: dt.datetime) -> int:
    """Withhold what has become too short to sell, and tell the pages that show it.

    :returns: of how many articles something was withheld, or sold for longer again.
    """
    on = timezone.localdate(at)
    due = set(Stock.objects.filter(right_until_on__lt=on).values_list("offer_id", flat=True))
    due |= _follow_the_pages()
    waiting = sorted(due)
    for start in range(0, len(waiting), AT_ONCE):
        say_anew(waiting[start : start + AT_ONCE], on=on)
    return len(waiting)


@transaction.atomic
def _follow_the_pages() -> set[int]:
    """Move the last day of sale where a product page has come to say another period of use."""
    said = Coalesce(F("offer__page__productpage__period_after_opening_months"), 0)
    moved = Batch.objects.here().filter(expires_on__isnull=False).annotate(said=said)
    found = set()
    for batch in moved.filter(~Q(use_months=F("said"))):
        batch.use_months = batch.said  # type: ignore[attr-defined]
        batch.sold_until_on = sold_until(batch.expires_on, use_months=batch.use_months)
        batch.save(update_fields=["use_months", "sold_until_on"])
        found.add(batch.offer_id)
    return found
