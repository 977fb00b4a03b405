"""The only writer of sales counts: whoever knows the orders says how many were sold."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from catalog.models import Offer, SalesCount

BATCH = 500


@transaction.atomic
def record(*, sold: Mapping[int, tuple[int, int]], at: dt.datetime) -> None:
    """Replace all counts.

    :param sold: by an offer's id, how many were paid for in the last 30 and 90 days; an offer
        that is not named was not sold.
    """
    known = set(Offer.objects.filter(pk__in=sold).values_list("pk", flat=True))
    SalesCount.objects.exclude(offer__in=known).delete()
    SalesCount.objects.bulk_create(
        [
            SalesCount(offer_id=offer_id, sold_30=recent, sold_90=longer, counted_at=at)
            for offer_id, (recent, longer) in sorted(sold.items())
            if offer_id in known
        ],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["offer"],
        update_fields=["sold_30", "sold_90", "counted_at"],
    )
