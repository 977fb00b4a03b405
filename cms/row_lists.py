"""Rows of another table as one value beside a row, where a query of their own would be one more."""

import json
from typing import Any

from django.db.models import Aggregate, QuerySet, Subquery, TextField, Value
from django.db.models.functions import JSONArray


class _Gathered(Aggregate):
    """A JSON array of what each row of a group holds."""

    function = "JSON_GROUP_ARRAY"
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = "JSON_AGG(%(expressions)s)::text"
        return self.as_sql(compiler, connection, template=template, **extra)


def row_list(rows: QuerySet[Any], *fields: Any) -> Subquery:
    """Return these fields of rows, in no order, for `unpacked()`; the rows may use `OuterRef`.

    Dates and the like come as text.
    """
    gathered = rows.order_by().annotate(all_of_them=Value(1)).values("all_of_them")
    return Subquery(gathered.annotate(gathered=_Gathered(JSONArray(*fields))).values("gathered"))


def unpacked(packed: str | None) -> list[list[Any]]:
    """Return the rows of a `row_list` in the order of their first fields, which hold no None."""
    return sorted(json.loads(packed)) if packed else []
