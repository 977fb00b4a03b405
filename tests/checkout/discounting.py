"""Discounts as tests make them: one line each, everything else left as it usually is."""

from typing import Any

from checkout.models import Discount, DiscountKind, DiscountTrigger


def percent(percent: int = 10, *, code: str = "SPRING10", **more: Any) -> Discount:
    """A share off everything but packages, for whoever enters a code."""
    return make(DiscountKind.PERCENT, percent=percent, code=code, **more)


def amount(amount_minor: int = 500, *, code: str = "FIVER", **more: Any) -> Discount:
    """An amount off everything but packages, for whoever enters a code."""
    return make(DiscountKind.AMOUNT, amount_minor=amount_minor, code=code, **more)


def free_delivery(*, code: str = "POST", **more: Any) -> Discount:
    """Delivery for nothing, for whoever enters a code."""
    return make(DiscountKind.FREE_DELIVERY, code=code, **more)


def make(kind: DiscountKind, *, code: str = "", name: str = "", **more: Any) -> Discount:
    """A discount of a kind; without a code everybody gets it."""
    trigger = DiscountTrigger.CODE if code else DiscountTrigger.AUTOMATIC
    return Discount.objects.create(
        kind=kind, name=name or f"{kind.label} {code}".strip(), code=code, trigger=trigger, **more
    )
