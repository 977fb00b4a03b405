"""Which parameters each endpoint takes, and whether a call keeps to them.

The schema is stripe-python's own `stripe.params` TypedDicts, made strict: nothing unknown is let
through, on any level, and the `| str` that the package adds to every Literal is dropped.
"""

import re
from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails
from stripe import params as top
from stripe.params import billing_portal, checkout

from stripe_standin.errors import INVALID_REQUEST, ApiRefusal
from stripe_standin.param_schema import adapter_for, rebuilt
from stripe_standin.wire_values import first_empty, typed

PARAMS: dict[tuple[str, str], type] = {
    ("POST", "/v1/checkout/sessions"): checkout.SessionCreateParams,
    ("GET", "/v1/checkout/sessions"): checkout.SessionListParams,
    ("GET", "/v1/checkout/sessions/{id}"): checkout.SessionRetrieveParams,
    ("POST", "/v1/checkout/sessions/{id}"): checkout.SessionUpdateParams,
    ("GET", "/v1/checkout/sessions/{id}/line_items"): checkout.SessionLineItemListParams,
    ("POST", "/v1/checkout/sessions/{id}/expire"): checkout.SessionExpireParams,
    ("POST", "/v1/refunds"): top.RefundCreateParams,
    ("GET", "/v1/refunds"): top.RefundListParams,
    ("GET", "/v1/refunds/{id}"): top.RefundRetrieveParams,
    ("POST", "/v1/refunds/{id}"): top.RefundUpdateParams,
    ("GET", "/v1/payment_intents"): top.PaymentIntentListParams,
    ("GET", "/v1/payment_intents/{id}"): top.PaymentIntentRetrieveParams,
    ("GET", "/v1/charges"): top.ChargeListParams,
    ("GET", "/v1/charges/{id}"): top.ChargeRetrieveParams,
    ("GET", "/v1/events"): top.EventListParams,
    ("GET", "/v1/events/{id}"): top.EventRetrieveParams,
    ("POST", "/v1/customers"): top.CustomerCreateParams,
    ("GET", "/v1/customers"): top.CustomerListParams,
    ("GET", "/v1/customers/{id}"): top.CustomerRetrieveParams,
    ("POST", "/v1/customers/{id}"): top.CustomerUpdateParams,
    ("DELETE", "/v1/customers/{id}"): top.CustomerDeleteParams,
    ("POST", "/v1/billing_portal/sessions"): billing_portal.SessionCreateParams,
    ("GET", "/v1/disputes"): top.DisputeListParams,
    ("GET", "/v1/disputes/{id}"): top.DisputeRetrieveParams,
    ("POST", "/v1/coupons"): top.CouponCreateParams,
    ("GET", "/v1/coupons/{id}"): top.CouponRetrieveParams,
    ("GET", "/v1/balance_transactions"): top.BalanceTransactionListParams,
    ("GET", "/v1/balance_transactions/{id}"): top.BalanceTransactionRetrieveParams,
    ("GET", "/v1/payouts"): top.PayoutListParams,
    ("GET", "/v1/payouts/{id}"): top.PayoutRetrieveParams,
}
REMOVED = {
    "payment_method_types": (
        "payment_method_types_no_longer_supported",
        "The payment_method_types parameter is no longer supported. Use dynamic payment methods.",
    )
}
ID = re.compile(r"[A-Za-z0-9_\-]{1,255}")


class StrictParamsRefusal(ValueError):
    """The parameters are not what Stripe's API takes; the message names the first fault."""


def endpoint_of(method: str, path: str) -> tuple[tuple[str, str], str | None] | None:
    """Return the endpoint's key in `PARAMS` and the id in the path, or None if there is none."""
    if (method, path) in PARAMS:
        return (method, path), None
    for known_method, pattern in PARAMS:
        before, mark, after = pattern.partition("{id}")
        middle = path[len(before) : len(path) - len(after)]
        if (
            mark
            and known_method == method
            and path == f"{before}{middle}{after}"
            and ID.fullmatch(middle)
        ):
            return (known_method, pattern), middle
    return None


