"""Which ways to pay the test page knows, and how each one ends (docs.stripe.com/testing)."""

from dataclasses import dataclass
from typing import Any, Literal

Ending = Literal["succeeds", "declines", "challenge", "delayed"]


@dataclass(frozen=True)
class Method:
    """A way to pay: a test card, or a bank debit that is settled later."""

    key: str
    label: str
    ending: Ending
    brand: str = "visa"
    code: str | None = None
    decline_code: str | None = None
    message: str | None = None
    settles: bool | None = None
    disputed: bool = False

    @property
    def kind(self) -> str:
        """Return Stripe's name of the payment method type."""
        return "sepa_debit" if self.ending == "delayed" else "card"

    def details(self) -> dict[str, Any]:
        """Return the charge's `payment_method_details`."""
        if self.kind == "sepa_debit":
            return {"type": "sepa_debit", "sepa_debit": {"country": "DE", "last4": "3000"}}
        card = {"brand": self.brand, "country": "DE", "funding": "credit", "last4": self.key[-4:]}
        return {"type": "card", "card": card}


def _declined(key: str, label: str, decline_code: str, message: str, code: str) -> Method:
    return Method(key, label, "declines", code=code, decline_code=decline_code, message=message)


CHALLENGE_FAILED = (
    "We are unable to authenticate your payment method. "
    "Please choose a different payment method and try again."
)
CARDS = (
    Method("4242424242424242", "Succeeds", "succeeds"),
    _declined(
        "4000000000000002",
        "Declined",
        "generic_decline",
        "Your card was declined.",
        "card_declined",
    ),
    _declined(
        "4000000000009995",
        "Not enough funds",
        "insufficient_funds",
        "Your card has insufficient funds.",
        "card_declined",
    ),
    Method(
        "4000002500003155",
        "Asks to authenticate",
        "challenge",
        code="payment_intent_authentication_failure",
        message=CHALLENGE_FAILED,
    ),
    Method("4000000000000077", "Succeeds, paid out at once", "succeeds"),
    Method("5555555555554444", "Succeeds, Mastercard", "succeeds", brand="mastercard"),
    Method("4000000000000259", "Succeeds, then disputed", "succeeds", disputed=True),
    _declined(
        "4000000000000069",
        "Expired card",
        "expired_card",
        "Your card has expired.",
        "expired_card",
    ),
    _declined(
        "4000000000000127",
        "Wrong security code",
        "incorrect_cvc",
        "Your card's security code is incorrect.",
        "incorrect_cvc",
    ),
    _declined(
        "4000000000000119",
        "Processing error",
        "processing_error",
        "An error occurred while processing your card. Try again in a little bit.",
        "processing_error",
    ),
)
QUICK_CARDS = CARDS[:4]
DEBITS = (
    Method("debit", "Bank debit, settled from the control page", "delayed"),
    Method("debit_succeeds", "Bank debit, then succeeds", "delayed", settles=True),
    Method("debit_fails", "Bank debit, then fails", "delayed", settles=False),
)
METHODS = {method.key: method for method in (*CARDS, *DEBITS)}


def passes_luhn(number: str) -> bool:
    """Return whether a card number's check digit is right."""
    digits = [int(digit) for digit in reversed(number)]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def spaced(number: str) -> str:
    """Return a card number in groups of four, as it is printed."""
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4))
