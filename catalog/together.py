"""The only writer of what is bought together: whoever knows the orders says how often."""

from collections.abc import Mapping

from django.db import transaction

from catalog.models import BoughtTogether, OfferPart
from freshness.changes import changed, offers_of

# As many of one page as a page may have use for, once some are sold out.
KEPT = 8
BATCH = 500


@transaction.atomic
def record(*, orders: Mapping[tuple[int, int], int]) -> int:
    """Replace all counts, and tell the pages of which another company is now shown.

    A kit is not shown beside its own parts.

    :param orders: by two pages' ids, in how many orders something of both was bought.
    :returns: how many pairs are kept.
    """
    wanted = _best(orders)
    rows = BoughtTogether.objects.values_list("page_id", "other_page_id", "count")
    known = {(page, other): count for page, other, count in rows}
    touched = {page for (page, _other), _count in wanted.items() ^ known.items()}
    BoughtTogether.objects.filter(page_id__in=touched).delete()
    BoughtTogether.objects.bulk_create(
        [
            BoughtTogether(page_id=page, other_page_id=other, count=count)
            for (page, other), count in sorted(wanted.items())
            if page in touched
        ],
        batch_size=BATCH,
    )
    changed(*offers_of(*sorted(touched)))
    return len(wanted)


def _best(orders: Mapping[tuple[int, int], int]) -> dict[tuple[int, int], int]:
    """Keep the most frequent few of each page."""
    inside = set(OfferPart.objects.values_list("kit__page_id", "part__page_id"))
    by_page: dict[int, list[tuple[int, int]]] = {}
    for (page, other), count in orders.items():
        if (page, other) not in inside and (other, page) not in inside:
            by_page.setdefault(page, []).append((-count, other))
    return {
        (page, other): -less
        for page, others in by_page.items()
        for less, other in sorted(others)[:KEPT]
    }
