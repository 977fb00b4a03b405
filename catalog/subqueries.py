"""One figure of the rows that lead to a row, for annotations and updates."""

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.expressions import Combinable


def one_of(rows: QuerySet[Any], field: str, figure: Combinable, *, outer: str = "") -> Subquery:
    """Return a figure of those `rows` whose `field` is the outer row's of that name, or `outer`."""
    same = rows.filter(**{field: OuterRef(outer or field)}).order_by().values(field)
    return Subquery(same.annotate(figure=figure).values("figure"))
