"""When time alone changes what is sold: offers that begin or end without anybody doing anything."""

import datetime as dt
from collections.abc import Collection

from django.db.models import Min, Q

from catalog.models.offers import Offer
from freshness.answers import is_collecting, shows, shows_offers_of
from freshness.changes import CATALOG
from freshness.log import log

# The answer of this process, with the version of the catalogue that it was read from.
_known: tuple[int, dt.datetime | None] | None = None


def note_offers_of(page_ids: Collection[int], at: dt.datetime) -> None:
    """Note that an answer shows what pages sell at a moment, and until when that holds."""
    if is_collecting():
        shows_offers_of(*page_ids)
        shows(until=next_change(at))


def next_change(at: dt.datetime) -> dt.datetime | None:
    """Return when the next offer begins or ends; a query only after the catalogue has changed."""
    global _known
    version = log.version(CATALOG)
    if version is None:
        return _next_change(at)
    if _known is None or _known[0] != version or (_known[1] is not None and _known[1] <= at):
        _known = version, _next_change(at)
    return _known[1]


def _next_change(at: dt.datetime) -> dt.datetime | None:
    found = Offer.objects.aggregate(
        begins=Min("active_from", filter=Q(active_from__gt=at)),
        ends=Min("active_until", filter=Q(active_until__gt=at)),
    )
    return min((moment for moment in found.values() if moment is not None), default=None)
