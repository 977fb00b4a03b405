"""The figures that tell marketers what their articles do, for any stretch of days."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, QuerySet, Subquery, Sum
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


def figures(days: Days) -> dict[str, QuerySet[Any, Any]]:
    """Return, by name, the figures of these days: rows of ``article_pk`` and ``figure``.

    Articles without one are in none of them, and other pages may be among them. ``additions`` is
    how often something was put into a basket from an article's cards; ``orders``, how many paid
    orders hold such a thing; and ``sold_minor``, what those lines cost in minor units of the
    shop's currency. An order counts on the day on which it was paid.
    """
    sold = OrderLine.objects.filter(
        added_from__isnull=False,
        order__status__in=SOLD,
        order__paid_at__date__range=days.as_range,
    )
    return {
        "views": _sums(ArticleViews.objects.filter(on__range=days.as_range), "article", "views"),
        "additions": _sums(AdditionCount.objects.filter(on__range=days.as_range), "page", "times"),
        "orders": _grouped(sold, "added_from", Count("order_id", distinct=True)),
        "sold_minor": _sums(sold, "added_from", "total_minor"),
    }


def articles(days: Days) -> QuerySet[ArticlePage]:
    """Return all articles with every one of the `figures` of these days; 0 where there is none."""
    found: QuerySet[ArticlePage] = ArticlePage.objects.annotate(
        **{
            name: Coalesce(
                Subquery(
                    rows.filter(article_pk=OuterRef("pk")).values("figure"),
                    output_field=IntegerField(),
                ),
                0,
            )
            for name, rows in figures(days).items()
        }
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


def _sums(rows: QuerySet[Any], to: str, field: str) -> QuerySet[Any, Any]:
    return _grouped(rows, to, Sum(field))


def _grouped(rows: QuerySet[Any], to: str, total: Sum | Count) -> QuerySet[Any, Any]:
    to_pages = rows.order_by().values(article_pk=F(f"{to}_id"))
    found: QuerySet[Any, Any] = to_pages.annotate(figure=total)
    return found
