"""R1 and R2: what is scarce is sold once, and buyers never stand in each other's way."""

import datetime as dt
from collections import Counter
from functools import partial
from random import Random

import pytest

from tests.races.buyer import Answer, Buyer
from tests.races.conftest import Repeats
from tests.races.shop import Shop, at_once, in_turn
from tests.races.small_shop import PACKAGE_SKU

pytestmark = pytest.mark.race

BUYERS = 64
SCARCE = 10


def test_64_buyers_of_10_pieces_make_10_orders_and_54_clean_refusals(
    shop: Shop, at: dt.datetime, repeats: Repeats
) -> None:
    """R1: stock is never oversold, in mixed baskets, and who comes too late is told so."""
    times = repeats(2)
    scarce = shop.do("add_articles", prefix="R1", count=times, on_hand=SCARCE, at=at)
    [plenty] = shop.do("add_articles", prefix="R1-PLENTY", count=1, on_hand=10_000, at=at)

    for sku in scarce:
        buyers = ready_buyers(shop, sku, plenty)
        answers = at_once([buyer.order for buyer in buyers])

        assert Counter(answer.status for answer in answers) == {303: SCARCE, 409: BUYERS - SCARCE}
        assert [
            a.location for a in answers if a.status == 303 and not is_payment_page(shop, a)
        ] == []
        assert all(says_sold_out(answer) for answer in answers if answer.status == 409)
        assert orders_of(shop, sku) == SCARCE
        assert stock_of(shop, sku) == (SCARCE, SCARCE)
    assert held_without_order(shop) == 0


def ready_buyers(shop: Shop, sku: str, plenty: str, *, without: str = "") -> list[Buyer]:
    """Buyers at the checkout page: all with the same article, some with more beside it."""
    buyers = [shop.buyer(f"{sku}-{number}", without=without) for number in range(BUYERS)]

    def fill(buyer: Buyer, number: int) -> None:
        if number % 3 == 1:
            buyer.put_in(plenty, 2)
        buyer.put_in(sku)
        if number % 3 == 2:
            buyer.put_in(PACKAGE_SKU)
        buyer.read_checkout()

    in_turn([partial(fill, buyer, number) for number, buyer in enumerate(buyers)])
    return buyers


def is_payment_page(shop: Shop, answer: Answer) -> bool:
    return answer.location.startswith(f"{shop.stripe.url}/c/pay/")


def says_sold_out(answer: Answer) -> bool:
    return "sold out" in answer.body.lower()


def orders_of(shop: Shop, sku: str) -> int:
    return int(shop.database.value("SELECT count(*) FROM checkout_orderline WHERE sku = ?", sku))


def stock_of(shop: Shop, sku: str) -> tuple[int, int]:
    """What is on hand of an article, and how many of that are reserved."""
    [row] = shop.database.rows(
        "SELECT s.on_hand, s.reserved FROM catalog_stock s"
        " JOIN catalog_offer o ON o.id = s.offer_id WHERE o.sku = ?",
        sku,
    )
    return row[0], row[1]


def held_without_order(shop: Shop) -> int:
    """How many pieces are held by nobody's order."""
    return int(
        shop.database.value(
            "SELECT count(*) FROM catalog_reservation r WHERE NOT EXISTS"
            " (SELECT 1 FROM checkout_order o WHERE r.reference = 'order:' || o.number)"
        )
    )


def test_orders_of_4_of_6_articles_in_any_order_never_deadlock(
    shop: Shop, at: dt.datetime, repeats: Repeats
) -> None:
    """R2: 32 buyers with 4 of 6 articles each, in random order: no deadlock, nothing lost."""
    skus = shop.do("add_articles", prefix="R2", count=6, on_hand=1_000_000, at=at)
    times, random = repeats(2, share=5), Random(2)
    bought: Counter[str] = Counter()

    for turn in range(times):
        chosen = [random.sample(skus, 4) for _ in range(32)]
        answers = order_at_once(shop, chosen, name=f"R2-{turn}")
        bought.update(sku for four in chosen for sku in four)

        assert Counter(answer.status for answer in answers) == {303: 32}
    assert {sku: stock_of(shop, sku)[1] for sku in skus} == dict(bought)
    assert "deadlock detected" not in shop.web_log


def order_at_once(
    shop: Shop, baskets: list[list[str]], *, name: str, without: str = ""
) -> list[Answer]:
    """Fill a basket for each list of articles, then order all of them at the same moment."""
    buyers = [shop.buyer(f"{name}-{n}", without=without) for n in range(len(baskets))]

    def fill(buyer: Buyer, skus: list[str]) -> None:
        for sku in skus:
            buyer.put_in(sku)
        buyer.read_checkout()

    in_turn([partial(fill, buyer, skus) for buyer, skus in zip(buyers, baskets, strict=True)])
    return at_once([buyer.order for buyer in buyers])


# --- Negative controls --------------------------------------------------------------------


def test_without_the_conditional_update_the_same_buyers_oversell(
    unguarded_shop: Shop, at: dt.datetime
) -> None:
    """R1, counter-proof: stock that is read, checked and then written is oversold."""
    [sku] = unguarded_shop.do("add_articles", prefix="R1", count=1, on_hand=SCARCE, at=at)
    [plenty] = unguarded_shop.do("add_articles", prefix="R1-PLENTY", count=1, on_hand=9_999, at=at)

    buyers = ready_buyers(unguarded_shop, sku, plenty, without="stock")
    at_once([buyer.order for buyer in buyers])

    assert orders_of(unguarded_shop, sku) > SCARCE


def test_without_the_lock_order_the_same_orders_deadlock(
    unguarded_shop: Shop, at: dt.datetime
) -> None:
    """R2, counter-proof: rows locked as the basket lists them deadlock on PostgreSQL."""
    if not unguarded_shop.database.is_postgresql:
        pytest.skip("SQLite locks the whole database, so no order of rows can deadlock there")
    skus = unguarded_shop.do("add_articles", prefix="R2", count=6, on_hand=1_000_000, at=at)
    random = Random(2)

    chosen = [random.sample(skus, 4) for _ in range(32)]
    answers = order_at_once(unguarded_shop, chosen, name="R2", without="lock_order")

    assert Counter(answer.status for answer in answers)[503] > 0
    assert "deadlock detected" in unguarded_shop.web_log
