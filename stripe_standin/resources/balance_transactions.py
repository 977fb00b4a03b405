"""Balance transactions: what each movement of money leaves after fees."""

from decimal import Decimal
from typing import Any

from stripe_standin.call import Call, new_id
from stripe_standin.resources.session_money import rounded
from stripe_standin.store import Record

PERCENT_FEE = Decimal("1.5")
FIXED_FEE = 25
DAYS_UNTIL_AVAILABLE = 7


def card_fee(amount: int) -> int:
    """Return Stripe's fee on a European card, in minor units: 1.5 % and 25 cents."""
    return rounded(amount * PERCENT_FEE / 100) + FIXED_FEE


def book(call: Call, kind: str, source: dict[str, Any], amount: int, fee: int) -> str:
    """Book a movement (negative when money leaves) and return the booking's id."""
    fees = {
        "amount": fee,
        "application": None,
        "currency": source["currency"],
        "description": "Stripe processing fees",
        "type": "stripe_fee",
    }
    body = {
        "id": new_id("txn"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": call.now + DAYS_UNTIL_AVAILABLE * 24 * 3600,
        "balance_type": "payments",
        "created": call.now,
        "currency": source["currency"],
        "description": None,
        "exchange_rate": None,
        "fee": fee,
        "fee_details": [fees] if fee else [],
        "net": amount - fee,
        "reporting_category": "dispute" if kind == "adjustment" else kind,
        "source": source["id"],
        "status": "pending",
        "type": kind,
    }
    return call.tx.add(Record("balance_transaction", body)).id


def retrieve(call: Call) -> dict[str, Any]:
    """Answer `GET /v1/balance_transactions/{id}`."""
    return call.find("balance_transaction", "balance transaction").body
