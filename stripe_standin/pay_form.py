"""What the buyer typed into the pay page, and what is wrong with it."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from stripe_standin.cards import METHODS, Method, passes_luhn, spaced
from stripe_standin.checkout import Payer
from stripe_standin.resources.session_checks import is_email
from stripe_standin.store import Record

EXPIRY = re.compile(r"(0?[1-9]|1[0-2]) ?/? ?(?:20)?([0-9]{2})")
QUICK_FILL = {"card_expiry": "12 / 34", "card_cvc": "123", "method": "card"}
MAX_FIELD = 500
SHIPPING_LINES = {
    "line1": "Enter the street and the number.",
    "postal_code": "Enter the postcode.",
    "city": "Enter the town.",
}
NOT_A_TEST_CARD = "This is not a test card. Use one of the test cards above."


@dataclass
class PayForm:
    """The fields as typed, and one message for each field that is wrong."""

    values: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)
    method: Method | None = None

    def text(self, name: str) -> str:
        """Return a field without the blanks around it."""
        return self.values.get(name, "").strip()


def quick_filled(form: PayForm, key: str) -> PayForm:
    """Return the form with a test card, or a bank debit, filled in."""
    method = METHODS.get(key)
    if method is None:
        return form
    if method.kind == "card":
        return PayForm({**form.values, **QUICK_FILL, "card_number": spaced(key)})
    return PayForm({**form.values, "method": key})


def known_email(session: Record, customer: Record | None) -> str:
    """Return the address the shop already knows; the buyer cannot change it."""
    known = session.body["customer_email"] or (customer.body["email"] if customer else None)
    return str(known or "")


def checked(values: Mapping[str, str], session: Record, email: str, now: int) -> PayForm:
    """Check every field the session asks for; the card's number decides the method."""
    form = PayForm({name: value[:MAX_FIELD] for name, value in values.items()})
    if email:
        form.values["email"] = email
    elif not is_email(form.text("email")):
        form.errors["email"] = "Enter an e-mail address such as name@example.com."
    _check_address(form, session.body)
    if session.body["amount_total"]:
        _check_method(form, now)
    total = str(session.body["amount_total"])
    if not form.errors and form.values.get("shown_total", total) != total:
        form.errors["shipping_rate"] = "The total has changed with the shipping. Pay to agree."
    return form


def _check_address(form: PayForm, body: Mapping[str, Any]) -> None:
    asked = body["shipping_address_collection"]
    if asked:
        if not form.text("shipping_name"):
            form.errors["shipping_name"] = "Enter the name of the person who receives it."
        for name, message in SHIPPING_LINES.items():
            if not form.text(name):
                form.errors[name] = message
        if form.text("country") not in asked["allowed_countries"]:
            form.errors["country"] = "Choose a country from the list."
    if body["phone_number_collection"]["enabled"] and not re.fullmatch(
        r"[+0-9][0-9 ()/\-]{4,24}", form.text("phone")
    ):
        form.errors["phone"] = "Enter a telephone number, such as +49 30 123456."
    if needs_terms(body) and not form.text("terms"):
        form.errors["terms"] = "Agree to the terms to go on."


def needs_terms(body: Mapping[str, Any]) -> bool:
    """Return whether the session asks the buyer to agree to the terms."""
    return (body["consent_collection"] or {}).get("terms_of_service") == "required"


def offers_saving(body: Mapping[str, Any]) -> bool:
    """Return whether the buyer may save the card: only a known customer can."""
    options = body["saved_payment_method_options"] or {}
    return bool(body["customer"]) and options.get("payment_method_save") == "enabled"


def _check_method(form: PayForm, now: int) -> None:
    chosen = form.text("method") or "card"
    if chosen != "card":
        form.method = METHODS.get(chosen)
        if form.method is None or form.method.kind == "card":
            form.errors["method"] = "Choose how to pay."
        return
    number = re.sub(r"[ \-]", "", form.text("card_number"))
    form.method = METHODS.get(number)
    if not re.fullmatch(r"[0-9]{12,19}", number) or not passes_luhn(number):
        form.errors["card_number"] = "Your card number is invalid."
    elif form.method is None:
        form.errors["card_number"] = NOT_A_TEST_CARD
    _check_expiry(form, now)
    if not re.fullmatch(r"[0-9]{3,4}", form.text("card_cvc")):
        form.errors["card_cvc"] = "Enter the 3 digits on the back of the card."


def _check_expiry(form: PayForm, now: int) -> None:
    match = EXPIRY.fullmatch(form.text("card_expiry"))
    if match is None:
        form.errors["card_expiry"] = "Enter month and year, such as 12 / 34."
        return
    today = time.gmtime(now)
    if (2000 + int(match[2]), int(match[1])) < (today.tm_year, today.tm_mon):
        form.errors["card_expiry"] = "Your card's expiry date is in the past."


def payer_of(form: PayForm, session: Record) -> Payer:
    """Return the buyer's details from a form without errors."""
    shipping = None
    if session.body["shipping_address_collection"]:
        lines = ("city", "country", "line1", "line2", "postal_code")
        address = {name: form.text(name) or None for name in lines}
        shipping = {"address": {**address, "state": None}, "name": form.text("shipping_name")}
    return Payer(
        email=form.text("email"),
        name=form.text("name") or form.text("shipping_name"),
        phone=form.text("phone"),
        shipping=shipping,
        shipping_rate=form.text("shipping_rate"),
        accepted_terms=bool(form.text("terms")),
    )
