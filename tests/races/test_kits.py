"""R1 and R2 for kits: buyers of a kit and buyers of its parts take from one shelf."""

import datetime as dt
from collections import Counter
from functools import partial

import pytest

from tests.races.buyer import Answer, Buyer
from tests.races.conftest import Repeats
from tests.races.shop import Shop, at_once, in_turn
from tests.races.test_overselling import held_without_order, says_sold_out, stock_of

pytestmark = pytest.mark.race

BUYERS = 48
SCARCE = 12
IN_ONE_KIT = 2


def test_buyers_of_a_kit_and_of_its_part_never_take_the_same_piece(
    shop: Shop, at: dt.datetime, repeats: Repeats
) -> None:
    """R1: a third buys the kit with two of the scarce part, a third the part, a third both."""
    for turn in range(repeats(1)):
        scarce, kit, answers = _race(shop, f"RK{turn}", at=at)

        assert set(Counter(answer.status for answer in answers)) <= {303, 409}
        assert all(_says_why(answer) for answer in answers if answer.status == 409)
        # More want a single piece than there are, so none is left over.
        assert _pieces_ordered(shop, scarce, kit) == SCARCE
        assert stock_of(shop, scarce) == (SCARCE, SCARCE)
    assert held_without_order(shop) == 0
    assert "deadlock detected" not in shop.web_log


def test_without_the_conditional_update_kits_oversell_their_parts(
    unguarded_shop: Shop, at: dt.datetime
) -> None:
    """R1, counter-proof: parts that are read, checked and then written are oversold."""
    scarce, kit, _ = _race(unguarded_shop, "RK", at=at, without="stock")

    assert _pieces_ordered(unguarded_shop, scarce, kit) > SCARCE


def test_without_the_lock_order_kits_deadlock(unguarded_shop: Shop, at: dt.datetime) -> None:
    """R2, counter-proof: parts locked as the basket lists them deadlock on PostgreSQL."""
    if not unguarded_shop.database.is_postgresql:
        pytest.skip("SQLite locks the whole database, so no order of rows can deadlock there")
    parts = unguarded_shop.do("add_articles", prefix="RKL", count=5, on_hand=100_000, at=at)
    kit = unguarded_shop.do("add_kit", sku="RKL-KIT", parts=dict.fromkeys(parts, 1), at=at)
    buyers = [unguarded_shop.buyer(f"RKL-{n}", without="lock_order") for n in range(32)]
    in_turn([partial(_fill, buyer, {kit: 1}) for buyer in buyers])

    answers = at_once([buyer.order for buyer in buyers])

    assert Counter(answer.status for answer in answers)[503] > 0
    assert "deadlock detected" in unguarded_shop.web_log


def _race(
    shop: Shop, prefix: str, *, at: dt.datetime, without: str = ""
) -> tuple[str, str, list[Answer]]:
    """Let everybody order at once; return the scarce part, the kit and the answers."""
    [scarce] = shop.do("add_articles", prefix=f"{prefix}-PART", count=1, on_hand=SCARCE, at=at)
    [plenty] = shop.do("add_articles", prefix=f"{prefix}-MORE", count=1, on_hand=9_999, at=at)
    parts = {plenty: 1, scarce: IN_ONE_KIT}
    kit = shop.do("add_kit", sku=f"{prefix}-KIT", parts=parts, at=at)
    baskets = [{kit: 1}, {scarce: 1}, {scarce: 1, kit: 1}]
    buyers = [shop.buyer(f"{prefix}-{number}", without=without) for number in range(BUYERS)]
    in_turn([partial(_fill, buyer, baskets[n % 3]) for n, buyer in enumerate(buyers)])
    return scarce, kit, at_once([buyer.order for buyer in buyers])


def _fill(buyer: Buyer, basket: dict[str, int]) -> None:
    for sku, quantity in basket.items():
        buyer.put_in(sku, quantity)
    buyer.read_checkout()


def _says_why(answer: Answer) -> bool:
    """Tell whether a refusal names what is short: for some buyers a piece or two is still there."""
    reasons = ("Only 1 left", "Only 2 left", "in your basket already", "in a kit in your basket")
    return says_sold_out(answer) or any(reason in answer.body for reason in reasons)


def _pieces_ordered(shop: Shop, part: str, kit: str) -> int:
    """How many pieces of the part the orders promise, alone and inside kits."""
    alone = shop.database.value(
        "SELECT coalesce(sum(quantity), 0) FROM checkout_orderline WHERE sku = ?", part
    )
    inside = shop.database.value(
        "SELECT coalesce(sum(l.quantity * p.quantity), 0) FROM checkout_orderlinepart p"
        " JOIN checkout_orderline l ON l.id = p.line_id WHERE p.sku = ? AND l.sku = ?",
        part,
        kit,
    )
    return int(alone) + int(inside)
