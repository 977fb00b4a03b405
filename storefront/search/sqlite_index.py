"""Ask Wagtail's index on SQLite (FTS5) once.

Wagtail's own query asks for the score of every match by a search of its own; here one search
brings them all, a title's words weighing most.
"""

from collections.abc import Collection, Sequence
from typing import Any

from django.db import connection

_PART = """
SELECT * FROM (
  SELECT CAST(e.object_id AS INTEGER), e.content_type_id,
    -bm25(wagtailsearch_indexentry_fts, 1.0, 1.0, 8.0) * %s + %s AS score
  FROM wagtailsearch_indexentry_fts
  JOIN wagtailsearch_indexentry e ON e.id = wagtailsearch_indexentry_fts.rowid
  WHERE wagtailsearch_indexentry_fts MATCH %s
    AND e.content_type_id IN (SELECT value FROM json_each(%s))
    AND EXISTS (
      SELECT 1 FROM wagtailcore_page p
      WHERE p.id = CAST(e.object_id AS INTEGER) AND p.live AND NOT EXISTS (
        SELECT 1 FROM wagtailcore_pageviewrestriction r
        JOIN wagtailcore_page a ON a.id = r.page_id WHERE p.path LIKE a.path || '%%'))
  ORDER BY score DESC LIMIT %s)"""
_BEGINNING_WEIGHT = 0.2
# A title with all of the words comes before any text with them.
_TITLE_BONUS = 100.0

Row = tuple[int, int, float]
Phrases = Sequence[Sequence[str]]


def matches(
    asked: Sequence[Phrases],
    beginning: Sequence[str],
    *,
    is_any: bool,
    content_types: Collection[int],
    limit: int,
) -> list[Row]:
    """Return page, content type and score of what matches; one query."""
    words = (" OR " if is_any else " AND ").join(_one_of(phrases) for phrases in asked)
    kinds = str(list(content_types))
    most = limit * len(content_types)
    values: list[Any] = [1.0, 0.0, f"{{title body}} : ({words})", kinds, most]
    values += [1.0, _TITLE_BONUS, f"{{title}} : ({words})", kinds, most]
    statement = f"{_PART} UNION ALL {_PART}"
    if beginning:
        starts = " AND ".join(f'"{word}"' for word in beginning)
        statement += " UNION ALL " + _PART
        values += [_BEGINNING_WEIGHT, 0.0, f"{{autocomplete}} : ({starts}*)", kinds, most]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _one_of(phrases: Phrases) -> str:
    """Write alternatives in FTS5's language; words are letters and digits alone."""
    each = ("(" + " AND ".join(f'"{word}"' for word in phrase) + ")" for phrase in phrases)
    return "(" + " OR ".join(each) + ")"
