"""R15: with every notice lost, asking Stripe ourselves brings every order home."""

import datetime as dt
from dataclasses import replace

import pytest

from tests.races.bought import Placed, outcome, place_orders, stock_of
from tests.races.payment_service import DEBIT
from tests.races.shop import Shop
from tests.races.small_shop import PACKAGE_SKU
from tests.races.test_exactly_once import ITS_UNITS, ONCE

pytestmark = [pytest.mark.race, pytest.mark.usefixtures("nothing_unpaid")]

ORDERS = 8


@pytest.mark.parametrize("mode", ["drop", "hold"])
def test_with_every_notice_lost_the_sweep_settles_every_paid_order(
    shop: Shop, at: dt.datetime, mode: str
) -> None:
    """R15: all notices dropped, or held back: the sweep settles all, once, without differences."""
    [sku] = shop.do("add_articles", prefix=f"R15-{mode}", count=1, on_hand=50, at=at)
    shop.stripe.control("webhooks/mode", mode=mode)
    placed = place_orders(shop, [{sku: 1, PACKAGE_SKU: ITS_UNITS}] * ORDERS, name=sku)
    by_card, by_debit, unpaid = placed[:4], placed[4:6], placed[6:]
    for order in by_card:
        shop.stripe.pay(order.session_id)
    for order in by_debit:
        pay_by_debit(shop, order)

    soon = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=10)
    shop.do_everywhere("sweep", at=soon)
    shop.do_everywhere("process_notices", at=soon)
    again = shop.do("sweep", at=soon + dt.timedelta(minutes=10))
    shop.stripe.control("webhooks/mode", mode="deliver")

    assert [outcome(shop.database, order) for order in [*by_card, *by_debit]] == [ONCE] * 6
    assert [outcome(shop.database, order).status for order in unpaid] == ["AWAITING_PAYMENT"] * 2
    assert stock_of(shop.database, sku) == (50, 6 + 2)
    assert (again["repaired"], again["differences"]) == (0, [])


def pay_by_debit(shop: Shop, order: Placed) -> None:
    shop.stripe.pay(order.session_id, card=DEBIT)
    session = shop.stripe.get(f"checkout/sessions/{order.session_id}")
    shop.stripe.control(f"payments/{session['payment_intent']}/settle", outcome="succeed")


def test_with_every_notice_lost_the_sweep_finds_refunds_too(shop: Shop, at: dt.datetime) -> None:
    """R15: a refund made in Stripe's Dashboard is found although no notice of it arrived."""
    [sku] = shop.do("add_articles", prefix="R15-BACK", count=1, on_hand=5, at=at)
    shop.stripe.control("webhooks/mode", mode="drop")
    [order] = place_orders(shop, [{sku: 1, PACKAGE_SKU: ITS_UNITS}], name=sku)
    shop.stripe.pay(order.session_id)
    session = shop.stripe.get(f"checkout/sessions/{order.session_id}")
    shop.stripe.control(f"payments/{session['payment_intent']}/refund")

    soon = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=10)
    shop.do_everywhere("sweep", at=soon)
    again = shop.do("sweep", at=soon + dt.timedelta(minutes=10))
    shop.stripe.control("webhooks/mode", mode="deliver")

    assert outcome(shop.database, order) == replace(
        ONCE,
        status="REFUNDED",
        refunded=ONCE.paid,
        # What is paid back whole is not sent: others may buy it.
        reservations=[("RELEASED", 1)],
        mails=["order_paid", "order_refunded"],
        refunds=[("SUCCEEDED", ONCE.paid)],
    )
    assert (again["repaired"], again["differences"]) == (0, [])
