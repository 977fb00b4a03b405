"""Customers: an address book entry that payments refer to."""

from typing import Any

from stripe_standin.call import Call, checked_metadata, merged_metadata, new_id
from stripe_standin.errors import invalid_parameter
from stripe_standin.resources import events, listing
from stripe_standin.resources.session_checks import is_email
from stripe_standin.store import Record

PLAIN = ("address", "description", "email", "name", "phone", "preferred_locales", "shipping")
UNKNOWN_HERE = ("source", "payment_method", "cash_balance", "test_clock")


def add(call: Call, fields: dict[str, Any]) -> Record:
    """Store a new customer with these fields and tell the world."""
    plain = {name: fields.get(name) or None for name in PLAIN}
    body = {
        "id": new_id("cus", size=7),
        "object": "customer",
        "balance": 0,
        "created": call.now,
        "currency": None,
        "default_source": None,
        "delinquent": False,
        "discount": None,
        "invoice_prefix": "STANDIN",
        "invoice_settings": {"custom_fields": None, "default_payment_method": None},
        "livemode": False,
        "metadata": checked_metadata(fields.get("metadata")),
        **plain,
        "preferred_locales": fields.get("preferred_locales") or [],
        "tax_exempt": fields.get("tax_exempt", "none"),
        "test_clock": None,
    }
    record = call.tx.add(Record("customer", body))
    events.emit(call, "customer.created", body)
    return record


def _check(call: Call) -> None:
    email = call.params.get("email")
    if email and not is_email(email):
        raise invalid_parameter(
            "email", f"Invalid email address: {email[:100]}", code="email_invalid"
        )
    for name in UNKNOWN_HERE:
        if name in call.params:
            raise invalid_parameter(name, f"The stand-in does not know `{name}` of customers.")


def create(call: Call) -> dict[str, Any]:
    """Answer `POST /v1/customers`."""
    _check(call)
    return add(call, dict(call.params)).body


def update(call: Call) -> dict[str, Any]:
    """Answer `POST /v1/customers/{id}`."""
    record = call.find("customer", "customer")
    _check(call)
    for name in PLAIN:
        if name in call.params:
            record.body[name] = call.params[name] or None
    if "metadata" in call.params:
        record.body["metadata"] = merged_metadata(record.body["metadata"], call.params["metadata"])
    call.tx.save(record)
    events.emit(call, "customer.updated", record.body)
    return record.body


def retrieve(call: Call) -> dict[str, Any]:
    """Answer `GET /v1/customers/{id}`."""
    return call.find("customer", "customer").body


def index(call: Call) -> dict[str, Any]:
    """Answer `GET /v1/customers`."""
    return listing.page(call, "customer", url="/v1/customers", equal={"email": "email"})
