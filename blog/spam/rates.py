"""How often somebody may try something: counted in the database, so it holds without Redis."""

import datetime as dt
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import F

from blog.models import PostingCount


@dataclass(frozen=True)
class Limit:
    """At most so many within a stretch of time; ``name`` tells the things apart."""

    name: str
    most: int
    within: dt.timedelta


class TooMany(Exception):
    """Somebody tried more often than anybody needs to."""

    def __init__(self, wait: dt.timedelta) -> None:
        self.seconds = max(1, int(wait.total_seconds()))
        minutes = -(-self.seconds // 60)
        words = f"{minutes} minutes" if minutes < 120 else f"{-(-minutes // 60)} hours"
        super().__init__(f"You have sent a lot in a short time. Please try again in {words}.")


def count(limits: list[tuple[Limit, str]], *, at: dt.datetime) -> None:
    """Count one more try of each source, in a transaction of its own.

    :raises TooMany: if one of them has now tried more often than its limit; it is counted too.
    """
    waits = [
        began + limit.within - at
        for limit, source in limits
        for began, reached in [_count_one(limit, source, at)]
        if reached > limit.most
    ]
    if waits:
        raise TooMany(max(waits))


def forget(*, at: dt.datetime) -> int:
    """Drop the counts of stretches that are over for every limit."""
    dropped, _ = PostingCount.objects.filter(began_at__lt=at - dt.timedelta(days=2)).delete()
    return dropped


def _count_one(limit: Limit, source: str, at: dt.datetime) -> tuple[dt.datetime, int]:
    length = int(limit.within.total_seconds())
    began = dt.datetime.fromtimestamp(int(at.timestamp()) // length * length, tz=dt.UTC)
    # Sources are hashes of fixed length; the name in front keeps limits apart.
    name = f"{limit.name}:{source}"[:50]
    rows = PostingCount.objects.filter(source=name, began_at=began)
    if not rows.update(count=F("count") + 1):
        try:
            with transaction.atomic():
                PostingCount.objects.create(source=name, began_at=began)
        except IntegrityError:  # Two tried at once, and the other was first.
            rows.update(count=F("count") + 1)
    return began, rows.values_list("count", flat=True).get()
