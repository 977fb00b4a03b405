"""What discounts take off, as figures alone: no database."""

import random
from typing import Any

import pytest

from checkout.discounts.reckoning import Item, Reckoned, Rule, best
from checkout.models import DiscountKind as K

WASH, BALM, SESSIONS = 1, 2, 3


def rule(kind: K, number: int = 1, **facts: Any) -> Rule:
    return Rule(discount_id=number, name=f"{kind} {number}", kind=kind, **facts)


def items(*wanted: tuple[int, int, int]) -> list[Item]:
    return [Item(offer, unit, count, is_package=offer == SESSIONS) for offer, unit, count in wanted]


def lines_of(reckoned: Reckoned) -> list[tuple[int, ...]]:
    return [each.lines for each in reckoned.taken]


def test_a_percentage_is_rounded_once_and_split_to_the_last_unit() -> None:
    three = items((WASH, 333, 1), (BALM, 333, 1), (4, 333, 1))

    # 10 % of 9.99 is 99.9 cents: a euro, and the first line bears the odd cent.
    assert lines_of(best([rule(K.PERCENT, percent=10)], three, door=_free)) == [(34, 33, 33)]


def test_an_amount_never_takes_more_than_there_is() -> None:
    assert lines_of(
        best(
            [rule(K.AMOUNT, amount_minor=5000)], items((WASH, 1000, 2), (BALM, 500, 1)), door=_free
        )
    ) == [(2000, 500)]


def test_packages_are_left_alone_unless_it_is_said() -> None:
    both = items((WASH, 1000, 1), (SESSIONS, 42000, 1))

    assert lines_of(best([rule(K.PERCENT, percent=50)], both, door=_free)) == [(500, 0)]
    with_them = rule(K.PERCENT, percent=50, with_packages=True)
    assert lines_of(best([with_them], both, door=_free)) == [(500, 21000)]


@pytest.mark.parametrize(
    ("wash", "balm", "off"),
    [(2, 0, (0, 0)), (3, 0, (1000, 0)), (2, 1, (0, 600)), (4, 2, (0, 1200)), (6, 0, (2000, 0))],
)
def test_of_so_many_pieces_the_cheapest_are_free(
    wash: int, balm: int, off: tuple[int, int]
) -> None:
    wanted = [Item(WASH, 1000, wash), Item(BALM, 600, balm)]

    reckoned = best([rule(K.FURTHER_PIECES, buy=2, get=1, percent=100)], wanted, door=_free)

    assert tuple(reckoned.of_line(place) for place in range(2)) == off


def test_it_is_for_its_offers_and_for_what_is_below_its_categories() -> None:
    wanted = [
        Item(WASH, 1000, 1, path="000100010001"),
        Item(BALM, 1000, 1, path="000100020001"),
        Item(4, 1000, 1, path="0001"),
    ]
    only = rule(K.PERCENT, percent=10, paths=("00010001",), offer_ids=frozenset({4}))

    assert lines_of(best([only], wanted, door=_free)) == [(100, 0, 100)]


def test_the_value_that_counts_is_of_what_it_is_for() -> None:
    wanted = items((WASH, 1000, 1), (SESSIONS, 42000, 1))

    assert best([rule(K.PERCENT, percent=10, minimum_minor=1001)], wanted, door=_free).taken == ()
    assert best([rule(K.PERCENT, percent=10, minimum_minor=1000)], wanted, door=_free).taken


def test_those_that_may_be_combined_follow_each_other() -> None:
    rules = [
        rule(K.AMOUNT, 1, amount_minor=100, is_combinable=True),
        rule(K.PERCENT, 2, percent=10, is_combinable=True),
    ]

    # A share of the whole first, then the amount, whichever was made first.
    assert lines_of(best(rules, items((WASH, 1000, 1)), door=_free)) == [(100,), (100,)]


