"""A gift card is never overspent, and a bought one is issued once, whoever is faster."""

import datetime as dt
from collections import Counter
from functools import partial

import pytest

from tests.races.bought import Placed, events_of, place_orders
from tests.races.buyer import Buyer
from tests.races.shop import Shop, at_once, in_turn
from tests.races.small_shop import GIFT_CARD_MINOR, GIFT_CARD_SKU

pytestmark = pytest.mark.race

BUYERS = 64
WASH, ON_THE_CARD, FIT = 2400, 10_000, 4
# On a crowded machine one buyer may be done before any other has looked.
TRIES = 5
ORDERS = 4


def test_64_who_pay_with_one_card_spend_no_more_than_is_on_it(shop: Shop, at: dt.datetime) -> None:
    [sku] = shop.do("add_articles", prefix="CARD", count=1, on_hand=1_000, at=at)
    card = shop.do("add_gift_card", amount_minor=ON_THE_CARD, at=at)
    buyers = ready_buyers(shop, sku, card["code"])

    answers = at_once([buyer.order for buyer in buyers])

    assert [answer.body[:3000] for answer in answers if answer.status == 500] == []
    assert Counter(answer.status for answer in answers) == {303: FIT, 409: BUYERS - FIT}
    assert balance(shop, card["id"]) == (ON_THE_CARD - FIT * WASH, 0)
    assert paid_with(shop, card["id"]) == FIT * WASH


def test_without_the_lock_the_same_card_is_spent_again_and_again(
    unguarded_shop: Shop, at: dt.datetime
) -> None:
    """Counter-proof: what is on the card is looked up and then written."""
    assert any(is_overspent(unguarded_shop, turn, at) for turn in range(TRIES))


def is_overspent(shop: Shop, turn: int, at: dt.datetime) -> bool:
    [sku] = shop.do("add_articles", prefix=f"CARD-{turn}", count=1, on_hand=1_000, at=at)
    card = shop.do("add_gift_card", amount_minor=ON_THE_CARD, at=at)
    buyers = ready_buyers(shop, sku, card["code"], without="gift_card")
    at_once([buyer.order for buyer in buyers])
    return balance(shop, card["id"])[0] < 0


def ready_buyers(shop: Shop, sku: str, code: str, *, without: str = "") -> list[Buyer]:
    """Buyers at the checkout page who all have entered the same card."""
    buyers = [shop.buyer(f"{sku}-{number}", without=without) for number in range(BUYERS)]

    def fill(buyer: Buyer) -> None:
        buyer.put_in(sku)
        answer = buyer.post("/basket/code/", {"code": code})
        assert answer.status == 303, (answer.status, answer.body[:2000])
        buyer.read_checkout()
        assert buyer.form["agreed_gift_card_minor"] == str(WASH)

    in_turn([partial(fill, buyer) for buyer in buyers])
    return buyers


def balance(shop: Shop, card_id: int) -> tuple[int, int]:
    """What is free and what is held, as the sum of the card's events."""
    [row] = shop.database.rows(
        "SELECT sum(free_minor), sum(held_minor) FROM checkout_giftcardevent WHERE card_id = ?",
        card_id,
    )
    return int(row[0]), int(row[1])


def paid_with(shop: Shop, card_id: int) -> int:
    return int(
        shop.database.value(
            "SELECT sum(p.amount_minor) FROM checkout_payment p"
            " JOIN checkout_giftcarduse u ON u.payment_id = p.id WHERE u.card_id = ?",
            card_id,
        )
    )


# --- Issuing ------------------------------------------------------------------------------


def test_webhook_landing_and_sweep_at_once_issue_one_card(shop: Shop, at: dt.datetime) -> None:
    placed = paid_for(shop, "issue")

    def land(order: Placed) -> None:
        [token] = shop.database.rows(
            "SELECT access_token FROM checkout_order WHERE number = ?", order.number
        )[0]
        path = f"/checkout/return/{token}/?session_id={order.session_id}"
        assert shop.buyer("landing").get(path).status == 200

    def deliver(order: Placed) -> None:
        ids = events_of(shop, order, "checkout.session.completed")
        shop.stripe.control("events/deliver", ids=",".join(ids * 3), parallel="3")

    now = dt.datetime.now(dt.UTC)
    acts = [partial(land, order) for order in placed] + [
        partial(deliver, order) for order in placed
    ]
    acts += [
        partial(shop.do, "settle", at=now, worker=worker, session_id=order.session_id)
        for order in placed
        for worker in (0, 1)
    ]
    acts += [partial(shop.do, "sweep", at=now, worker=2)]
    at_once([*acts, partial(shop.do, "process_notices", at=now, worker=3)])
    shop.do("process_notices", at=now + dt.timedelta(hours=1))

    assert [cards_of(shop, order) for order in placed] == [[GIFT_CARD_MINOR]] * ORDERS


def test_without_lock_and_key_everybody_who_settles_issues_a_card(unguarded_shop: Shop) -> None:
    placed = paid_for(unguarded_shop, "unguarded")

    for order in placed:
        unguarded_shop.do_everywhere(
            "settle",
            at=dt.datetime.now(dt.UTC),
            session_id=order.session_id,
            without="issued_once",
        )

    assert any(len(cards_of(unguarded_shop, order)) > 1 for order in placed)


def paid_for(shop: Shop, name: str) -> list[Placed]:
    """Orders of a gift card whose money has arrived while the shop was told nothing."""
    placed = place_orders(shop, [{GIFT_CARD_SKU: 1}] * ORDERS, name=name)
    shop.stripe.control("webhooks/mode", mode="drop")
    in_turn([partial(shop.stripe.pay, order.session_id) for order in placed])
    shop.stripe.control("webhooks/mode", mode="deliver")
    return placed


def cards_of(shop: Shop, order: Placed) -> list[int]:
    """The values of the cards that were issued for an order."""
    rows = shop.database.rows(
        "SELECT free_minor FROM checkout_giftcardevent WHERE kind = 'ISSUE' AND reference LIKE ?",
        f"{order.reference}:%",
    )
    return [row[0] for row in rows]
