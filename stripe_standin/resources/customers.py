"""Customers: an address book entry that payments refer to."""

from typing import Any

from stripe_standin.call import Call, checked_metadata, merged_metadata, new_id
from stripe_standin.cards import Method
from stripe_standin.errors import invalid_parameter
from stripe_standin.resources import events, listing
from stripe_standin.resources.session_checks import is_email
from stripe_standin.store import Record

PLAIN = ("address", "description", "email", "name", "phone", "preferred_locales", "shipping")
DELETED = "deleted_customer"
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
    """Answer `GET /v1/customers/{id}`; of one that was deleted Stripe says just that."""
    if call.tx.find(DELETED, call.key) is not None:
        return _deleted(call.key)
    return call.find("customer", "customer").body


def delete(call: Call) -> dict[str, Any]:
    """Answer `DELETE /v1/customers/{id}`: its cards go with it, what it paid stays."""
    record = call.find("customer", "customer")
    call.tx.run("UPDATE objects SET kind = ? WHERE id = ?", [DELETED, record.id])
    events.emit(call, "customer.deleted", record.body)
    return _deleted(record.id)


def keep_card(call: Call, customer_id: str, method: Method) -> None:
    """Save a card with a customer, once."""
    record = call.tx.get("customer", customer_id)
    cards = record.inner.setdefault("cards", [])
    if method.key not in cards:
        cards.append(method.key)
        call.tx.save(record)


def drop_card(call: Call, customer_id: str, key: str) -> None:
    """Forget a saved card; one that is not there is gone already."""
    record = call.tx.get("customer", customer_id)
    record.inner["cards"] = [each for each in record.inner.get("cards", []) if each != key]
    call.tx.save(record)


def _deleted(key: str) -> dict[str, Any]:
    return {"id": key, "object": "customer", "deleted": True}


def index(call: Call) -> dict[str, Any]:
    """Answer `GET /v1/customers`."""
    return listing.page(call, "customer", url="/v1/customers", equal={"email": "email"})
