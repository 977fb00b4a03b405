"""What a Checkout Session costs: its lines, discount, shipping and tax.

Amounts are minor units of the session's currency. Tax is a flat 19 %, wherever the buyer lives.
"""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

TAX_PERCENT = 19
INCLUSIVE = "inclusive"


def rounded(amount: Decimal) -> int:
    """Round to whole minor units, halves up."""
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))


def tax_of(amount: int, behaviour: str) -> int:
    """Return the tax inside an inclusive amount, or on top of an exclusive one."""
    base = 100 if behaviour == "exclusive" else 100 + TAX_PERCENT
    return rounded(Decimal(amount) * TAX_PERCENT / base)


def discount_on(subtotal: int, coupon: dict[str, Any] | None) -> int:
    """Return what a coupon takes off the lines' sum; never more than the sum."""
    if coupon is None:
        return 0
    if coupon["amount_off"] is not None:
        return min(subtotal, int(coupon["amount_off"]))
    return rounded(Decimal(subtotal) * Decimal(str(coupon["percent_off"])) / 100)


def spread(total: int, weights: list[int]) -> list[int]:
    """Share an amount by weight so that the shares add up exactly."""
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    shares = [total * weight // whole for weight in weights]
    by_rest = sorted(range(len(weights)), key=lambda place: -(total * weights[place] % whole))
    for place in by_rest[: total - sum(shares)]:
        shares[place] += 1
    return shares


def price_lines(items: list[dict[str, Any]], coupon: dict[str, Any] | None, *, taxed: bool) -> None:
    """Fill in discount, tax and total of every line, in place."""
    subtotals = [int(item["amount_subtotal"]) for item in items]
    discounts = spread(discount_on(sum(subtotals), coupon), subtotals)
    for item, discount in zip(items, discounts, strict=True):
        amount = item["amount_subtotal"] - discount
        item["amount_discount"] = discount
        _add_tax(item, amount, item["price"]["tax_behavior"] if taxed else None)


def shipping_cost(rate: dict[str, Any], *, taxed: bool) -> dict[str, Any]:
    """Return what the chosen shipping rate costs."""
    amount = int(rate["fixed_amount"]["amount"])
    cost = {"amount_subtotal": amount, "shipping_rate": rate["id"]}
    _add_tax(cost, amount, rate["tax_behavior"] if taxed else None)
    return cost


def _add_tax(line: dict[str, Any], amount: int, behaviour: str | None) -> None:
    """Set tax and total; no behaviour means untaxed, an unspecified one counts as inclusive."""
    tax = tax_of(amount, behaviour) if behaviour else 0
    line["amount_tax"] = tax
    line["amount_total"] = amount + (tax if behaviour == "exclusive" else 0)


def totals(items: list[dict[str, Any]], shipping: dict[str, Any] | None) -> dict[str, Any]:
    """Return the session's amounts."""
    parts = [*items, shipping] if shipping else items
    return {
        "amount_subtotal": sum(item["amount_subtotal"] for item in items),
        "amount_total": sum(part["amount_total"] for part in parts),
        "total_details": {
            "amount_discount": sum(item["amount_discount"] for item in items),
            "amount_shipping": shipping["amount_subtotal"] if shipping else 0,
            "amount_tax": sum(part["amount_tax"] for part in parts),
        },
    }
