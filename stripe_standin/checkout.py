"""What happens when a buyer pays a session, and when a delayed payment settles."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

from stripe_standin.call import Call
from stripe_standin.cards import METHODS, Method
from stripe_standin.resources import (
    coupons,
    customers,
    disputes,
    events,
    payment_intents,
    session_money,
)
from stripe_standin.resources.checkout_sessions import KIND, end
from stripe_standin.store import Record

Outcome = Literal["complete", "challenge", "declined", "not_open"]


@dataclass(frozen=True)
class Payer:
    """What the buyer entered besides the way to pay."""

    email: str
    name: str = ""
    phone: str = ""
    country: str = "DE"
    shipping: dict[str, Any] | None = None
    shipping_rate: str = ""
    accepted_terms: bool = False


def pay(call: Call, session: Record, method: Method, payer: Payer) -> Outcome:
    """Try to pay an open session once; a session that is not open is left alone."""
    if session.body["status"] != "open":
        return "not_open"
    session.inner.update(error=None, challenge=None)
    _note_payer(call, session, payer)
    if session.body["amount_total"] == 0:
        return _complete(call, session, "no_payment_required")
    intent = payment_intents.begin(call, session, _billing(payer))
    if method.ending == "challenge":
        session.inner.update(challenge=method.key, payer=asdict(payer))
        payment_intents.require_action(call, intent)
        call.tx.save(session)
        return "challenge"
    return _attempt(call, session, intent, method)


def answer_challenge(call: Call, session: Record, *, passed: bool) -> Outcome:
    """End the authentication that a card asked for."""
    waiting = session.inner.get("challenge")
    if session.body["status"] != "open" or not waiting:
        return "not_open"
    session.inner["challenge"] = None
    method = METHODS[waiting]
    intent = payment_intents.of_session(call, session)
    if not passed:
        payment_intents.fail(call, intent, method)
        return _declined(call, session, method)
    payment_intents.succeed(call, intent, method)
    return _complete(call, session, "paid")


def _attempt(call: Call, session: Record, intent: Record, method: Method) -> Outcome:
    if method.ending == "declines":
        payment_intents.fail(call, intent, method)
        return _declined(call, session, method)
    if method.ending == "delayed":
        payment_intents.process(call, intent, method)
        session.inner["settles"] = method.settles
        return _complete(call, session, "unpaid")
    payment_intents.succeed(call, intent, method)
    outcome = _complete(call, session, "paid")
    if method.disputed:
        disputes.open_on(call, call.tx.get("charge", intent.body["latest_charge"]))
    return outcome


def _declined(call: Call, session: Record, method: Method) -> Outcome:
    session.inner["error"] = method.message
    call.tx.save(session)
    return "declined"


def _billing(payer: Payer) -> dict[str, Any]:
    return {
        "address": _address(payer),
        "email": payer.email,
        "name": payer.name or None,
        "phone": payer.phone or None,
        "tax_id": None,
    }


def _address(payer: Payer) -> dict[str, Any]:
    nothing = dict.fromkeys(("city", "line1", "line2", "postal_code", "state"))
    sent = (payer.shipping or {}).get("address", {})
    return {**nothing, **sent, "country": sent.get("country", payer.country)}


def _note_payer(call: Call, session: Record, payer: Payer) -> None:
    body = session.body
    body["customer_details"] = {
        **_billing(payer),
        "business_name": None,
        "individual_name": None,
        "tax_exempt": "none",
        "tax_ids": [],
    }
    del body["customer_details"]["tax_id"]
    body["collected_information"] = {
        "business_name": None,
        "individual_name": None,
        "shipping_details": payer.shipping,
    }
    if body["consent_collection"]:
        body["consent"] = {
            "promotions": None,
            "terms_of_service": "accepted" if payer.accepted_terms else None,
        }
    choose_shipping(session, payer.shipping_rate)
    if body["customer"] is None and body["customer_creation"] == "always":
        fields = {"email": payer.email, "name": payer.name, "shipping": payer.shipping}
        body["customer"] = customers.add(call, fields).id
    call.tx.save(session)


def choose_shipping(session: Record, chosen: str) -> None:
    """Bring the total up to the shipping rate the buyer chose; unknown ones change nothing."""
    for rate in session.inner["rates"]:
        if rate["id"] == chosen:
            taxed = session.body["automatic_tax"]["enabled"]
            cost = session_money.shipping_cost(rate, taxed=taxed)
            session.body["shipping_cost"] = cost
            session.body.update(session_money.totals(session.inner["line_items"], cost))


def _complete(call: Call, session: Record, payment_status: str) -> Outcome:
    session.body.update(
        status="complete",
        payment_status=payment_status,
        payment_intent=session.inner.get("payment_intent"),
        url=None,
    )
    settles = session.inner.get("settles")
    session.wake_at = None if settles is None else call.now + call.site.settle_after
    for discount in session.body["discounts"]:
        coupons.redeem(call, discount["coupon"])
    event = events.emit(call, "checkout.session.completed", session.body)
    session.inner["completed_event"] = event.id
    call.tx.save(session)
    return "complete"


def is_settling(session: Record) -> bool:
    """Return whether the session's delayed payment is still undecided."""
    return bool(
        session.body["status"] == "complete"
        and session.body["payment_status"] == "unpaid"
        and not session.inner.get("settled")
    )


def settle(call: Call, session: Record, *, succeeds: bool) -> bool:
    """Decide a session's delayed payment; return False when there is nothing to decide."""
    if not is_settling(session):
        return False
    intent = call.tx.get("payment_intent", session.body["payment_intent"])
    payment_intents.settle(call, intent, succeeds=succeeds)
    session.inner["settled"] = True
    session.wake_at = None
    if succeeds:
        session.body["payment_status"] = "paid"
    call.tx.save(session)
    ending = "succeeded" if succeeds else "failed"
    events.emit(call, f"checkout.session.async_payment_{ending}", session.body)
    return True


def catch_up(call: Call) -> None:
    """Do what time has brought: expire open sessions, settle delayed payments."""
    for _, key in call.tx.due(call.now):
        session = call.tx.get(KIND, key)
        if session.body["status"] == "open":
            end(call, session)
        else:
            settle(call, session, succeeds=bool(session.inner["settles"]))
