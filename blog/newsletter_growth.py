"""How the list of subscribers grew, from the entries of consents alone."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, DateField, Q, Sum

from blog.models import NewsletterConsent
from cms.periods import MONTHS, TRUNCATED, span

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Growth:
    """One day or month; ``total`` is how many were subscribed when it was over."""

    period: dt.date
    joined: int
    left: int
    total: int


def growth(*, from_on: dt.date, until_on: dt.date, by: str = MONTHS) -> list[Growth]:
    """Return every day or month of some days, both included, in two queries; the oldest first."""
    start, end = span(from_on, until_on)
    moved = (
        NewsletterConsent.objects.exclude(change=0)
        .filter(happened_at__gte=start, happened_at__lt=end)
        .annotate(period=TRUNCATED[by]("happened_at", output_field=DateField()))
        .values_list("period")
        .annotate(joined=Count("pk", filter=Q(change=1)), left=Count("pk", filter=Q(change=-1)))
        .order_by("period")
    )
    by_period = {period: (joined, left) for period, joined, left in moved}
    before = NewsletterConsent.objects.filter(happened_at__lt=start)
    total = before.aggregate(total=Sum("change"))["total"] or 0
    found = []
    for period in _periods(from_on, until_on, by):
        joined, left = by_period.get(period, (0, 0))
        total += joined - left
        found.append(Growth(period, joined, left, total))
    return found


def _periods(from_on: dt.date, until_on: dt.date, by: str) -> Iterator[dt.date]:
    """Yield each day, or the first day of each month, that the days touch."""
    on = from_on.replace(day=1) if by == MONTHS else from_on
    while on <= until_on:
        yield on
        on = (on + dt.timedelta(days=32)).replace(day=1) if by == MONTHS else on + _DAY
