"""Charges: single attempts to take money."""

from typing import Any

from stripe_standin.call import Call, new_id
from stripe_standin.cards import Method
from stripe_standin.resources import balance_transactions, events, listing
from stripe_standin.store import Record


def add(call: Call, intent: dict[str, Any], method: Method, *, status: str) -> Record:
    """Store one attempt for a payment; a succeeded one is booked with its fee."""
    paid, failed = status == "succeeded", status == "failed"
    body = {
        "id": new_id("ch"),
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": intent["amount"] if not failed else 0,
        "amount_refunded": 0,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": None,
        "billing_details": intent["billing_details"],
        "calculated_statement_descriptor": call.site.merchant[:22].upper(),
        "captured": not failed,
        "created": call.now,
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": method.code if failed else None,
        "failure_message": method.message if failed else None,
        "fraud_details": {},
        "livemode": False,
        "metadata": intent["metadata"],
        "on_behalf_of": None,
        "outcome": _outcome(method, failed=failed),
        "paid": paid,
        "payment_intent": intent["id"],
        "payment_method": intent["payment_method"],
        "payment_method_details": method.details(),
        "presentment_details": None,
        "radar_options": {},
        "receipt_email": intent["receipt_email"],
        "receipt_number": None,
        "receipt_url": None,
        "refunded": False,
        "review": None,
        "shipping": intent["shipping"],
        "source_transfer": None,
        "statement_descriptor": intent["statement_descriptor"],
        "statement_descriptor_suffix": intent["statement_descriptor_suffix"],
        "status": status,
        "transfer_data": None,
        "transfer_group": None,
    }
    record = call.tx.add(Record("charge", body))
    if paid:
        book(call, record)
    events.emit(call, f"charge.{status}", body)
    return record


def _outcome(method: Method, *, failed: bool) -> dict[str, Any]:
    return {
        "network_status": "declined_by_network" if failed else "approved_by_network",
        "reason": method.decline_code if failed else None,
        "risk_level": "normal",
        "seller_message": method.message if failed else "Payment complete.",
        "type": "issuer_declined" if failed else "authorized",
    }


def book(call: Call, charge: Record) -> None:
    """Book the money of a charge that succeeded."""
    amount = charge.body["amount"]
    charge.body["balance_transaction"] = balance_transactions.book(
        call, "charge", charge.body, amount, balance_transactions.card_fee(amount)
    )
    call.tx.save(charge)


def settle(call: Call, charge: Record, *, succeeds: bool) -> None:
    """Decide a pending charge."""
    charge.body["paid"] = succeeds
    charge.body["status"] = "succeeded" if succeeds else "failed"
    if succeeds:
        book(call, charge)
    else:
        charge.body.update(
            captured=False,
            amount_captured=0,
            failure_code="insufficient_funds",
            failure_message="The customer's account has insufficient funds to cover this payment.",
        )
    call.tx.save(charge)
    events.emit(call, f"charge.{charge.body['status']}", charge.body)


def retrieve(call: Call) -> dict[str, Any]:
    """Answer `GET /v1/charges/{id}`."""
    return call.find("charge", "charge").body


def index(call: Call) -> dict[str, Any]:
    """Answer `GET /v1/charges`."""
    equal = {"payment_intent": "payment_intent", "customer": "customer"}
    return listing.page(call, "charge", url="/v1/charges", equal=equal)
