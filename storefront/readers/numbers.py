"""The figures that tell marketers what their articles do, for any stretch of days."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from blog.models import ArticlePage, ArticleViews
from checkout.models import AdditionCount, OrderLine, OrderStatus
from storefront.models import UnansweredTerm

SOLD = (OrderStatus.PAID, OrderStatus.SHIPPED, OrderStatus.COMPLETED)


@dataclass(frozen=True, slots=True)
class Days:
    """Whole days in the shop's zone, both ends included."""

    first: dt.date
    last: dt.date

    def each(self) -> list[dt.date]:
        """List the days in order."""
        many = (self.last - self.first).days + 1
        return [self.first + dt.timedelta(days=past) for past in range(many)]

    @property
    def as_range(self) -> tuple[dt.date, dt.date]:
        return self.first, self.last


def articles(days: Days) -> QuerySet[ArticlePage]:
    """Return all articles with what became of them in these days.

    Each has ``views``; ``additions``, how often something was put into a basket from its cards;
    ``orders``, how many paid orders hold such a thing; and ``sold_minor``, what those lines cost
    in minor units of the shop's currency. An order counts on the day on which it was paid.
    """
    views = ArticleViews.objects.filter(article_id=OuterRef("pk"), on__range=days.as_range)
    added = AdditionCount.objects.filter(page_id=OuterRef("pk"), on__range=days.as_range)
    sold = OrderLine.objects.filter(
        added_from_id=OuterRef("pk"),
        order__status__in=SOLD,
        order__paid_at__date__range=days.as_range,
    )
    found: QuerySet[ArticlePage] = ArticlePage.objects.annotate(
        views=_sum(views.values("article_id"), Sum("views")),
        additions=_sum(added.values("page_id"), Sum("times")),
        orders=_sum(sold.order_by().values("added_from_id"), Count("order_id", distinct=True)),
        sold_minor=_sum(sold.order_by().values("added_from_id"), Sum("total_minor")),
    )
    return found


def views_by_day(days: Days) -> list[tuple[dt.date, int]]:
    """Return how many views all articles had on each day."""
    rows = ArticleViews.objects.filter(on__range=days.as_range).values("on").order_by("on")
    known = dict(rows.annotate(total=Sum("views")).values_list("on", "total"))
    return [(day, known.get(day, 0)) for day in days.each()]


def unanswered_terms(days: Days) -> QuerySet[Any, Any]:
    """Return ``term``, and ``asked``: how often, of what was looked for and not found."""
    return (
        UnansweredTerm.objects.filter(on__range=days.as_range)
        .values("term")
        .order_by("term")
        .annotate(asked=Sum("times"))
    )


def _sum(rows: QuerySet, total: Sum | Count) -> Coalesce:  # type: ignore[type-arg]
    figure = rows.annotate(figure=total).values("figure")
    return Coalesce(Subquery(figure, output_field=IntegerField()), 0)
