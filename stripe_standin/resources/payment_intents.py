"""Payment intents: the one payment behind a session, over all its attempts."""

from typing import Any

from stripe_standin.call import Call, checked_metadata, new_id
from stripe_standin.cards import Method
from stripe_standin.resources import charges, events, listing
from stripe_standin.store import Record

KIND = "payment_intent"


def of_session(call: Call, session: Record) -> Record:
    """Return the session's payment, made at the first attempt to pay."""
    known = session.inner.get("payment_intent")
    if known:
        return call.tx.get(KIND, known)
    record = call.tx.add(Record(KIND, _body(call, session), {"session": session.id}))
    session.inner["payment_intent"] = record.id
    call.tx.save(session)
    events.emit(call, "payment_intent.created", record.body)
    return record


def _body(call: Call, session: Record) -> dict[str, Any]:
    data = session.inner["intent_data"]
    key = new_id("pi")
    return {
        "id": key,
        "object": KIND,
        "amount": session.body["amount_total"],
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": {"allow_redirects": "always", "enabled": True},
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": "automatic_async",
        "client_secret": new_id(f"{key}_secret"),
        "confirmation_method": "automatic",
        "created": call.now,
        "currency": session.body["currency"],
        "customer": None,
        "description": data.get("description"),
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": checked_metadata(data.get("metadata")),
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None,
        "payment_method_options": {},
        "payment_method_types": ["card", "sepa_debit"],
        "processing": None,
        "receipt_email": data.get("receipt_email"),
        "review": None,
        "setup_future_usage": data.get("setup_future_usage"),
        "shipping": data.get("shipping"),
        "statement_descriptor": data.get("statement_descriptor"),
        "statement_descriptor_suffix": data.get("statement_descriptor_suffix"),
        "status": "requires_payment_method",
        "transfer_data": None,
        "transfer_group": data.get("transfer_group"),
    }


def begin(call: Call, session: Record, billing: dict[str, Any]) -> Record:
    """Bring the payment up to the session's amount and the buyer's details."""
    record = of_session(call, session)
    record.inner["billing_details"] = billing
    record.body.update(
        amount=session.body["amount_total"],
        customer=session.body["customer"],
        payment_method=new_id("pm"),
    )
    shipping = (session.body["collected_information"] or {}).get("shipping_details")
    if shipping:
        record.body["shipping"] = {**shipping, "phone": billing["phone"], "carrier": None}
    call.tx.save(record)
    return record


def require_action(call: Call, record: Record) -> None:
    """Wait for the buyer to authenticate."""
    record.body.update(status="requires_action", next_action={"type": "use_stripe_sdk"})
    call.tx.save(record)
    events.emit(call, "payment_intent.requires_action", record.body)


def _charge(call: Call, record: Record, method: Method, status: str) -> str:
    intent = {**record.body, "billing_details": record.inner["billing_details"]}
    return charges.add(call, intent, method, status=status).id


def succeed(call: Call, record: Record, method: Method) -> None:
    """Take the money."""
    record.body["latest_charge"] = _charge(call, record, method, "succeeded")
    _succeeded(call, record)


def _succeeded(call: Call, record: Record) -> None:
    record.body.update(
        status="succeeded",
        amount_received=record.body["amount"],
        last_payment_error=None,
        next_action=None,
        processing=None,
    )
    call.tx.save(record)
    events.emit(call, "payment_intent.succeeded", record.body)


def process(call: Call, record: Record, method: Method) -> None:
    """Start a payment whose outcome is known only later."""
    record.body["latest_charge"] = _charge(call, record, method, "pending")
    record.body.update(status="processing", last_payment_error=None, next_action=None)
    call.tx.save(record)
    events.emit(call, "payment_intent.processing", record.body)


def fail(call: Call, record: Record, method: Method) -> None:
    """Note a declined attempt; the payment can be tried again."""
    if method.ending != "challenge":
        record.body["latest_charge"] = _charge(call, record, method, "failed")
    _failed(call, record, code=method.code, decline=method.decline_code, message=method.message)


def _failed(
    call: Call, record: Record, *, code: str | None, decline: str | None, message: str | None
) -> None:
    error = {
        "charge": record.body["latest_charge"],
        "code": code,
        "decline_code": decline,
        "message": message,
        "type": "card_error" if decline else "invalid_request_error",
    }
    record.body.update(status="requires_payment_method", last_payment_error=error, next_action=None)
    call.tx.save(record)
    events.emit(call, "payment_intent.payment_failed", record.body)


def settle(call: Call, record: Record, *, succeeds: bool) -> None:
    """Decide a payment that was processing."""
    charge = call.tx.get("charge", record.body["latest_charge"])
    charges.settle(call, charge, succeeds=succeeds)
    if succeeds:
        _succeeded(call, record)
    else:
        _failed(
            call,
            record,
            code="payment_intent_payment_attempt_failed",
            decline=None,
            message=charge.body["failure_message"],
        )


def retrieve(call: Call) -> dict[str, Any]:
    """Answer `GET /v1/payment_intents/{id}`."""
    return call.find(KIND, "payment_intent").body


def index(call: Call) -> dict[str, Any]:
    """Answer `GET /v1/payment_intents`."""
    return listing.page(call, KIND, url="/v1/payment_intents", equal={"customer": "customer"})
