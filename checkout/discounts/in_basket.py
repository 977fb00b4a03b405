"""What discounts take off a basket while it is priced: lines first, then delivery."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from django.conf import settings

from checkout import shipping
from checkout.discounts import by_hand, finding, reckoning
from checkout.discounts.finding import Found
from checkout.discounts.reckoning import Reckoned
from checkout.models import Basket, Order
from checkout.priced import Notice, Saving
from checkout.shipping import DeliveryFacts, DeliveryOption
from money.money import Money

# What can be charged at least, in minor units; nothing at all is fine.
# https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
SMALLEST_CHARGE: Final = 50


def reckon(
    basket: Basket | None,
    rows: Sequence[Any],
    *,
    unpaid: Sequence[Order],
    country: str,
    facts: DeliveryFacts,
    is_along: bool = False,
    at: dt.datetime,
) -> tuple[Found, Reckoned]:
    """Return what a basket's lines may have, and what they get.

    :param rows: the basket's lines with their offers and pages, in the order of the result.
    :param is_along: whether its goods go in the parcel of another order, for nothing.
    """
    if basket is None or not rows:
        return Found(), reckoning.NOTHING
    items = [finding.item_of(row.offer, row.quantity) for row in rows]
    own_orders = [order.pk for order in unpaid]
    found = finding.for_basket(basket, items, own_orders=own_orders, at=at)
    rules, refusals = by_hand.rules_of(rows)
    found = replace(found, refusals=(*refusals, *found.refusals))
    goods = [row for row in rows if row.offer.is_goods]
    grams = sum(row.offer.weight_grams * row.quantity for row in goods)

    def door(goods_minor: int) -> int:
        offered = shipping.options(
            country=country,
            goods_value=_money(goods_minor),
            weight_grams=grams,
            at=at,
            facts=facts,
        )
        is_charged = goods and offered and not is_along
        return shipping.cheapest(offered).price.minor if is_charged else 0

    return found, reckoning.best(found.rules, items, door=door, by_hand=rules)


def savings_of_line(reckoned: Reckoned, place: int) -> tuple[Saving, ...]:
    """Return what each discount takes off the line at a place."""
    return tuple(
        Saving(each.rule.name, _money(each.lines[place]), each.rule.code)
        for each in reckoned.taken
        if each.lines[place]
    )


def freed(options: Sequence[DeliveryOption], reckoned: Reckoned) -> list[DeliveryOption]:
    """Return ways of delivery with what a discount takes off them.

    It pays for the cheapest way to the door; whoever wants a dearer one pays the difference.
    """
    if not options or not reckoned.frees_delivery:
        return list(options)
    off = shipping.cheapest(options).price.minor
    return [
        replace(option, price=_money(max(0, option.price.minor - off)), full_price=option.price)
        for option in options
    ]


def savings_of_delivery(reckoned: Reckoned) -> tuple[Saving, ...]:
    """Return what each discount takes off the charge for delivery."""
    return tuple(
        Saving(each.rule.name, _money(each.delivery_minor), each.rule.code)
        for each in reckoned.taken
        if each.delivery_minor
    )


def notices(found: Found, reckoned: Reckoned, *, total_minor: int) -> Iterator[Notice]:
    """Say of every code that was entered and takes nothing off why it does not."""
    for refusal in found.refusals:
        yield Notice("warning", f"{refusal} It takes nothing off now.")
    taken = {each.rule.discount_id for each in reckoned.taken}
    for rule in found.rules:
        if not rule.code or rule.discount_id in taken:
            continue
        better = " and ".join(each.rule.name for each in reckoned.taken if not each.rule.by_id)
        if rule in reckoned.left_out and better:
            yield Notice("info", f"{rule.code} is not counted: with {better} you pay less.")
        else:
            yield Notice("info", f"{rule.code} takes nothing off now.")
    if is_too_small(total_minor, reckoned):
        sentence = f"{_money(total_minor)} is too little to be paid by card. "
        yield Notice("error", f"{sentence}Add something, or take a code out.")


def is_too_small(total_minor: int, reckoned: Reckoned) -> bool:
    """Tell whether discounts leave less than can be charged, and more than nothing."""
    return bool(reckoned.taken) and 0 < total_minor < SMALLEST_CHARGE


def _money(minor: int) -> Money:
    return Money(minor, settings.SHOP_CURRENCY)
