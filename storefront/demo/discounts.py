"""Discounts to try: one of each kind, by code, so that nobody's basket costs less by itself."""

import datetime as dt

from catalog.models import CategoryPage
from checkout.discounts import codes
from checkout.models import Discount, DiscountTrigger
from money.money import Money
from storefront.demo import content


def seed(at: dt.datetime) -> None:
    """Add the discounts of the data file, and the codes for one use that it asks for."""
    for facts in content.facts("discounts")["discount"]:
        _add(facts, at)


def _add(facts: content.Facts, at: dt.datetime) -> None:
    discount = Discount.objects.create(
        name=facts["name"],
        kind=facts["kind"],
        trigger=DiscountTrigger.CODE,
        code=facts.get("code", ""),
        percent=facts.get("percent"),
        amount_minor=_minor(facts.get("amount")),
        minimum_minor=_minor(facts.get("minimum")),
        buy=facts.get("buy"),
        get=facts.get("get"),
        with_packages=facts.get("with_packages", False),
        first_order_only=facts.get("first_order_only", False),
        is_combinable=facts.get("is_combinable", False),
        max_uses_each=facts.get("max_uses_each"),
        reason=facts["reason"],
    )
    discount.categories.set(CategoryPage.objects.filter(slug__in=facts.get("categories", ())))
    if "singles" in facts:
        codes.make(discount=discount, count=facts["singles"], at=at)


def _minor(text: str | None) -> int | None:
    return None if text is None else Money.parse(text).minor
