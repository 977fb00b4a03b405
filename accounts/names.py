"""Find rows by the words of a name, as people say them: some of them, and only how they begin."""

import re

from django.db import connection
from django.db.models import BooleanField, Model, Q
from django.db.models.expressions import RawSQL


def is_named(wanted: str, *, of: type[Model]) -> Q:
    """Ask for rows whose `name` has words that begin so.

    :param of: the model; on PostgreSQL its table has an index of exactly this expression.
    """
    words = re.findall(r"\w+", wanted)
    if not words:
        return Q(pk__in=())
    if connection.vendor != "postgresql":
        return Q(*(Q(name__icontains=word) for word in words))
    named = f"to_tsvector('simple', \"{of._meta.db_table}\".\"name\") @@ to_tsquery('simple', %s)"
    query = " & ".join(f"{word}:*" for word in words)
    return Q(RawSQL(named, [query], output_field=BooleanField()))  # noqa: S611 (a parameter)