def check(method: str, path: str, params: Mapping[str, Any] | None) -> None:
    """Check parameters as Python values, as they are handed to stripe-python.

    Parameters that are None are not sent by stripe-python and so are not looked at.

    :raises StrictParamsRefusal: when Stripe would refuse them, or has no such endpoint.
    """
    found = endpoint_of(method, path)
    if found is None:
        raise StrictParamsRefusal(f"{method} {path}: the stand-in has no such endpoint.")
    sent = {name: value for name, value in (params or {}).items() if value is not None}
    try:
        _validate(PARAMS[found[0]], sent)
    except ApiRefusal as refusal:
        raise StrictParamsRefusal(f"{method} {path}: {refusal.message}") from refusal


def from_wire(endpoint: tuple[str, str], raw: Mapping[str, Any]) -> dict[str, Any]:
    """Turn the text values of a request into typed ones and check them.

    :raises ApiRefusal: with Stripe's error for the first fault.
    """
    params_class = PARAMS[endpoint]
    sent: dict[str, Any] = typed(raw, rebuilt(params_class))
    _validate(params_class, sent)
    return sent


def _validate(params_class: type, sent: Mapping[str, Any]) -> None:
    adapter: TypeAdapter[Any] = adapter_for(params_class)
    try:
        adapter.validate_python(sent)
    except ValidationError as invalid:
        faults = invalid.errors(include_url=False, include_context=True)
        raise _refusal(min(faults, key=_rank), sent) from None
    empty = first_empty(sent, rebuilt(params_class))
    if empty:
        raise ApiRefusal(
            f"You passed an empty string for '{empty}'. We assume empty values are an attempt to "
            f"unset a parameter; however '{empty}' cannot be unset. You should remove '{empty}' "
            "from your request or supply a non-empty value.",
            code="parameter_invalid_empty",
            param=empty,
            executed=False,
        )


def _rank(fault: ErrorDetails) -> tuple[bool, bool, int]:
    """Order faults: unknown names first, then the one most deeply inside the call."""
    return (
        fault["type"] != "extra_forbidden",
        fault["type"] == "literal_error" and fault["ctx"].get("expected") == "''",
        -len(fault["loc"]),
    )


def _param_name(fault: ErrorDetails, sent: Any) -> str:
    """Return the fault's place in bracket syntax, without the names of union members."""
    steps: list[str] = []
    for step in fault["loc"]:
        if isinstance(sent, Mapping) and step in sent:
            sent = sent[str(step)]
        elif isinstance(sent, list) and isinstance(step, int) and step < len(sent):
            sent = sent[step]
        elif not (fault["type"] == "missing" and step == fault["loc"][-1]):
            continue
        steps.append(str(step))
    return steps[0] + "".join(f"[{step}]" for step in steps[1:]) if steps else ""


def _refusal(fault: ErrorDetails, sent: Mapping[str, Any]) -> ApiRefusal:
    param = _param_name(fault, sent)
    last = param.rpartition("[")[2].rstrip("]")
    code, message = None, f"Invalid {param}: {fault['msg']}"
    match fault["type"]:
        case "extra_forbidden" if last in REMOVED:
            code, message = REMOVED[last]
        case "extra_forbidden":
            code, message = "parameter_unknown", f"Received unknown parameter: {param}"
        case "missing":
            code, message = "parameter_missing", f"Missing required param: {param}."
        case "int_type":
            code, message = "parameter_invalid_integer", f"Invalid integer: {fault['input']}"
        case "literal_error":
            message = f"Invalid {param}: must be {fault['ctx']['expected']}"
        case "dict_type":
            message = f"Invalid object: {param} must be a hash."
        case "list_type":
            message = f"Invalid array: {param} must be an array."
    return ApiRefusal(
        message[:600], code=code, param=param[:200], kind=INVALID_REQUEST, executed=False
    )
