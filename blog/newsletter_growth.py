"""How the list of subscribers grew, from the entries of consents alone."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncWeek
from django.utils import timezone

from blog.models import NewsletterConsent


@dataclass(frozen=True)
class GrowthWeek:
    """One week, from its Monday on; ``total`` is how many were subscribed when it was over."""

    starts_on: dt.date
    joined: int
    left: int
    total: int


def growth(*, at: dt.datetime, weeks: int = 12) -> list[GrowthWeek]:
    """Return the last weeks, the present one last, in the shop's own zone; two queries."""
    monday = _monday(at)
    first = monday - dt.timedelta(weeks=weeks - 1)
    rows = (
        NewsletterConsent.objects.exclude(change=0)
        .filter(happened_at__gte=first, happened_at__lte=at)
        .annotate(week=TruncWeek("happened_at"))
        .values("week")
        .annotate(joined=Count("pk", filter=Q(change=1)), left=Count("pk", filter=Q(change=-1)))
        .order_by("week")
    )
    by_week = {row["week"].date(): (row["joined"], row["left"]) for row in rows}
    before = NewsletterConsent.objects.filter(happened_at__lt=first)
    total = before.aggregate(total=Sum("change"))["total"] or 0
    found = []
    for number in range(weeks):
        starts_on = (first + dt.timedelta(weeks=number)).date()
        joined, left = by_week.get(starts_on, (0, 0))
        total += joined - left
        found.append(GrowthWeek(starts_on, joined, left, total))
    return found


def _monday(at: dt.datetime) -> dt.datetime:
    """Return the Monday's midnight of a moment's week, in the shop's zone."""
    today = timezone.localtime(at)
    day = today.date() - dt.timedelta(days=today.weekday())
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))
