"""Facts at the head of a Markdown file, as YAML.

Strings are written as JSON has them, which YAML reads the same way, so that no value can end the
front matter or mean something else than itself.
"""

import datetime as dt
import json
import re
from collections.abc import Mapping, Sequence

Value = str | int | bool | dt.date | Sequence[str] | Mapping[str, str] | None

# Neither JSON's nor YAML's writers have to escape these, and some readers refuse them.
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def front_matter(facts: Mapping[str, Value]) -> str:
    """The facts between two lines of dashes; what is empty is left out."""
    lines = [f"{name}: {_written(value)}" for name, value in facts.items() if _is_told(value)]
    return "\n".join(["---", *lines, "---"])


def _is_told(value: Value) -> bool:
    return value is not None and value not in ("", [], {})


def _written(value: Value) -> str:
    if isinstance(value, bool | int):
        return json.dumps(value)
    if isinstance(value, dt.datetime):
        return value.isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    return _UNPRINTABLE.sub(_as_code, json.dumps(value, ensure_ascii=False))


def _as_code(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"
