"""How a list endpoint filters and pages."""

from collections.abc import Mapping
from typing import Any

from stripe_standin.call import Call
from stripe_standin.errors import ApiRefusal, invalid_parameter

COMPARISONS = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
MAX_LIMIT = 100
Conditions = list[tuple[str, list[object]]]


def page(
    call: Call, kind: str, *, url: str, equal: Mapping[str, str], also: Conditions | None = None
) -> dict[str, Any]:
    """Return one page of a kind, newest first.

    equal: which parameters must equal which path in the object's body.
    also: further SQL conditions with their arguments.

    :raises ApiRefusal: when the limit or the cursor is not valid.
    """
    limit = page_size(call)
    conditions = [*(also or []), *moments("created", call.params.get("created"))]
    conditions += [
        (f"json_extract(body, '$.{path}') = ?", [call.params[name]])
        for name, path in equal.items()
        if name in call.params
    ]
    backwards = "ending_before" in call.params
    conditions += _cursor(call)
    where = " AND ".join(sql for sql, _ in conditions) or "1"
    arguments = [argument for _, some in conditions for argument in some]
    found = call.tx.select(kind, where, arguments, limit=limit + 1, oldest_first=backwards)
    kept = [record.body for record in found[:limit]]
    return {
        "object": "list",
        "url": url,
        "has_more": len(found) > limit,
        "data": kept[::-1] if backwards else kept,
    }


def page_size(call: Call) -> int:
    """Return how many objects a page may hold.

    :raises ApiRefusal: when it is not between 1 and 100.
    """
    limit = int(call.params.get("limit", 10))
    if limit < 1:
        raise invalid_parameter("limit", "This value must be greater than or equal to 1.")
    if limit > MAX_LIMIT:
        raise invalid_parameter("limit", f"This value must be less than or equal to {MAX_LIMIT}.")
    return limit


def moments(name: str, wanted: Any) -> Conditions:
    """Return the conditions on a moment: one second, or bounds such as `gte`."""
    column = f"json_extract(body, '$.{name}')"
    if wanted is None:
        return []
    if isinstance(wanted, int):
        return [(f"{column} = ?", [wanted])]
    return [(f"{column} {COMPARISONS[bound]} ?", [moment]) for bound, moment in wanted.items()]


def _cursor(call: Call) -> Conditions:
    named = [name for name in ("starting_after", "ending_before") if name in call.params]
    if len(named) > 1:
        raise invalid_parameter(
            "ending_before", "You may only specify one of starting_after and ending_before."
        )
    conditions: Conditions = []
    for name in named:
        record = call.tx.find_any(call.params[name])
        if record is None:
            raise ApiRefusal(
                f"No such object: '{call.params[name]}'", code="resource_missing", param=name
            )
        conditions.append(("seq < ?" if name == "starting_after" else "seq > ?", [record.seq]))
    return conditions
