"""Which Checkout Sessions Stripe would refuse, beyond the parameters' names and types."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from stripe_standin.call import Call, checked_metadata
from stripe_standin.errors import (
    ApiRefusal,
    invalid_parameter,
    missing_parameter,
    missing_resource,
)

MAX_LINE_ITEMS = 100
MAX_SHIPPING_OPTIONS = 5
SHORTEST_LIFE = 30 * 60
LONGEST_LIFE = 24 * 3600
MAX_URL = 5_000
MAX_REFERENCE = 200
MIN_TOTAL = 50
MAX_TOTAL = 99_999_999


def check(call: Call) -> None:
    """Check everything but the lines.

    :raises ApiRefusal: with Stripe's error for the first fault.
    """
    params = call.params
    _check_mode(params)
    _check_offer(params)
    _check_urls(params)
    _check_customer(call)
    _check_expiry(params.get("expires_at"), call.now)
    checked_metadata(params.get("metadata"))
    checked_metadata(
        params.get("payment_intent_data", {}).get("metadata"),
        param="payment_intent_data[metadata]",
    )
    if len(params.get("client_reference_id", "")) > MAX_REFERENCE:
        raise invalid_parameter(
            "client_reference_id", f"client_reference_id: at most {MAX_REFERENCE} characters."
        )
    if len(params.get("shipping_options", ())) > MAX_SHIPPING_OPTIONS:
        raise invalid_parameter(
            "shipping_options", f"Array shipping_options exceeded maximum {MAX_SHIPPING_OPTIONS}."
        )


def _check_mode(params: Mapping[str, Any]) -> None:
    mode = params.get("mode")
    if mode is None:
        raise missing_parameter("mode", "You must pass `mode`: payment, setup or subscription.")
    if mode != "payment":
        raise invalid_parameter("mode", "The stand-in only knows `mode=payment`.")
    if params.get("ui_mode", "hosted_page") != "hosted_page":
        raise invalid_parameter("ui_mode", "The stand-in only knows `ui_mode=hosted_page`.")
    if params.get("payment_intent_data", {}).get("capture_method") == "manual":
        raise invalid_parameter(
            "payment_intent_data[capture_method]", "The stand-in only captures automatically."
        )
    for name in ("subscription_data", "setup_intent_data", "payment_method_collection"):
        if name in params:
            raise invalid_parameter(name, f"You cannot pass `{name}` in `payment` mode.")


def _check_offer(params: Mapping[str, Any]) -> None:
    items = params.get("line_items")
    if not items:
        raise missing_parameter("line_items", "`line_items` is required in `payment` mode.")
    if len(items) > MAX_LINE_ITEMS:
        raise invalid_parameter("line_items", f"Array line_items exceeded maximum {MAX_LINE_ITEMS}")
    if "discounts" in params and "allow_promotion_codes" in params:
        raise invalid_parameter(
            "allow_promotion_codes",
            "You may only specify one of these parameters: allow_promotion_codes, discounts.",
        )
    if len(params.get("discounts", ())) > 1:
        raise invalid_parameter("discounts", "You may only specify one discount.")


def _check_urls(params: Mapping[str, Any]) -> None:
    if "success_url" not in params:
        raise missing_parameter("success_url")
    if "return_url" in params:
        raise invalid_parameter("return_url", "`return_url` needs `ui_mode` to be embedded.")
    for name in ("success_url", "cancel_url"):
        if name in params and not is_web_address(params[name]):
            raise invalid_parameter(name, "Not a valid URL", code="url_invalid")


def is_web_address(url: str) -> bool:
    """Return whether a browser could be sent there."""
    if len(url) > MAX_URL or any(mark.isspace() or not mark.isprintable() for mark in url):
        return False
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return False


def _check_customer(call: Call) -> None:
    params = call.params
    if "customer" in params and "customer_email" in params:
        raise invalid_parameter(
            "customer_email",
            "You may only specify one of these parameters: customer, customer_email.",
        )
    if "customer" in params and call.tx.find("customer", params["customer"]) is None:
        raise missing_resource("customer", params["customer"], param="customer", status=400)
    if "customer" in params and "customer_creation" in params:
        raise invalid_parameter(
            "customer_creation",
            "You may only specify one of these parameters: customer, customer_creation.",
        )
    if "customer_update" in params and "customer" not in params:
        raise invalid_parameter("customer_update", "`customer_update` needs `customer`.")
    email = params.get("customer_email")
    if email is not None and not is_email(email):
        raise invalid_parameter(
            "customer_email", f"Invalid email address: {email[:100]}", code="email_invalid"
        )


def is_email(text: str) -> bool:
    """Return whether this has the look of an e-mail address."""
    name, at, host = text.partition("@")
    readable = text.isprintable() and not any(mark in text for mark in ' <>"(),;:\\')
    inside = host.strip(".")
    return bool(at and name and "." in inside and inside == host and readable) and (
        "@" not in host and len(text) <= 254
    )


def _check_expiry(expires_at: int | None, now: int) -> None:
    if expires_at is None:
        return
    if expires_at < now + SHORTEST_LIFE:
        raise invalid_parameter(
            "expires_at",
            "The `expires_at` timestamp must be at least 30 minutes from Checkout Session "
            "creation.",
        )
    if expires_at > now + LONGEST_LIFE:
        raise invalid_parameter(
            "expires_at",
            "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.",
        )


def check_total(total: int, currency: str) -> None:
    """Check that a total can be charged; nothing to pay is fine.

    :raises ApiRefusal: `amount_too_small` or `amount_too_large`.
    """
    if 0 < total < MIN_TOTAL:
        raise ApiRefusal(
            f"The Checkout Session's total amount due must add up to at least 0.50 {currency}.",
            code="amount_too_small",
        )
    if total > MAX_TOTAL:
        raise ApiRefusal(
            f"The Checkout Session's total amount must be no more than 999,999.99 {currency}.",
            code="amount_too_large",
        )
