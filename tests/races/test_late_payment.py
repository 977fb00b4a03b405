"""R16: money that comes after the goods were let go brings the goods, or goes back."""

import datetime as dt
from collections import Counter
from functools import partial

import pytest

from checkout.placement import PAYMENT_WINDOW
from tests.races.bought import Outcome, Placed, outcome, place_orders, stock_of
from tests.races.shop import Shop, at_once

pytestmark = [pytest.mark.race, pytest.mark.usefixtures("nothing_unpaid")]

PRICE = 2400
AFTER_THE_WINDOW = PAYMENT_WINDOW + dt.timedelta(minutes=1)
GOT_THE_GOODS = Outcome(
    "PAID",
    PRICE,
    0,
    reservations=[("SOLD", 1)],
    mails=["order_paid"],
)
GOT_THE_MONEY_BACK = Outcome(
    "REFUNDED",
    PRICE,
    PRICE,
    reservations=[("RELEASED", 1)],
    mails=["late_payment_refunded"],
    refunds=[("SUCCEEDED", PRICE)],
)


def test_a_late_payment_with_the_goods_still_there_is_fulfilled(
    shop: Shop, at: dt.datetime
) -> None:
    """R16: paid after release, and the goods are still there: reserved again and sold."""
    [sku] = shop.do("add_articles", prefix="R16-THERE", count=1, on_hand=1, at=at)
    [late] = expired_but_payable(shop, sku, 1)

    pay_and_settle(shop, [late])

    assert outcome(shop.database, late) == GOT_THE_GOODS
    assert stock_of(shop.database, sku) == (1, 1)


def test_a_late_payment_with_the_goods_gone_goes_back_in_full(shop: Shop, at: dt.datetime) -> None:
    """R16: paid after release, and the goods are gone: refunded in full, and told so once."""
    [sku] = shop.do("add_articles", prefix="R16-GONE", count=1, on_hand=1, at=at)
    [late] = expired_but_payable(shop, sku, 1)
    [faster] = place_orders(shop, [{sku: 1}], name=f"{sku}-faster")
    pay_and_settle(shop, [faster])

    pay_and_settle(shop, [late])

    assert outcome(shop.database, late) == GOT_THE_MONEY_BACK
    assert outcome(shop.database, faster) == GOT_THE_GOODS
    assert stock_of(shop.database, sku) == (1, 1)
    [refund] = [
        one for one in shop.stripe.all("refunds") if one["metadata"].get("order") == late.number
    ]
    assert (refund["amount"], refund["status"]) == (PRICE, "succeeded")


def test_six_late_payments_for_two_pieces_are_two_orders_and_four_refunds(
    shop: Shop, at: dt.datetime
) -> None:
    """R16: late payers race each other too: stock never goes negative, nobody pays for nothing."""
    [sku] = shop.do("add_articles", prefix="R16-RACE", count=1, on_hand=6, at=at)
    late = expired_but_payable(shop, sku, 6)
    place_orders(shop, [{sku: 4}], name=f"{sku}-faster")

    pay_and_settle(shop, late)

    found = [outcome(shop.database, order) for order in late]
    assert Counter(one.status for one in found) == {"PAID": 2, "REFUNDED": 4}
    assert all(one in (GOT_THE_GOODS, GOT_THE_MONEY_BACK) for one in found)
    assert stock_of(shop.database, sku) == (6, 6)


def expired_but_payable(shop: Shop, sku: str, count: int) -> list[Placed]:
    """Orders that expired although their sessions, of which the shop never heard, can be paid.

    Stripe makes a session and its answer is lost on the way: the shop keeps the order, cannot
    name the session, and lets the goods go in time.
    """
    placed = []
    for number in range(count):
        # The shop tries a quick failure twice; both answers get lost.
        shop.stripe.control(
            "faults", kind="lose_answer", count="2", method="POST", path="/v1/checkout/sessions"
        )
        [order] = place_orders(shop, [{sku: 1}], name=f"{sku}-late-{number}")
        shop.stripe.control("faults/clear")
        [session] = shop.stripe.sessions_of(order.number)
        placed.append(Placed(order.number, session["id"]))
    shop.do("expire", at=dt.datetime.now(dt.UTC) + AFTER_THE_WINDOW)
    assert {outcome(shop.database, order).status for order in placed} == {"EXPIRED"}
    return placed


def pay_and_settle(shop: Shop, orders: list[Placed]) -> None:
    """Pay orders at once, and let the workers act on what Stripe says of it."""
    paid = at_once([partial(shop.stripe.pay, order.session_id) for order in orders])
    assert all(paid)
    shop.stripe.control("webhooks/deliver-due")
    now = dt.datetime.now(dt.UTC)
    shop.do_everywhere("process_notices", at=now)
    shop.do("process_notices", at=now + dt.timedelta(hours=1))
    shop.do_everywhere("send_refunds", at=now + dt.timedelta(hours=1))
    shop.stripe.control("webhooks/deliver-due")
    shop.do_everywhere("process_notices", at=dt.datetime.now(dt.UTC))
