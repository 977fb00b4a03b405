"""R10: a discount is used as often as it may be, whoever is faster, and comes back unused."""

import datetime as dt
from collections import Counter
from functools import partial

import pytest

from tests.races.buyer import Buyer
from tests.races.shop import Shop, at_once, in_turn

pytestmark = pytest.mark.race

BUYERS = 64
# On a crowded machine one buyer may be done before any other has looked.
TRIES = 5


def test_64_who_order_with_a_code_for_one_make_one_order(shop: Shop, at: dt.datetime) -> None:
    """R10: one order, 63 clean refusals; when it comes to nothing, the code is there again."""
    [sku] = shop.do("add_articles", prefix="R10", count=1, on_hand=1_000, at=at)
    shop.do("add_discount", code="ONCE", max_uses=1, at=at)
    buyers = ready_buyers(shop, sku, "ONCE")

    answers = at_once([buyer.order for buyer in buyers])

    broken = [answer.body[:3000] for answer in answers if answer.status == 500]
    assert broken == []
    assert Counter(answer.status for answer in answers) == {303: 1, 409: BUYERS - 1}
    assert all("ONCE" in answer.body for answer in answers if answer.status == 409)
    assert (uses_of(shop, "ONCE"), counted(shop, "ONCE")) == (1, 1)
    [(number,)] = shop.database.rows(
        "SELECT o.number FROM checkout_order o JOIN checkout_discountuse u ON u.order_id = o.id"
        " WHERE u.code = 'ONCE'"
    )
    shop.do("expire_these", at=at, numbers=[number])
    assert (uses_of(shop, "ONCE"), counted(shop, "ONCE")) == (0, 0)
    assert ready_buyers(shop, sku, "ONCE", count=1)[0].order().status == 303


def test_without_the_conditional_update_the_same_code_is_used_again_and_again(
    unguarded_shop: Shop, at: dt.datetime
) -> None:
    """R10, counter-proof: how often it was used is looked up and then written."""
    assert any(is_overused(unguarded_shop, f"ONCE{turn}", at) for turn in range(TRIES))


def is_overused(shop: Shop, code: str, at: dt.datetime) -> bool:
    """Whether a code for one order serves several buyers who look before they write."""
    [sku] = shop.do("add_articles", prefix=f"R10-{code}", count=1, on_hand=1_000, at=at)
    shop.do("add_discount", code=code, max_uses=1, at=at)
    buyers = ready_buyers(shop, sku, code, without="discount")
    at_once([buyer.order for buyer in buyers])
    return uses_of(shop, code) > 1


def ready_buyers(
    shop: Shop, sku: str, code: str, *, count: int = BUYERS, without: str = ""
) -> list[Buyer]:
    """Buyers at the checkout page who all have entered the same code."""
    buyers = [shop.buyer(f"{sku}-{count}-{n}", without=without) for n in range(count)]

    def fill(buyer: Buyer) -> None:
        buyer.put_in(sku)
        answer = buyer.post("/basket/code/", {"code": code})
        assert answer.status == 303, (answer.status, answer.body[:2000])
        buyer.read_checkout()

    in_turn([partial(fill, buyer) for buyer in buyers])
    return buyers


def uses_of(shop: Shop, code: str) -> int:
    return int(
        shop.database.value(
            "SELECT count(*) FROM checkout_discountuse WHERE code = ? AND released_at IS NULL",
            code,
        )
    )


def counted(shop: Shop, code: str) -> int:
    return int(shop.database.value("SELECT used FROM checkout_discount WHERE code = ?", code))
