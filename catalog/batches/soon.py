"""Which batches are soon too short to sell, so that somebody can sell them first or order less."""

import datetime as dt

from django.db.models import QuerySet

from catalog.models import Batch

# How long before its last day of sale a batch is looked after.
SOON = dt.timedelta(days=60)


def soon_unsold(day: dt.date) -> QuerySet[Batch]:
    """Return the batches with pieces that are sold for two more months at most."""
    here: QuerySet[Batch] = Batch.objects.here().sold_on(day)
    return here.filter(sold_until_on__lte=day + SOON)
