"""Say that something visitors can see has changed: `changed(SITE)`, `changed(*offers_of(12))`."""

import datetime as dt
from functools import partial

from django.conf import settings
from django.db import transaction

from freshness import head
from freshness.models import Change

# What stands on every page: menus, settings, published pages, pictures, words of the filters.
SITE = "site"
# What lists, searches and feeds show: any offer, price or stock level of any page.
CATALOG = "catalog"
# Which pages lists hold and where they stand: pages moved or hidden, words that decide on them.
LISTS = "lists"

# How many rows go to the database in one statement.
BATCH = 1_000


def offers_of(*page_ids: int | None) -> list[str]:
    """Name the changes of what pages sell: their offers, prices and stock levels."""
    known = [f"offers:{page_id}" for page_id in page_ids if page_id is not None]
    return [*known, CATALOG] if known else []


def facts_of(*page_ids: int | None) -> list[str]:
    """Name the changes of what pages themselves say: published, taken back, deleted, edited."""
    return [f"page:{page_id}" for page_id in page_ids if page_id is not None]


def changed(*tags: str) -> None:
    """Note in the current transaction that everything showing one of these tags is out of date.

    When it has committed, nothing is answered from what was kept before, in any process.
    """
    noted = [Change(tag=tag) for tag in dict.fromkeys(tags)]
    rows = Change.objects.bulk_create(noted, batch_size=BATCH)
    if rows and settings.PAGE_CACHE_MB:
        transaction.on_commit(partial(head.publish, [row.pk for row in rows]), robust=True)


def forget(*, before: dt.datetime) -> int:
    """Drop the rows that nobody reads any more; return how many."""
    dropped, _ = Change.objects.filter(changed_at__lt=before).delete()
    return dropped
