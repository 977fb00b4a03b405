"""What Stripe is told about an order: the parameters of its Checkout Session.

https://docs.stripe.com/api/checkout/sessions/create
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from checkout.models import Order, OrderLine
from money.money import Money

# Stripe's tax code for delivery: https://docs.stripe.com/tax/tax-codes
DELIVERY_TAX_CODE = "txcd_92010001"
_LONGEST_DESCRIPTION = 500


def session_params(
    order: Order,
    lines: Sequence[OrderLine],
    *,
    key: str,
    expires_at: datetime,
    customer_id: str = "",
) -> dict[str, Any]:
    """Return the parameters under which an order is offered for payment.

    With a customer, Stripe's page offers the cards they have saved, and to save another one.
    Every amount is the order's own, discounts taken off line by line, so the page that the buyer
    sees adds up to the same total; a gift card leaves the rest as one amount.
    """
    metadata = {"order": order.number, "payment": key}
    page = settings.SITE_URL + reverse("checkout:order", args=[order.access_token])
    landing = settings.SITE_URL + reverse("checkout:landing", args=[order.access_token])
    params: dict[str, Any] = {
        "mode": "payment",
        "ui_mode": "hosted_page",
        "client_reference_id": order.number,
        **_buyer(order, customer_id),
        "line_items": _line_items(order, lines),
        "metadata": metadata,
        "payment_intent_data": {
            "metadata": metadata,
            "description": f"{settings.WAGTAIL_SITE_NAME} order {order.number}",
        },
        "expires_at": int(expires_at.timestamp()),
        # Stripe puts the session's id in place of these very characters.
        "success_url": landing + "?session_id={CHECKOUT_SESSION_ID}",
        "cancel_url": page,
        "automatic_tax": {"enabled": settings.SHOP_TAX == "stripe"},
        "locale": "en",
    }
    if order.delivery_line1:
        # Stripe refuses a shipping address without a line; what is collected goes nowhere.
        params["payment_intent_data"]["shipping"] = _shipping(order)
    return params


def _line_items(order: Order, lines: Sequence[OrderLine]) -> list[dict[str, Any]]:
    """Return what is paid for: the lines and delivery, or the rest that a gift card has left."""
    if order.gift_card_minor:
        return [_rest_item(order, lines)]
    items = [_line_item(line, order) for line in lines]
    return [*items, _delivery_item(order)] if order.needs_delivery else items


def _rest_item(order: Order, lines: Sequence[OrderLine]) -> dict[str, Any]:
    paid = Money(order.gift_card_minor, order.currency)
    whole = Money(order.total_minor, order.currency)
    names = ", ".join(f"{line.quantity} × {line.name} {line.label}".rstrip() for line in lines)
    return {
        "quantity": 1,
        "price_data": {
            "currency": order.currency.lower(),
            "unit_amount": order.due_minor,
            "tax_behavior": "inclusive",
            "product_data": {
                "name": f"Order {order.number}, less your gift card",
                "description": f"{whole} less {paid}: {names}"[:_LONGEST_DESCRIPTION],
            },
        },
    }


def _buyer(order: Order, customer_id: str) -> dict[str, Any]:
    if not customer_id:
        return {"customer_email": order.email}
    return {
        "customer": customer_id,
        "saved_payment_method_options": {"payment_method_save": "enabled"},
    }


def _line_item(line: OrderLine, order: Order) -> dict[str, Any]:
    product: dict[str, Any] = {"name": " · ".join(filter(None, [line.name, line.label]))}
    if line.tax_code:
        product["tax_code"] = line.tax_code
    quantity, amount = line.quantity, line.unit_price_minor
    if line.discount_minor:
        product["description"] = _instead_of(line.full_minor, order)
        if line.total_minor % quantity:
            # Its pieces do not cost the same: it is sold as one thing, to the last minor unit.
            product["name"] = f"{quantity} × {product['name']}"
            quantity = 1
        amount = line.total_minor // quantity
    return {
        "quantity": quantity,
        "price_data": {
            "currency": order.currency.lower(),
            "unit_amount": amount,
            "tax_behavior": "inclusive",
            "product_data": product,
        },
    }


def _instead_of(full_minor: int, order: Order) -> str:
    return f"Instead of {Money(full_minor, order.currency)}: {order.discount_names}"


def _delivery_item(order: Order) -> dict[str, Any]:
    product = {
        "name": f"Delivery: {order.delivery_method_name}",
        "tax_code": DELIVERY_TAX_CODE,
    }
    if order.delivery_discount_minor:
        full_minor = order.delivery_minor + order.delivery_discount_minor
        product["description"] = _instead_of(full_minor, order)
    return {
        "quantity": 1,
        "price_data": {
            "currency": order.currency.lower(),
            "unit_amount": order.delivery_minor,
            "tax_behavior": "inclusive",
            "product_data": product,
        },
    }


def _shipping(order: Order) -> dict[str, Any]:
    address = {
        "line1": order.delivery_line1,
        "line2": order.delivery_line2,
        "postal_code": order.delivery_postcode,
        "city": order.delivery_city,
        "country": order.delivery_country,
    }
    return {
        "name": order.delivery_name or order.name,
        "address": {field: value for field, value in address.items() if value},
    }