def test_the_buyer_gets_the_best_of_those_alone_and_those_together() -> None:
    together = [rule(K.PERCENT, n, percent=10, is_combinable=True) for n in (1, 2)]
    alone = rule(K.PERCENT, 3, percent=15)
    better = rule(K.PERCENT, 4, percent=30)

    mild = best([*together, alone], items((WASH, 1000, 1)), door=_free)
    strong = best([*together, alone, better], items((WASH, 1000, 1)), door=_free)

    assert ([each.rule.discount_id for each in mild.taken], mild.of_line(0)) == ([1, 2], 190)
    assert ([each.rule.discount_id for each in strong.taken], strong.of_line(0)) == ([4], 300)
    assert [each.discount_id for each in strong.left_out] == [1, 2, 3]


def test_free_delivery_is_weighed_against_what_else_there_is() -> None:
    rules = [rule(K.FREE_DELIVERY, 1), rule(K.AMOUNT, 2, amount_minor=400)]

    dear = best(rules, items((WASH, 1000, 1)), door=lambda _goods: 490)
    cheap = best(rules, items((WASH, 1000, 1)), door=lambda _goods: 390)

    assert (dear.frees_delivery, cheap.frees_delivery) == (True, False)
    assert dear.with_delivery(490).taken[0].amount_minor == 490


def test_what_takes_nothing_off_is_not_used() -> None:
    free = best([rule(K.FREE_DELIVERY)], items((WASH, 1000, 1)), door=_free)

    assert free.with_delivery(0).taken == ()


def test_whatever_is_combined_no_line_falls_below_nothing() -> None:
    chance = random.Random(20261128)
    for _ in range(3_000):
        wanted = [
            Item(n, chance.choice((0, 1, 99, chance.randint(2, 60_000))), chance.randint(1, 9))
            for n in range(chance.randint(1, 5))
        ]
        rules = [
            Rule(
                discount_id=n,
                name=str(n),
                kind=chance.choice(list(K)),
                percent=chance.randint(1, 100),
                amount_minor=chance.randint(1, 90_000),
                buy=chance.randint(1, 3),
                get=chance.randint(1, 2),
                is_combinable=chance.random() < 0.7,
                offer_ids=frozenset(chance.sample(range(5), chance.randint(0, 3))),
            )
            for n in range(chance.randint(0, 4))
        ]

        lessened = chance.sample(range(len(wanted)), chance.randint(0, len(wanted)))
        by_hand = [_by_hand(place, chance) for place in lessened]

        reckoned = best(rules, wanted, door=_free, by_hand=by_hand)

        assert [each.rule for each in reckoned.taken[: len(by_hand)]] == sorted(
            by_hand, key=lambda rule: rule.kind == K.AMOUNT
        )
        for place, item in enumerate(wanted):
            assert 0 <= reckoned.of_line(place) <= item.full_minor
        assert all(min(each.lines) >= 0 for each in reckoned.taken)


def test_what_is_taken_off_by_hand_leaves_the_rest_to_discounts() -> None:
    two = items((WASH, 1000, 1), (BALM, 500, 2))
    by_hand = [
        rule(K.PERCENT, 0, percent=20, offer_ids=frozenset({WASH})),
        rule(K.AMOUNT, 0, amount_minor=100, offer_ids=frozenset({BALM})),
    ]

    alone = best([], two, door=_free, by_hand=by_hand)
    with_code = best([rule(K.PERCENT, percent=10)], two, door=_free, by_hand=by_hand)

    assert lines_of(alone) == [(200, 0), (0, 100)]
    assert lines_of(with_code) == [(200, 0), (0, 100), (80, 90)]


def _by_hand(offer: int, chance: random.Random) -> Rule:
    return Rule(
        discount_id=0,
        name="By hand",
        kind=chance.choice((K.PERCENT, K.AMOUNT)),
        percent=chance.randint(1, 100),
        amount_minor=chance.randint(1, 90_000),
        with_packages=True,
        offer_ids=frozenset({offer}),
        by_id=1,
    )


def _free(_goods_minor: int) -> int:
    return 0
