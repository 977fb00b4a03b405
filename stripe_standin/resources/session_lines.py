"""How a Checkout Session's line items and shipping options are built from inline data."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from stripe_standin.call import Call, checked_metadata, new_id
from stripe_standin.errors import ApiRefusal, invalid_parameter, missing_parameter, missing_resource
from stripe_standin.resources.session_money import INCLUSIVE, rounded

CURRENCIES = frozenset(
    [
        "aud",
        "bgn",
        "brl",
        "cad",
        "chf",
        "czk",
        "dkk",
        "eur",
        "gbp",
        "hkd",
        "huf",
        "mxn",
        "nok",
        "nzd",
        "pln",
        "ron",
        "sek",
        "sgd",
        "usd",
    ]
)
MAX_NAME = 1_500
MAX_UNIT_AMOUNT = 99_999_999
MAX_QUANTITY = 999_999


def line_items(call: Call, currency: str) -> list[dict[str, Any]]:
    """Return the lines, priced before discount and tax.

    :raises ApiRefusal: with Stripe's error for the first fault.
    """
    sent = call.params["line_items"]
    return [_line(call, item, f"line_items[{n}]", currency) for n, item in enumerate(sent)]


def currency_of(params: Mapping[str, Any]) -> str:
    """Return the session's one currency.

    :raises ApiRefusal: when it is unknown or the lines name several.
    """
    named = [
        item["price_data"]["currency"] for item in params["line_items"] if "price_data" in item
    ]
    currencies = {name.lower() for name in [*named, params.get("currency", "")] if name}
    for name in currencies - CURRENCIES:
        raise invalid_parameter("currency", f"Invalid currency: {name[:10]}.")
    if len(currencies) > 1:
        raise invalid_parameter(
            "line_items",
            "All prices on a Checkout session must have the same currency. "
            f"Expected {min(currencies)}, got {max(currencies)}.",
        )
    return min(currencies, default="eur")


def _line(call: Call, item: Mapping[str, Any], param: str, currency: str) -> dict[str, Any]:
    if "price" in item:
        raise missing_resource("price", item["price"], param=f"{param}[price]", status=400)
    if "price_data" not in item:
        raise missing_parameter(f"{param}[price_data]")
    quantity = item.get("quantity")
    if quantity is None:
        raise missing_parameter(f"{param}[quantity]")
    if not 0 < quantity <= MAX_QUANTITY:
        raise invalid_parameter(f"{param}[quantity]", "Invalid quantity: must be at least 1.")
    price = _price(call, item["price_data"], f"{param}[price_data]", currency)
    each = Decimal(price["unit_amount_decimal"])
    product = item["price_data"]["product_data"]
    return {
        "id": new_id("li"),
        "object": "item",
        "adjustable_quantity": item.get("adjustable_quantity"),
        "amount_discount": 0,
        "amount_subtotal": rounded(each * quantity),
        "amount_tax": 0,
        "amount_total": 0,
        "currency": currency,
        "description": product["name"],
        "metadata": checked_metadata(item.get("metadata"), param=f"{param}[metadata]"),
        "price": price,
        "quantity": quantity,
    }


def _unit_amount(data: Mapping[str, Any], param: str) -> Decimal:
    given = [name for name in ("unit_amount", "unit_amount_decimal") if name in data]
    if len(given) != 1:
        raise invalid_parameter(
            param, "You must specify either `unit_amount` or `unit_amount_decimal`, and not both."
        )
    amount = Decimal(data[given[0]])
    if amount < 0:
        raise invalid_parameter(
            f"{param}[{given[0]}]",
            "Invalid non-negative integer",
            code="parameter_invalid_integer",
        )
    if amount > MAX_UNIT_AMOUNT:
        raise invalid_parameter(f"{param}[{given[0]}]", "Invalid amount: too large.")
    return amount


def _price(call: Call, data: Mapping[str, Any], param: str, currency: str) -> dict[str, Any]:
    if "recurring" in data:
        raise invalid_parameter(
            f"{param}[recurring]", "You cannot use recurring prices in `payment` mode."
        )
    if "product" in data:
        raise missing_resource("product", data["product"], param=f"{param}[product]", status=400)
    if "product_data" not in data:
        raise missing_parameter(f"{param}[product_data]")
    product = data["product_data"]
    if not 0 < len(product["name"].strip()) <= MAX_NAME:
        raise invalid_parameter(f"{param}[product_data][name]", "Invalid product name.")
    checked_metadata(product.get("metadata"), param=f"{param}[product_data][metadata]")
    amount = _unit_amount(data, param)
    return {
        "id": new_id("price"),
        "object": "price",
        "active": False,
        "billing_scheme": "per_unit",
        "created": call.now,
        "currency": currency,
        "custom_unit_amount": None,
        "livemode": False,
        "lookup_key": None,
        "metadata": {},
        "nickname": None,
        "product": new_id("prod"),
        "recurring": None,
        "tax_behavior": data.get("tax_behavior", "unspecified"),
        "tiers_mode": None,
        "transform_quantity": None,
        "type": "one_time",
        "unit_amount": int(amount) if amount == int(amount) else None,
        "unit_amount_decimal": format(amount.normalize(), "f"),
    }


def shipping_rates(call: Call, currency: str) -> list[dict[str, Any]]:
    """Return the shipping rates the buyer may choose from.

    :raises ApiRefusal: when one names a stored rate, or another currency.
    """
    sent = call.params.get("shipping_options", [])
    return [
        _rate(call, option, f"shipping_options[{n}]", currency) for n, option in enumerate(sent)
    ]


def _rate(call: Call, option: Mapping[str, Any], param: str, currency: str) -> dict[str, Any]:
    if "shipping_rate" in option:
        raise missing_resource(
            "shipping rate", option["shipping_rate"], param=f"{param}[shipping_rate]", status=400
        )
    data = option.get("shipping_rate_data")
    if data is None or "fixed_amount" not in data:
        raise missing_parameter(f"{param}[shipping_rate_data][fixed_amount]")
    amount = data["fixed_amount"]
    if amount["amount"] < 0 or amount["amount"] > MAX_UNIT_AMOUNT:
        raise invalid_parameter(
            f"{param}[shipping_rate_data][fixed_amount][amount]", "Invalid non-negative integer"
        )
    if amount["currency"].lower() != currency:
        raise invalid_parameter(
            f"{param}[shipping_rate_data][fixed_amount][currency]",
            f"Shipping rate must have the currency of the session ({currency}).",
        )
    return {
        "id": new_id("shr"),
        "object": "shipping_rate",
        "active": True,
        "created": call.now,
        "delivery_estimate": data.get("delivery_estimate"),
        "display_name": data["display_name"],
        "fixed_amount": {"amount": amount["amount"], "currency": currency},
        "livemode": False,
        "metadata": checked_metadata(data.get("metadata"), param=f"{param}[metadata]"),
        "tax_behavior": data.get("tax_behavior", INCLUSIVE),
        "tax_code": data.get("tax_code"),
        "type": "fixed_amount",
    }


def coupon_of(call: Call, currency: str) -> dict[str, Any] | None:
    """Return the coupon the session is discounted by, if any.

    :raises ApiRefusal: when there is no such coupon, or it can no longer be used.
    """
    for discount in call.params.get("discounts", []):
        if "promotion_code" in discount:
            raise missing_resource(
                "promotion code",
                discount["promotion_code"],
                param="discounts[0][promotion_code]",
                status=400,
            )
        named = discount.get("coupon")
        if named is None:
            raise missing_parameter("discounts[0][coupon]")
        found = call.tx.find("coupon", named)
        if found is None:
            raise missing_resource("coupon", named, param="discounts[0][coupon]", status=400)
        coupon = found.body
        if not coupon["valid"] or (coupon["redeem_by"] or call.now) < call.now:
            raise ApiRefusal(
                f"Coupon {named} is expired and cannot be applied.", code="coupon_expired"
            )
        if coupon["amount_off"] is not None and coupon["currency"] != currency:
            raise invalid_parameter(
                "discounts[0][coupon]", f"Coupon {named} is not in the currency {currency}."
            )
        return coupon
    return None
