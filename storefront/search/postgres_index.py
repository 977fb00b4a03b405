"""Ask Wagtail's index on PostgreSQL, and never for more than can be weighed.

Wagtail's own query looks into title and body put together, which no index of it serves, joins
every match to its page by a cast, and ranks all of them to show 24. Here each word is looked up
by the two indexes there are, and each part stops at a limit, so that what a search costs hardly
grows with the shop.
"""

from collections.abc import Collection, Sequence
from typing import Any

from django.db import connection

# A title with all of the words comes first; the beginning of one tells less than a whole word.
_HEAD = """
SELECT e.object_id::bigint, e.content_type_id,
  CASE WHEN e.title @@ to_tsquery('english', %(all)s) THEN 10 ELSE 0 END
    + 8 * ts_rank(e.title, to_tsquery('english', %(all)s))
    + ts_rank(e.body, to_tsquery('english', %(all)s))
FROM wagtailsearch_indexentry e WHERE """
_HEAD_OF_BEGINNING = """
SELECT e.object_id::bigint, e.content_type_id,
  ts_rank(e.autocomplete, to_tsquery('simple', %(beginning)s)) / 5
FROM wagtailsearch_indexentry e WHERE """
_PUBLIC = """ AND EXISTS (
  SELECT 1 FROM wagtailcore_page p WHERE p.id = e.object_id::bigint AND p.live AND NOT EXISTS (
    SELECT 1 FROM wagtailcore_pageviewrestriction r JOIN wagtailcore_page a ON a.id = r.page_id
    WHERE p.path LIKE a.path || '%%')) LIMIT %(limit)s"""
_MANY = "e.content_type_id = %(many)s AND "
_FEW = "e.content_type_id = ANY(%(few)s) AND "
_IN_TITLE = "e.title @@ to_tsquery('english', %(all)s)"
_NOT_IN_TITLE = f" AND NOT {_IN_TITLE}"
_BEGINS = "e.autocomplete @@ to_tsquery('simple', %(beginning)s)"

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
    """Return page, content type and score of what matches; one query.

    The many (of the first content type) and the few (all others) are asked for apart, or the
    many would use up the limit.
    """
    many, *few = content_types
    words = [_one_of(phrases) for phrases in asked]
    whole = (" | " if is_any else " & ").join(words)
    values: dict[str, Any] = {"many": many, "few": few, "limit": limit, "all": whole}
    looked_up = [whole] if is_any else words
    anywhere = " AND ".join(_anywhere(number) for number in range(len(looked_up)))
    values |= {f"word{number}": word for number, word in enumerate(looked_up)}
    parts = [_HEAD + _MANY + _IN_TITLE, _HEAD + _MANY + anywhere + _NOT_IN_TITLE]
    others = [_HEAD + _FEW + anywhere]
    if beginning:
        values["beginning"] = " & ".join(f"'{word}'" for word in beginning) + ":*"
        parts.append(_HEAD_OF_BEGINNING + _MANY + _BEGINS)
        others.append(_HEAD_OF_BEGINNING + _FEW + _BEGINS)
    # The next part is not even begun when those before it have reached the limit.
    first = f"(SELECT * FROM ({_together(parts)}) AS found LIMIT %(limit)s)"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"{first} UNION ALL {_together(others)}", values)
        return list(cursor.fetchall())


def _together(parts: Sequence[str]) -> str:
    return " UNION ALL ".join(f"({part}{_PUBLIC})" for part in parts)


def _anywhere(number: int) -> str:
    word = f"to_tsquery('english', %(word{number})s)"
    return f"(e.title @@ {word} OR e.body @@ {word})"


def _one_of(phrases: Phrases) -> str:
    """Write alternatives in PostgreSQL's language; words are letters and digits alone."""
    each = ("(" + " & ".join(f"'{word}'" for word in phrase) + ")" for phrase in phrases)
    return "(" + " | ".join(each) + ")"
