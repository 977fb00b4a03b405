"""Disputes: a buyer asks the bank to take a payment back."""

from typing import Any

from stripe_standin.call import Call, new_id
from stripe_standin.resources import balance_transactions, events, listing
from stripe_standin.store import Record

DISPUTE_FEE = 2_000
DAYS_TO_ANSWER = 9
CLOSED = frozenset({"won", "lost"})


def open_on(call: Call, charge: Record) -> Record | None:
    """Open a dispute over a charge; None when it is not paid, or is disputed or lost already.

    What the shop has won can be disputed once more.
    """
    is_held = charge.body["disputed"] and not charge.inner.pop("dispute_won", False)
    if charge.body["status"] != "succeeded" or is_held:
        return None
    body = {
        "id": new_id("dp"),
        "object": "dispute",
        "amount": charge.body["amount"],
        "balance_transactions": [],
        "charge": charge.id,
        "created": call.now,
        "currency": charge.body["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {},
        "evidence_details": {
            "due_by": call.now + DAYS_TO_ANSWER * 24 * 3600,
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
        },
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": {},
        "network_reason_code": "10.4",
        "payment_intent": charge.body["payment_intent"],
        "payment_method_details": {"type": "card", "card": {"brand": "visa"}},
        "reason": "fraudulent",
        "status": "needs_response",
    }
    _book(call, body, -charge.body["amount"], DISPUTE_FEE)
    record = call.tx.add(Record("dispute", body))
    charge.body["disputed"] = True
    call.tx.save(charge)
    events.emit(call, "charge.dispute.created", body)
    events.emit(call, "charge.dispute.funds_withdrawn", body)
    return record


def _book(call: Call, body: dict[str, Any], amount: int, fee: int) -> None:
    key = balance_transactions.book(call, "adjustment", body, amount, fee)
    body["balance_transactions"].append(call.tx.get("balance_transaction", key).body)


def close(call: Call, record: Record, *, won: bool) -> bool:
    """Close a dispute; return False when it was closed already."""
    if record.body["status"] in CLOSED:
        return False
    record.body["status"] = "won" if won else "lost"
    if won:
        _book(call, record.body, record.body["amount"], 0)
        charge = call.tx.get("charge", record.body["charge"])
        charge.inner["dispute_won"] = True
        call.tx.save(charge)
    call.tx.save(record)
    events.emit(call, "charge.dispute.closed", record.body)
    if won:
        events.emit(call, "charge.dispute.funds_reinstated", record.body)
    return True


def retrieve(call: Call) -> dict[str, Any]:
    """Answer `GET /v1/disputes/{id}`."""
    return call.find("dispute", "dispute").body


def index(call: Call) -> dict[str, Any]:
    """Answer `GET /v1/disputes`."""
    equal = {"charge": "charge", "payment_intent": "payment_intent"}
    return listing.page(call, "dispute", url="/v1/disputes", equal=equal)
