"""How `expand[]` replaces ids by the objects they name (docs.stripe.com/expand)."""

from typing import Any

from stripe_standin.errors import ApiRefusal
from stripe_standin.store import Transaction

KIND_OF_FIELD = {
    "payment_intent": "payment_intent",
    "latest_charge": "charge",
    "charge": "charge",
    "customer": "customer",
    "balance_transaction": "balance_transaction",
    "failure_balance_transaction": "balance_transaction",
}
MAX_STEPS = 4


def line_items(tx: Transaction, session_id: str) -> list[dict[str, Any]]:
    """Return the line items of a session."""
    items: list[dict[str, Any]] = tx.get("checkout.session", session_id).inner["line_items"]
    return items


def embedded_list(data: list[dict[str, Any]], url: str) -> dict[str, Any]:
    """Return a whole list as it is embedded in an object."""
    return {"object": "list", "data": data, "has_more": False, "url": url}


def expanded(tx: Transaction, answer: dict[str, Any], paths: list[str]) -> dict[str, Any]:
    """Return the answer with every named path expanded.

    :raises ApiRefusal: when a path cannot be expanded.
    """
    for path in paths:
        steps = path.split(".")
        if len(steps) > MAX_STEPS:
            raise ApiRefusal(
                f"You cannot expand more than {MAX_STEPS} levels of a property", param="expand"
            )
        _expand(tx, answer, steps, path)
    return answer


def _expand(tx: Transaction, owner: dict[str, Any], steps: list[str], path: str) -> None:
    step, rest = steps[0], steps[1:]
    if step == "data" and owner.get("object") == "list":
        for item in owner["data"]:
            _expand(tx, item, rest or [""], path)
        return
    owner[step] = value = _value(tx, owner, step, path)
    if rest and isinstance(value, dict):
        _expand(tx, value, rest, path)


def _value(tx: Transaction, owner: dict[str, Any], step: str, path: str) -> Any:
    kind, key = owner.get("object"), str(owner.get("id"))
    if kind == "checkout.session" and step == "line_items":
        return embedded_list(line_items(tx, key), f"/v1/checkout/sessions/{key}/line_items")
    if kind == "charge" and step == "refunds":
        refunds = tx.select("refund", "json_extract(body, '$.charge') = ?", [key])
        return embedded_list([record.body for record in refunds], f"/v1/charges/{key}/refunds")
    if kind == "balance_transaction" and step == "source":
        about = tx.find_any(str(owner["source"]))
        return about.body if about else owner["source"]
    if step not in KIND_OF_FIELD or step not in owner:
        raise ApiRefusal(f"This property cannot be expanded ({path}).", param="expand")
    named = owner[step]
    if not isinstance(named, str):
        return named
    return tx.get(KIND_OF_FIELD[step], named).body
