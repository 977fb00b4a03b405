"""Checkout Sessions: what is to be paid, and how far the buyer has come."""

from typing import Any

from stripe_standin.call import Call, checked_metadata, merged_metadata, new_id
from stripe_standin.errors import ApiRefusal, invalid_parameter
from stripe_standin.resources import events, listing, session_checks, session_lines, session_money
from stripe_standin.resources.session_view import LATER, SHOWN_AS_SENT
from stripe_standin.store import Record

KIND = "checkout.session"
UPDATABLE = frozenset({"metadata", "expand"})


def create(call: Call) -> dict[str, Any]:
    """Answer `POST /v1/checkout/sessions`.

    :raises ApiRefusal: with Stripe's error for the first fault.
    """
    session_checks.check(call)
    currency = session_lines.currency_of(call.params)
    items = session_lines.line_items(call, currency)
    rates = session_lines.shipping_rates(call, currency)
    coupon = session_lines.coupon_of(call, currency)
    taxed = bool(call.params.get("automatic_tax", {}).get("enabled"))
    session_money.price_lines(items, coupon, taxed=taxed)
    shipping = session_money.shipping_cost(rates[0], taxed=taxed) if rates else None
    totals = session_money.totals(items, shipping)
    session_checks.check_total(totals["amount_total"], currency)
    body = {**_body(call, currency), **totals, "shipping_cost": shipping}
    body["shipping_options"] = [
        {"shipping_amount": rate["fixed_amount"]["amount"], "shipping_rate": rate["id"]}
        for rate in rates
    ]
    body["discounts"] = [{"coupon": coupon["id"], "promotion_code": None}] if coupon else []
    body["automatic_tax"] = _automatic_tax(taxed=taxed)
    inner = {
        "line_items": items,
        "rates": rates,
        "intent_data": call.params.get("payment_intent_data", {}),
    }
    record = Record(KIND, body, inner, wake_at=body["expires_at"])
    return call.tx.add(record).body


def _automatic_tax(*, taxed: bool) -> dict[str, Any]:
    return {
        "enabled": taxed,
        "liability": {"type": "self"} if taxed else None,
        "provider": "stripe" if taxed else None,
        "status": "complete" if taxed else None,
    }


def _body(call: Call, currency: str) -> dict[str, Any]:
    params, key = call.params, new_id("cs_test", size=30)
    sent = {name: params.get(name, default) for name, default in SHOWN_AS_SENT.items()}
    return {
        "id": key,
        "object": KIND,
        **LATER,
        **sent,
        "created": call.now,
        "currency": currency,
        "expires_at": params.get("expires_at", call.now + session_checks.LONGEST_LIFE),
        "livemode": False,
        "metadata": checked_metadata(params.get("metadata")),
        "mode": "payment",
        "payment_method_types": ["card", "sepa_debit"],
        "payment_status": "unpaid",
        "status": "open",
        "ui_mode": "hosted_page",
        "url": f"{call.site.public_url}/c/pay/{key}",
    }


def retrieve(call: Call) -> dict[str, Any]:
    """Answer `GET /v1/checkout/sessions/{id}`."""
    return _found(call).body


def _found(call: Call) -> Record:
    return call.find(KIND, "checkout.session")


def update(call: Call) -> dict[str, Any]:
    """Answer `POST /v1/checkout/sessions/{id}`: only the metadata can change here."""
    record = _found(call)
    for name in sorted(call.params.keys() - UPDATABLE):
        raise invalid_parameter(name, f"`{name}` cannot be updated on a hosted page session.")
    if "metadata" in call.params:
        record.body["metadata"] = merged_metadata(record.body["metadata"], call.params["metadata"])
        call.tx.save(record)
    return record.body


def line_items(call: Call) -> dict[str, Any]:
    """Answer `GET /v1/checkout/sessions/{id}/line_items`."""
    items: list[dict[str, Any]] = _found(call).inner["line_items"]
    page_start = 0
    size = listing.page_size(call)
    after = call.params.get("starting_after")
    if after is not None:
        ids = [item["id"] for item in items]
        if after not in ids:
            raise invalid_parameter("starting_after", f"No such line item: '{after}'")
        page_start = ids.index(after) + 1
    return {
        "object": "list",
        "url": f"/v1/checkout/sessions/{call.key}/line_items",
        "has_more": len(items) > page_start + size,
        "data": items[page_start : page_start + size],
    }


def index(call: Call) -> dict[str, Any]:
    """Answer `GET /v1/checkout/sessions`."""
    also: listing.Conditions = []
    details = call.params.get("customer_details")
    if details:
        also.append(
            ("json_extract(body, '$.customer_details.email') = ?", [details.get("email", "")])
        )
    equal = {"payment_intent": "payment_intent", "customer": "customer", "status": "status"}
    return listing.page(call, KIND, url="/v1/checkout/sessions", equal=equal, also=also)


def expire(call: Call) -> dict[str, Any]:
    """Answer `POST /v1/checkout/sessions/{id}/expire`.

    :raises ApiRefusal: when the session is not open any more.
    """
    record = _found(call)
    if record.body["status"] != "open":
        raise ApiRefusal(
            'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout '
            f"Session has a status of {record.body['status']}."
        )
    end(call, record)
    return record.body


def end(call: Call, record: Record) -> None:
    """Close an open session without payment and tell the world."""
    record.body.update(status="expired", url=None)
    record.wake_at = None
    call.tx.save(record)
    events.emit(call, "checkout.session.expired", record.body)
