"""Two people amend one paid order at once: one of them does, and the other is told of it."""

import datetime as dt
from functools import partial
from typing import Any

import pytest

from tests.races.bought import stock_of
from tests.races.shop import WORKERS, Shop, at_once

pytestmark = pytest.mark.race

PIECES = 10
PRICE = 2400


def test_one_swap_is_done_once_whoever_of_two_people_confirms_it(
    shop: Shop, at: dt.datetime
) -> None:
    """Eight confirmations of one screen: one order goes along, and one piece is paid back."""
    begun = shop.do("add_amendment", sku="SWAP", quantity=PIECES, at=at)

    answers = confirm_at_once(shop, begun, times=2 * WORKERS, at=at)

    assert [answer for answer in answers if "error" in answer] == []
    assert len({answer["result"] for answer in answers}) == 1
    count = "SELECT count(*) FROM checkout_order WHERE amends_id = ?"
    assert shop.database.value(count, begun["order"]) == 1
    assert going_back(shop, begun) == (1, PRICE)
    left = "SELECT pieces_to_pack FROM checkout_order WHERE id = ?"
    assert shop.database.value(left, begun["order"]) == PIECES - 1
    assert stock_of(shop.database, "SWAP") == (PIECES, PIECES - 1)
    assert stock_of(shop.database, "SWAP-OTHER") == (PIECES, 1)


def test_without_the_guard_each_of_them_takes_a_piece_out(
    unguarded_shop: Shop, at: dt.datetime
) -> None:
    """Counter-proof: what is to be taken out is looked up, and taken out afterwards."""
    begun = unguarded_shop.do("add_amendment", sku="SWAP", quantity=PIECES, at=at)

    confirm_at_once(unguarded_shop, begun, times=WORKERS, at=at, without="amendment")

    assert going_back(unguarded_shop, begun) == (WORKERS, WORKERS * PRICE)


def confirm_at_once(
    shop: Shop, begun: dict[str, Any], *, times: int, at: dt.datetime, without: str = ""
) -> list[dict[str, Any]]:
    """Let two people confirm what stands on the screen, spread over worker processes."""
    return at_once(
        [
            partial(
                shop.try_to,
                "place_amendment",
                at=at,
                worker=number % WORKERS,
                begun=begun,
                who=f"person-{number % 2}@example.com",
                without=without,
            )
            for number in range(times)
        ]
    )


def going_back(shop: Shop, begun: dict[str, Any]) -> tuple[int, int]:
    """How often something was paid back of the order that is amended, and how much."""
    sums = "SELECT count(*), coalesce(sum(amount_minor), 0) FROM checkout_refund WHERE order_id = ?"
    [(times, amount_minor)] = shop.database.rows(sums, begun["order"])
    return int(times), int(amount_minor)
