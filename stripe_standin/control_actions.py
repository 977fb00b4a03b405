"""What the control page can do: every act a Dashboard, a bank or a bad day would."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from stripe_standin import checkout, faults
from stripe_standin.call import Call
from stripe_standin.cards import METHODS, Method
from stripe_standin.errors import ApiRefusal, invalid_parameter, missing_resource
from stripe_standin.faults import Fault
from stripe_standin.resources import checkout_sessions, disputes, payouts, refunds
from stripe_standin.resources.session_checks import is_email
from stripe_standin.store import Record

MODES = ("deliver", "hold", "drop")
REFUND_OUTCOMES = ("succeeded", "pending", "failed")
MAX_COUNT = 1_000


@dataclass(frozen=True)
class Act:
    """One act: its transaction, the object it is about and the fields that were sent."""

    call: Call
    fields: Mapping[str, str]

    def word(self, name: str, allowed: tuple[str, ...]) -> str:
        """Return a field that must be one of a few words.

        :raises ApiRefusal: when it is not.
        """
        word = self.fields.get(name, "")
        if word not in allowed:
            raise invalid_parameter(name, f"{name} must be one of: {', '.join(allowed)}.")
        return word

    def count(self, name: str, default: int) -> int:
        """Return a whole number between 1 and 1000.

        :raises ApiRefusal: when it is not one.
        """
        text = self.fields.get(name, "").strip() or str(default)
        if not (text.isascii() and text.isdecimal() and 1 <= int(text[:9]) <= MAX_COUNT):
            raise invalid_parameter(name, f"{name} must be a whole number from 1 to {MAX_COUNT}.")
        return int(text)

    def seconds(self, name: str) -> float:
        """Return a number of seconds between 0 and 120.

        :raises ApiRefusal: when it is not one.
        """
        try:
            seconds = float(self.fields.get(name, "") or "0")
        except ValueError:
            seconds = math.nan
        if not 0 <= seconds <= faults.MAX_SECONDS:
            raise invalid_parameter(name, f"{name} must be between 0 and {faults.MAX_SECONDS:g}.")
        return seconds


def _refuse_if(nothing_done: bool, message: str) -> None:
    if nothing_done:
        raise ApiRefusal(message)


def expire_session(act: Act) -> dict[str, Any]:
    """Expire an open session now."""
    return checkout_sessions.expire(act.call)


def pay_session(act: Act) -> dict[str, Any]:
    """Pay an open session as a buyer would; `card` is a card number or a kind of debit."""
    session = act.call.find(checkout_sessions.KIND, "checkout.session")
    method = METHODS.get(act.fields.get("card", "4242424242424242").replace(" ", ""))
    if method is None:
        raise invalid_parameter("card", "This is not a test card.")
    email = session.body["customer_email"] or act.fields.get("email") or "buyer@example.com"
    if not is_email(email):
        raise invalid_parameter("email", "This is not an e-mail address.")
    payer = checkout.Payer(
        email=email,
        name=act.fields.get("name", "Test Buyer"),
        shipping=_shipping(session),
        shipping_rate=act.fields.get("shipping_rate", ""),
        accepted_terms=True,
    )
    outcome = _paid(act.call, session, method, payer)
    _refuse_if(outcome == "not_open", f"The session is {session.body['status']}, not open.")
    return {"outcome": outcome, "session": session.body}


def _paid(call: Call, session: Record, method: Method, payer: checkout.Payer) -> checkout.Outcome:
    """Pay; a card that asks to authenticate is authenticated at once."""
    outcome = checkout.pay(call, session, method, payer)
    if outcome == "challenge":
        return checkout.answer_challenge(call, session, passed=True)
    return outcome


def _shipping(session: Record) -> dict[str, Any] | None:
    asked = session.body["shipping_address_collection"]
    if not asked:
        return None
    address = {
        "city": "Berlin",
        "country": asked["allowed_countries"][0],
        "line1": "Lindenweg 1",
        "line2": None,
        "postal_code": "10115",
        "state": None,
    }
    return {"address": address, "name": "Test Buyer"}


def settle_payment(act: Act) -> dict[str, Any]:
    """Let a delayed payment succeed or fail."""
    succeeds = act.word("outcome", ("succeed", "fail")) == "succeed"
    intent = act.call.find("payment_intent", "payment_intent")
    session = act.call.tx.get(checkout_sessions.KIND, intent.inner["session"])
    done = checkout.settle(act.call, session, succeeds=succeeds)
    _refuse_if(not done, f"Payment {intent.id} is {intent.body['status']}, not processing.")
    return act.call.tx.get("payment_intent", intent.id).body


def refund_payment(act: Act) -> dict[str, Any]:
    """Refund from the Dashboard: the shop hears of it by webhook only."""
    params: dict[str, Any] = {"payment_intent": act.call.key, "reason": "requested_by_customer"}
    text = act.fields.get("amount", "").strip()
    if text:
        if not (text.isascii() and text.isdecimal() and len(text) < 12):
            raise invalid_parameter("amount", "amount must be whole minor units, such as 500.")
        params["amount"] = int(text)
    return refunds.create(replace(act.call, params=params))


def dispute_payment(act: Act) -> dict[str, Any]:
    """Open a dispute over a payment."""
    intent = act.call.find("payment_intent", "payment_intent")
    charge = act.call.tx.find("charge", intent.body["latest_charge"])
    opened = disputes.open_on(act.call, charge) if charge else None
    if opened is None:
        raise ApiRefusal(f"Payment {intent.id} is not paid, or is disputed already.")
    return opened.body


def close_dispute(act: Act) -> dict[str, Any]:
    """Close a dispute, won or lost by the shop."""
    won = act.word("outcome", ("won", "lost")) == "won"
    record = act.call.find("dispute", "dispute")
    _refuse_if(not disputes.close(act.call, record, won=won), "The dispute is closed already.")
    return record.body


def next_refund(act: Act) -> dict[str, Any]:
    """Choose how the next refund ends: at once, later, or not at all."""
    outcome = act.word("outcome", REFUND_OUTCOMES)
    act.call.tx.set(refunds.NEXT_OUTCOME, outcome)
    return {"next_refund": outcome}


def fail_refund(act: Act) -> dict[str, Any]:
    """Let the bank send a refund back."""
    record = act.call.find("refund", "refund")
    _refuse_if(not refunds.fail(act.call, record), "The refund has failed already.")
    return record.body


def succeed_refund(act: Act) -> dict[str, Any]:
    """Let a pending refund arrive."""
    record = act.call.find("refund", "refund")
    _refuse_if(not refunds.succeed(act.call, record), "The refund is not pending.")
    return record.body


def pay_out(act: Act) -> dict[str, Any]:
    """Pay out what is on the balance."""
    paid_out = payouts.pay_out(act.call)
    if paid_out is None:
        raise ApiRefusal("There is nothing on the balance.")
    return paid_out.body


def set_webhook_mode(act: Act) -> dict[str, Any]:
    """Deliver events, hold them back, or drop new ones for good."""
    mode = act.word("mode", MODES)
    act.call.tx.set("webhook_mode", mode)
    return {"webhook_mode": mode}


def set_webhook_delay(act: Act) -> dict[str, Any]:
    """Deliver new events only some seconds after they happened."""
    seconds = act.seconds("seconds")
    act.call.tx.set("webhook_delay", seconds)
    return {"webhook_delay": seconds}


def order_fault(act: Act) -> dict[str, Any]:
    """Let the next API calls meet a fault."""
    kind = faults.kind_named(act.word("kind", faults.KINDS))
    if kind is None:
        raise missing_resource("fault", act.fields["kind"], param="kind")
    fault = Fault(
        kind,
        act.count("count", 1),
        act.fields.get("method", "").upper(),
        act.fields.get("path", ""),
        act.seconds("seconds"),
    )
    faults.order(act.call.tx, fault)
    return {"kind": kind, "count": fault.left}


def clear_faults(act: Act) -> dict[str, Any]:
    """Forget the faults that were ordered."""
    faults.clear(act.call.tx)
    return {"faults": []}


ACTIONS: dict[str, Callable[[Act], dict[str, Any]]] = {
    "sessions/{id}/expire": expire_session,
    "sessions/{id}/pay": pay_session,
    "payments/{id}/settle": settle_payment,
    "payments/{id}/refund": refund_payment,
    "payments/{id}/dispute": dispute_payment,
    "disputes/{id}/close": close_dispute,
    "refunds/next": next_refund,
    "refunds/{id}/fail": fail_refund,
    "refunds/{id}/succeed": succeed_refund,
    "payouts/pay": pay_out,
    "webhooks/mode": set_webhook_mode,
    "webhooks/delay": set_webhook_delay,
    "faults": order_fault,
    "faults/clear": clear_faults,
}
