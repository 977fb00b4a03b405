"""R3: what was held for an order is sold or set free, once, however late the payment comes."""

import datetime as dt
from collections import Counter
from functools import partial

import pytest

from checkout.placement import PAYMENT_WINDOW
from tests.races.bought import Placed, outcome, place_orders, stock_of
from tests.races.conftest import Repeats
from tests.races.shop import WORKERS, Shop, at_once

pytestmark = [pytest.mark.race, pytest.mark.usefixtures("nothing_unpaid")]

ORDERS = 12
PRICE = 2400
AFTER_THE_WINDOW = PAYMENT_WINDOW + dt.timedelta(minutes=1)


def test_an_order_at_its_deadline_is_paid_or_expired_and_never_both(
    shop: Shop, at: dt.datetime, repeats: Repeats
) -> None:
    """R3: four workers expire orders while their payments arrive before, at and after it."""
    for turn in range(repeats(2)):
        [sku] = shop.do("add_articles", prefix=f"R3-{turn}", count=1, on_hand=ORDERS, at=at)
        orders = place_orders(shop, [{sku: 1}] * ORDERS, name=sku)
        late = dt.datetime.now(dt.UTC) + AFTER_THE_WINDOW

        early, on_time, too_late = orders[:3], orders[3:-2], orders[-2:]
        shop.stripe.control("webhooks/mode", mode="hold")
        paid = {order: shop.stripe.pay(order.session_id) for order in early}
        shop.stripe.control("webhooks/mode", mode="deliver")
        paid |= race_for(shop, on_time, at=late)
        paid |= {order: shop.stripe.pay(order.session_id) for order in too_late}
        shop.stripe.control("webhooks/deliver-due")
        shop.do("process_notices", at=late + dt.timedelta(hours=1))
        shop.do("sweep", at=late)

        assert all(paid[order] for order in early)
        assert not any(paid[order] for order in too_late)
        for order in orders:
            check_outcome(shop, order, is_paid=paid[order])
        sold = sum(paid.values())
        assert stock_of(shop.database, sku) == (ORDERS, sold)


def race_for(shop: Shop, orders: list[Placed], *, at: dt.datetime) -> dict[Placed, bool]:
    """Pay orders while every worker expires them; tell which could be paid."""

    def pay(order: Placed) -> bool:
        return shop.stripe.pay(order.session_id)

    def work(worker: int) -> bool:
        shop.do("expire", at=at, worker=worker)
        shop.do("process_notices", at=at, worker=worker)
        return True

    # The last to expire is the first to be paid, so both sides win some.
    payers = [partial(pay, order) for order in reversed(orders)]
    workers = [partial(work, worker) for worker in range(WORKERS)]
    answers = at_once([*payers, *workers])
    return dict(zip(reversed(orders), answers, strict=False))


def check_outcome(shop: Shop, order: Placed, *, is_paid: bool) -> None:
    """An order is paid and sold, or expired and free, and says so once."""
    found = outcome(shop.database, order)
    kinds = Counter(
        row[0]
        for row in shop.database.rows(
            "SELECT e.kind FROM checkout_orderevent e JOIN checkout_order o ON o.id = e.order_id"
            " WHERE o.number = ?",
            order.number,
        )
    )
    if is_paid:
        assert (found.status, found.paid) == ("PAID", PRICE)
        assert found.reservations == [("SOLD", 1)]
        assert found.mails == ["order_paid"]
        assert (kinds["PAID"], kinds["EXPIRED"]) == (1, 0)
    else:
        assert (found.status, found.paid) == ("EXPIRED", 0)
        assert found.reservations == [("RELEASED", 1)]
        assert found.mails == []
        assert (kinds["PAID"], kinds["EXPIRED"]) == (0, 1)


def test_without_the_guard_the_same_workers_free_goods_twice(
    unguarded_shop: Shop, at: dt.datetime
) -> None:
    """R3, counter-proof: workers that look first and free later free what others hold."""
    [sku] = unguarded_shop.do("add_articles", prefix="R3", count=1, on_hand=100, at=at)
    due = place_orders(unguarded_shop, [{sku: 1}] * ORDERS, name="R3")
    place_orders(unguarded_shop, [{sku: 80}], name="R3-others")

    unguarded_shop.do_everywhere(
        "expire_these", at=at, numbers=[order.number for order in due], without="expiry"
    )

    _on_hand, reserved = stock_of(unguarded_shop.database, sku)
    assert reserved < 80
