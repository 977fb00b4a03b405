"""R11: whoever pays back at once, no more goes back for an order than they may pay back."""

import datetime as dt
from collections import Counter
from functools import partial
from typing import Any

import pytest

from tests.races.shop import WORKERS, Shop, at_once
from tests.races.test_refunding import going_back, refusals

pytestmark = pytest.mark.race

PIECES = 10
PRICE = 2400
# How many pieces one clerk, or all of them together, may pay back.
MOST = 3
VERBS = ("pay_back_piece", "call_off_piece")


def test_clerks_at_two_screens_stay_within_the_limit_together(shop: Shop, at: dt.datetime) -> None:
    """Each piece is within the limit: three go back, and whoever is late is told of it."""
    sold = shop.do("add_paid_order", sku="LIMIT", quantity=PIECES, at=at)

    answers = pay_back_at_once(shop, sold, times=2 * WORKERS, at=at)

    assert refusals(answers) == Counter({"AboveLimit": 2 * WORKERS - MOST})
    assert going_back(shop, sold["order"]) == MOST * PRICE
    left = "SELECT pieces_to_pack FROM checkout_order WHERE id = ?"
    assert shop.database.value(left, sold["order"]) == PIECES - MOST


def test_without_the_guard_they_go_past_it(unguarded_shop: Shop, at: dt.datetime) -> None:
    """Counter-proof: what has gone is looked up on the screen, and paid back afterwards."""
    sold = unguarded_shop.do("add_paid_order", sku="LIMIT", quantity=PIECES, at=at)

    pay_back_at_once(unguarded_shop, sold, times=WORKERS, at=at, without="refund_limit")

    assert going_back(unguarded_shop, sold["order"]) == WORKERS * PRICE > MOST * PRICE


def pay_back_at_once(
    shop: Shop, sold: dict[str, int], *, times: int, at: dt.datetime, without: str = ""
) -> list[dict[str, Any]]:
    """Pay pieces of one order back on two screens, spread over worker processes."""
    return at_once(
        [
            partial(
                shop.try_to,
                VERBS[number % len(VERBS)],
                at=at,
                worker=number % WORKERS,
                item_id=sold["item"],
                agreed_minor=PRICE,
                most_minor=MOST * PRICE,
                who=f"person-{number % 2}@example.com",
                without=without,
            )
            for number in range(times)
        ]
    )
