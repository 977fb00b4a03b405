"""Balance transactions: what each movement of money leaves after fees.

https://docs.stripe.com/api/balance_transactions
"""

from decimal import Decimal
from typing import Any

from stripe_standin.call import Call, new_id
from stripe_standin.errors import missing_resource
from stripe_standin.resources import listing
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
    return _today(call, call.find("balance_transaction", "balance transaction").body)


def index(call: Call) -> dict[str, Any]:
    """Answer `GET /v1/balance_transactions`.

    :raises ApiRefusal: when a payout is named that there is none of.
    """
    also: listing.Conditions = []
    if "payout" in call.params:
        payout = call.params["payout"]
        if call.tx.find("payout", payout) is None:
            raise missing_resource("payout", payout, param="payout", status=404)
        also = [("json_extract(inner, '$.payout') = ?", [payout])]
    equal = {"type": "type", "source": "source", "currency": "currency"}
    page = listing.page(
        call, "balance_transaction", url="/v1/balance_transactions", equal=equal, also=also
    )
    page["data"] = [_today(call, body) for body in page["data"]]
    return page


def _today(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """Return a booking as it stands now: what was pending is available on its day."""
    is_there = body["status"] == "available" or body["available_on"] <= call.now
    return {**body, "status": "available" if is_there else "pending"}
