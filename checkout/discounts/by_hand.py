"""The only writer of what staff take off a line by hand; and how it counts in a basket.

It is decided for so many pieces: once the line holds more or fewer, it takes nothing off before
somebody who may decides anew.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from django.db import transaction

from accounts.models import User
from checkout import basket_rows
from checkout.discounts.finding import DiscountRefused
from checkout.discounts.reckoning import Rule
from checkout.models import BasketLine, DeskBasket, DiscountKind, HandReduction

LONGEST_REASON: Final = 60


class ReasonMissing(DiscountRefused):
    """A lower price that nobody can explain later is none."""

    def __init__(self) -> None:
        super().__init__("Write down why: the buyer reads it, on the invoice too.")


class MoreThanItCosts(DiscountRefused):
    """No line falls below nothing."""

    def __init__(self) -> None:
        super().__init__("Take off something, and no more than the line costs.")


class CardsKeepTheirPrice(DiscountRefused):
    """What is on a gift card is what was paid for it."""

    def __init__(self) -> None:
        super().__init__("A gift card costs what is on it: nothing is taken off.")


class OtherQuantity(DiscountRefused):
    """It was decided for another number of pieces."""

    def __init__(self, reason: str, decided: int, held: int) -> None:
        super().__init__(f"“{reason}” was taken off {decided} and there are {held} now.")


@transaction.atomic
def lessen(
    *,
    desk: DeskBasket,
    sku: str,
    reason: str,
    by: User,
    at: dt.datetime,
    percent: int | None = None,
    amount_minor: int | None = None,
) -> HandReduction:
    """Take a share or an amount off a line of a desk basket, as many pieces as it holds now.

    What was taken off it by hand before is replaced.

    :param amount_minor: off the whole line, minor units.
    :raises DiscountRefused: if there is no reason, it would take off nothing or too much, or it is
        a gift card.
    :raises basket_rows.NotInBasket: if the basket does not hold it.
    """
    why = " ".join(reason.split())[:LONGEST_REASON]
    if not why:
        raise ReasonMissing
    basket = basket_rows.lock(desk.basket)
    line = _line(desk, sku)
    if line.offer.is_gift_card:
        raise CardsKeepTheirPrice
    costs = line.offer.price_minor * line.quantity
    is_share = amount_minor is None and percent is not None and 1 <= percent <= 100
    is_amount = percent is None and amount_minor is not None and 1 <= amount_minor <= costs
    if not (is_share or is_amount):
        raise MoreThanItCosts
    HandReduction.objects.filter(line=line).delete()
    made = HandReduction.objects.create(
        line=line,
        quantity=line.quantity,
        percent=percent,
        amount_minor=amount_minor,
        reason=why,
        by=by,
        decided_at=at,
    )
    basket_rows.save_changed(basket, at=at)
    return made


@transaction.atomic
def undo(*, desk: DeskBasket, sku: str, at: dt.datetime) -> None:
    """Let a line cost again what it does; one that nothing was taken off costs that already.

    :raises basket_rows.NotInBasket: if the basket does not hold it.
    """
    basket = basket_rows.lock(desk.basket)
    HandReduction.objects.filter(line=_line(desk, sku)).delete()
    basket_rows.save_changed(basket, at=at)


def rules_of(rows: Sequence[Any]) -> tuple[list[Rule], list[DiscountRefused]]:
    """Return what was taken off a basket's lines by hand, and what of it does not count any more.

    :param rows: lines with their offers, and `by_hand` loaded along.
    """
    rules: list[Rule] = []
    refusals: list[DiscountRefused] = []
    for row in rows:
        made: HandReduction | None = getattr(row, "by_hand", None)
        if made is None:
            continue
        if made.quantity != row.quantity:
            refusals.append(OtherQuantity(made.reason, made.quantity, row.quantity))
        else:
            rules.append(_rule(made, row.offer_id))
    return rules, refusals


def _rule(made: HandReduction, offer_id: int) -> Rule:
    return Rule(
        discount_id=0,
        name=made.reason,
        kind=DiscountKind.AMOUNT if made.percent is None else DiscountKind.PERCENT,
        percent=made.percent or 0,
        amount_minor=made.amount_minor or 0,
        with_packages=True,
        offer_ids=frozenset({offer_id}),
        by_id=made.by_id,
    )


def _line(desk: DeskBasket, sku: str) -> BasketLine:
    lines = BasketLine.objects.filter(basket=desk.basket_id).select_related("offer")
    line = lines.filter(offer__sku=basket_rows.clean_sku(sku)).first()
    if line is None:
        raise basket_rows.NotInBasket
    return line
