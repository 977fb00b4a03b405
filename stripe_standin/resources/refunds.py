"""Refunds: money given back, never more than was taken."""

from typing import Any

from stripe_standin.call import Call, checked_metadata, merged_metadata, new_id
from stripe_standin.errors import ApiRefusal, invalid_parameter, missing_parameter, missing_resource
from stripe_standin.resources import balance_transactions, events, listing
from stripe_standin.store import Record

NEXT_OUTCOME = "next_refund"
FOREIGN = ("origin", "currency", "customer", "refund_application_fee", "reverse_transfer")


def create(call: Call) -> dict[str, Any]:
    """Answer `POST /v1/refunds`.

    :raises ApiRefusal: when there is nothing to refund, or less than was asked for.
    """
    for name in FOREIGN:
        if name in call.params:
            raise invalid_parameter(name, f"The stand-in does not know `{name}` of refunds.")
    metadata = checked_metadata(call.params.get("metadata"))
    charge = _charge_named(call)
    amount = _amount(charge, call.params.get("amount"))
    return add(call, charge, amount, call.params.get("reason"), metadata).body


def _charge_named(call: Call) -> Record:
    params = call.params
    if "charge" in params and "payment_intent" in params:
        raise invalid_parameter(
            "charge", "You may only specify one of these parameters: charge, payment_intent."
        )
    if "charge" in params:
        charge = call.tx.find("charge", params["charge"])
        if charge is None:
            raise missing_resource("charge", params["charge"], param="charge", status=404)
    elif "payment_intent" in params:
        charge = _charge_of_intent(call, params["payment_intent"])
    else:
        raise missing_parameter(
            "charge", "One of the following params should be provided: payment_intent or charge."
        )
    if charge.body["status"] != "succeeded":
        raise ApiRefusal(f"Charge {charge.id} has not succeeded and cannot be refunded.")
    if charge.body["disputed"] and not charge.inner.get("dispute_won"):
        raise ApiRefusal(
            f"Charge {charge.id} has been charged back; cannot issue a refund.",
            code="charge_disputed",
        )
    return charge


def _charge_of_intent(call: Call, key: str) -> Record:
    intent = call.tx.find("payment_intent", key)
    if intent is None:
        raise missing_resource("payment_intent", key, param="payment_intent", status=404)
    if intent.body["status"] != "succeeded":
        raise ApiRefusal(
            f"This PaymentIntent ({key}) does not have a successful charge to refund.",
            code="payment_intent_unexpected_state",
        )
    return call.tx.get("charge", intent.body["latest_charge"])


def _amount(charge: Record, wanted: int | None) -> int:
    left = int(charge.body["amount"] - charge.body["amount_refunded"])
    if left == 0:
        raise ApiRefusal(
            f"Charge {charge.id} has already been refunded.", code="charge_already_refunded"
        )
    if wanted is None:
        return left
    if wanted < 1:
        raise invalid_parameter(
            "amount", "Invalid positive integer", code="parameter_invalid_integer"
        )
    if wanted > left:
        raise invalid_parameter(
            "amount",
            f"Refund amount ({_shown(wanted, charge)}) is greater than unrefunded amount on charge "
            f"({_shown(left, charge)})",
        )
    return wanted


def _shown(amount: int, charge: Record) -> str:
    return f"{amount // 100}.{amount % 100:02} {charge.body['currency']}"


def add(
    call: Call, charge: Record, amount: int, reason: str | None, metadata: dict[str, str]
) -> Record:
    """Give money back; it is pending when the control page asked for that, else done at once."""
    status = call.tx.setting(NEXT_OUTCOME, "succeeded")
    call.tx.set(NEXT_OUTCOME, "succeeded")
    body = {
        "id": new_id("re"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": charge.id,
        "created": call.now,
        "currency": charge.body["currency"],
        "destination_details": {"card": {"type": "refund"}, "type": "card"},
        "failure_balance_transaction": None,
        "metadata": metadata,
        "payment_intent": charge.body["payment_intent"],
        "pending_reason": "processing" if status == "pending" else None,
        "presentment_details": None,
        "reason": reason,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "succeeded" if status == "succeeded" else "pending",
        "transfer_reversal": None,
    }
    record = Record("refund", body)
    body["balance_transaction"] = balance_transactions.book(call, "refund", body, -amount, 0)
    call.tx.add(record)
    _move(call, charge, amount)
    events.emit(call, "refund.created", body)
    events.emit(call, "charge.refunded", charge.body)
    if status == "failed":
        fail(call, record)
    return record


def _move(call: Call, charge: Record, amount: int) -> None:
    charge.body["amount_refunded"] += amount
    charge.body["refunded"] = charge.body["amount_refunded"] == charge.body["amount"]
    call.tx.save(charge)


def fail(call: Call, record: Record) -> bool:
    """Let the bank send a refund back; return False when it had failed already."""
    if record.body["status"] not in {"pending", "succeeded"}:
        return False
    body = record.body
    body.update(
        status="failed",
        failure_reason="lost_or_stolen_card",
        failure_balance_transaction=balance_transactions.book(
            call, "refund_failure", body, body["amount"], 0
        ),
        pending_reason=None,
    )
    call.tx.save(record)
    _move(call, call.tx.get("charge", body["charge"]), -body["amount"])
    for kind in ("refund.updated", "charge.refund.updated", "refund.failed"):
        events.emit(call, kind, body)
    return True


def succeed(call: Call, record: Record) -> bool:
    """Let a pending refund arrive; return False when it was not pending."""
    if record.body["status"] != "pending":
        return False
    record.body.update(status="succeeded", pending_reason=None)
    call.tx.save(record)
    for kind in ("refund.updated", "charge.refund.updated"):
        events.emit(call, kind, record.body)
    return True


def update(call: Call) -> dict[str, Any]:
    """Answer `POST /v1/refunds/{id}`: only the metadata can change."""
    record = call.find("refund", "refund")
    if "metadata" in call.params:
        record.body["metadata"] = merged_metadata(record.body["metadata"], call.params["metadata"])
        call.tx.save(record)
        events.emit(call, "refund.updated", record.body)
    return record.body


def retrieve(call: Call) -> dict[str, Any]:
    """Answer `GET /v1/refunds/{id}`."""
    return call.find("refund", "refund").body


def index(call: Call) -> dict[str, Any]:
    """Answer `GET /v1/refunds`."""
    equal = {"charge": "charge", "payment_intent": "payment_intent"}
    return listing.page(call, "refund", url="/v1/refunds", equal=equal)
