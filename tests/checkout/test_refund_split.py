"""Refunds of random orders, with discounts, in random order: every split sums, nothing is negative.

`REFUND_ORDERS=100000` looks at as many orders; the suite looks at fewer.
"""

import os
import random
from collections.abc import Iterable, Sequence
from dataclasses import replace

import pytest

from checkout import refund_split
from checkout.discounts.reckoning import Item, Rule, best
from checkout.models import DiscountKind
from checkout.refund_split import LineMoney
from checkout.totals import LineAmount, PartAmount, RateShare, line_shares, totals

ORDERS = int(os.environ.get("REFUND_ORDERS", "1500"))
RATES = (0, 700, 1900, 2000, 550)


def _order(chance: random.Random) -> tuple[list[LineMoney], int, int]:
    """Return what was bought, with the order's total and VAT as a basket reckons them."""
    amounts = _discounted(chance, [_line(chance) for _ in range(chance.randint(1, 5))])
    delivery = chance.choice((0, 1, 490, chance.randint(2, 5_000)))
    if not any(amount.is_goods for amount in amounts):
        delivery = 0
    whole = totals(amounts, delivery_minor=delivery)
    bought = [
        LineMoney(number, amount.quantity, line_shares(amount))
        for number, amount in enumerate(amounts)
    ]
    return [*bought, LineMoney(None, 0, whole.delivery_shares)], whole.total_minor, whole.vat_minor


def _line(chance: random.Random) -> LineAmount:
    parts = tuple(
        PartAmount(chance.choice(RATES), chance.randint(0, 9_000))
        for _ in range(chance.choice((0, 0, 0, 2, 3)))
    )
    return LineAmount(
        unit_price_minor=chance.choice((0, 1, 2, 99, chance.randint(3, 60_000))),
        quantity=chance.randint(1, 9),
        vat_rate_bp=chance.choice(RATES),
        is_goods=chance.random() < 0.8,
        parts=parts,
    )


def _discounted(chance: random.Random, amounts: list[LineAmount]) -> list[LineAmount]:
    """Take none to three discounts off, as a basket does."""
    items = [
        Item(number, amount.unit_price_minor, amount.quantity, is_package=not amount.is_goods)
        for number, amount in enumerate(amounts)
    ]
    rules = [
        Rule(
            discount_id=number,
            name=str(number),
            kind=chance.choice(list(DiscountKind)),
            percent=chance.choice((5, 10, 33, 50, 100)),
            amount_minor=chance.choice((1, 500, chance.randint(2, 90_000))),
            buy=chance.randint(1, 3),
            get=chance.randint(1, 2),
            with_packages=chance.random() < 0.5,
            is_combinable=chance.random() < 0.8,
        )
        for number in range(chance.choice((0, 0, 1, 1, 2, 3)))
    ]
    reckoned = best(rules, items, door=lambda _goods: 490)
    return [
        replace(amount, off_minor=reckoned.of_line(number)) for number, amount in enumerate(amounts)
    ]


def _refund(chance: random.Random, lefts: Sequence[LineMoney]) -> list[LineMoney]:
    """Decide a refund by pieces, by amount, or both, of what is left; and let it fall."""
    pieces: dict[int | None, int] = {}
    wanted: dict[int | None, int] = {}
    for left in lefts:
        if chance.random() < 0.4:
            pieces[left.line_id] = chance.randint(0, left.pieces)
            wanted[left.line_id] = refund_split.worth_of(left, pieces[left.line_id])
        elif left.line_id is None and chance.random() < 0.5:
            wanted[None] = chance.randint(0, left.gross_minor)
    room = sum(left.gross_minor for left in lefts) - sum(wanted.values())
    free = chance.choice((0, 0, chance.randint(0, room)))
    return refund_split.fall(lefts, sum(wanted.values()) + free, wanted=wanted, pieces=pieces)


def _complaints(lefts: Iterable[LineMoney]) -> list[str]:
    return [
        f"{left}"
        for left in lefts
        for rate in left.rates
        if rate.gross_minor < 0 or not 0 <= rate.vat_minor <= rate.gross_minor or left.pieces < 0
    ]


@pytest.mark.parametrize("lot", range(4))
def test_refunds_in_any_order_sum_to_the_whole(lot: int) -> None:
    for number in range(lot * ORDERS // 4, (lot + 1) * ORDERS // 4):
        chance = random.Random(number)
        lefts, total, vat = _order(chance)
        backs: list[LineMoney] = []
        for _ in range(chance.randint(1, 6)):
            now = _refund(chance, lefts)
            lefts = refund_split.after(lefts, now)
            backs += now
            assert _complaints([*lefts, *now]) == [], number
        rest = refund_split.fall(lefts, total, wanted={}, pieces={})
        lefts = refund_split.after(lefts, rest)
        backs += rest

        assert sum(back.gross_minor for back in backs) == total, number
        assert sum(back.vat_minor for back in backs) == vat, number
        assert {left.gross_minor for left in lefts} == {0}, number
        assert {left.vat_minor for left in lefts} == {0}, number


def test_pieces_are_worth_their_price_until_something_was_taken_off() -> None:
    three = LineMoney(1, 3, (RateShare(1900, 7200, 1150),))

    assert refund_split.worth_of(three, 2) == 4800
    less = refund_split.without(three, refund_split.take(three, 100))
    assert [refund_split.worth_of(less, pieces) for pieces in (0, 1, 3)] == [0, 2367, 7100]


def test_a_refund_by_amount_falls_on_lines_by_what_is_left_of_them() -> None:
    lefts = [
        LineMoney(1, 1, (RateShare(1900, 2000, 319),)),
        LineMoney(2, 1, (RateShare(700, 1000, 65),)),
        LineMoney(None, 0, (RateShare(700, 100, 7), RateShare(1900, 200, 32))),
    ]

    backs = refund_split.fall(lefts, 1000, wanted={}, pieces={})

    assert [(back.line_id, back.gross_minor, back.vat_minor) for back in backs] == [
        (1, 606, 97),
        (2, 303, 20),
        (None, 91, 12),
    ]


@pytest.mark.parametrize(("gross", "pieces"), [(-1, 0), (2401, 0), (1, 2), (1, -1)])
def test_more_than_is_left_is_never_taken(gross: int, pieces: int) -> None:
    left = LineMoney(1, 1, (RateShare(1900, 2400, 383),))

    with pytest.raises(ValueError, match="of"):
        refund_split.take(left, gross, pieces=pieces)
