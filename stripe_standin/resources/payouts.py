"""Payouts: what is on the balance goes to the shop's bank account.

https://docs.stripe.com/api/payouts
"""

from typing import Any

from stripe_standin.call import Call, new_id
from stripe_standin.resources import balance_transactions, events, listing
from stripe_standin.store import Record

UNPAID = "json_extract(inner, '$.payout') IS NULL AND json_extract(body, '$.type') != 'payout'"
DAYS_ON_THE_WAY = 2


def pay_out(call: Call) -> Record | None:
    """Pay out all that is on the balance, as if it had become available; None if it is nothing.

    Stripe does so by itself on the days that the account's schedule names.
    """
    unpaid = call.tx.select("balance_transaction", UNPAID)
    amount = sum(record.body["net"] for record in unpaid)
    if amount <= 0:
        return None
    body = _body(call, amount, unpaid[0].body["currency"])
    body["balance_transaction"] = balance_transactions.book(call, "payout", body, -amount, 0)
    for record in unpaid:
        record.body["status"], record.inner["payout"] = "available", body["id"]
        call.tx.save(record)
    paid_out = call.tx.add(Record("payout", body))
    events.emit(call, "payout.created", body)
    return paid_out


def _body(call: Call, amount: int, currency: str) -> dict[str, Any]:
    return {
        "id": new_id("po"),
        "object": "payout",
        "amount": amount,
        "application_fee": None,
        "application_fee_amount": None,
        "arrival_date": call.now + DAYS_ON_THE_WAY * 24 * 3600,
        "automatic": True,
        "balance_transaction": None,
        "created": call.now,
        "currency": currency,
        "description": "STRIPE PAYOUT",
        "destination": None,
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "livemode": False,
        "metadata": {},
        "method": "standard",
        "original_payout": None,
        "payout_method": None,
        "reconciliation_status": "completed",
        "reversed_by": None,
        "source_type": "card",
        "statement_descriptor": None,
        "status": "in_transit",
        "trace_id": None,
        "type": "bank_account",
    }


def retrieve(call: Call) -> dict[str, Any]:
    """Answer `GET /v1/payouts/{id}`."""
    return call.find("payout", "payout").body


def index(call: Call) -> dict[str, Any]:
    """Answer `GET /v1/payouts`."""
    equal = {"status": "status", "destination": "destination"}
    return listing.page(call, "payout", url="/v1/payouts", equal=equal, also=_arriving(call))


def _arriving(call: Call) -> listing.Conditions:
    return listing.moments("arrival_date", call.params.get("arrival_date"))
