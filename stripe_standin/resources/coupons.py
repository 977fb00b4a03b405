"""Coupons: what a session may be discounted by."""

from typing import Any

from stripe_standin.call import Call, checked_metadata, new_id
from stripe_standin.errors import ApiRefusal, invalid_parameter, missing_parameter
from stripe_standin.resources.session_lines import CURRENCIES
from stripe_standin.store import Record
from stripe_standin.strict_params import ID

MAX_NAME = 40


def create(call: Call) -> dict[str, Any]:
    """Answer `POST /v1/coupons`.

    :raises ApiRefusal: with Stripe's error for the first fault.
    """
    params = call.params
    _check(call)
    key = params.get("id") or new_id("", size=4).lstrip("_").upper()
    if call.tx.find_any(key):
        raise ApiRefusal(
            f"Coupon already exists: {key}.", code="resource_already_exists", param="id"
        )
    body = {
        "id": key,
        "object": "coupon",
        "amount_off": params.get("amount_off"),
        "created": call.now,
        "currency": params["currency"].lower() if "amount_off" in params else None,
        "duration": params.get("duration", "once"),
        "duration_in_months": params.get("duration_in_months"),
        "livemode": False,
        "max_redemptions": params.get("max_redemptions"),
        "metadata": checked_metadata(params.get("metadata")),
        "name": params.get("name"),
        "percent_off": params.get("percent_off"),
        "redeem_by": params.get("redeem_by"),
        "times_redeemed": 0,
        "valid": True,
    }
    return call.tx.add(Record("coupon", body)).body


def _check(call: Call) -> None:
    params = call.params
    if ("amount_off" in params) == ("percent_off" in params):
        raise missing_parameter(
            "percent_off", "Must provide percent_off or amount_off, and not both."
        )
    if "amount_off" in params:
        if params["amount_off"] < 1:
            raise invalid_parameter("amount_off", "Invalid positive integer")
        if params.get("currency", "").lower() not in CURRENCIES:
            raise missing_parameter("currency", "You must pass currency when passing amount_off")
    elif not 0 < params["percent_off"] <= 100:
        raise invalid_parameter("percent_off", "Invalid percent_off: must be between 0 and 100.")
    _check_labels(call)


def _check_labels(call: Call) -> None:
    params = call.params
    if not ID.fullmatch(params.get("id", "x")):
        raise invalid_parameter("id", "Invalid coupon id.")
    if len(params.get("name", "")) > MAX_NAME:
        raise invalid_parameter("name", f"Invalid string: must be at most {MAX_NAME} characters")
    if params.get("redeem_by", call.now) < call.now:
        raise invalid_parameter("redeem_by", "`redeem_by` must be in the future.")


def retrieve(call: Call) -> dict[str, Any]:
    """Answer `GET /v1/coupons/{id}`."""
    return call.find("coupon", "coupon").body


def redeem(call: Call, key: str) -> None:
    """Count one use of a coupon."""
    record = call.tx.get("coupon", key)
    record.body["times_redeemed"] += 1
    most = record.body["max_redemptions"]
    record.body["valid"] = most is None or record.body["times_redeemed"] < most
    call.tx.save(record)
