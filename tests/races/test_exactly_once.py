"""R4: however often and in whatever order Stripe tells us, everything happens once."""

import datetime as dt
from functools import partial
from itertools import permutations
from random import Random

import pytest

from tests.races.bought import Outcome, Placed, events_of, outcome, place_orders, stock_of
from tests.races.conftest import Repeats
from tests.races.payment_service import DEBIT
from tests.races.shop import WORKERS, Shop, at_once, in_turn
from tests.races.small_shop import PACKAGE_SKU, SESSIONS

pytestmark = pytest.mark.race

# What a debit that succeeds brings, of which the shop acts on the first two.
TYPES = (
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "payment_intent.succeeded",
)
PARALLEL = "8"
ONE_PIECE, ONE_PACKAGE, ITS_UNITS = 2400, 42000, 2
ONCE = Outcome(
    "PAID",
    ONE_PIECE + ITS_UNITS * ONE_PACKAGE,
    0,
    reservations=[("SOLD", 1)],
    grants=[SESSIONS] * ITS_UNITS,
    mails=["order_paid"],
)


def test_every_notice_several_times_in_every_order_has_one_effect(
    shop: Shop, at: dt.datetime, repeats: Repeats
) -> None:
    """R4: each notice 1 to 5 times, in every order, 8 at once, handled by several workers."""
    random = Random(4)
    for turn in range(repeats(1)):
        orders = list(permutations(TYPES))
        [sku] = shop.do("add_articles", prefix=f"R4-{turn}", count=1, on_hand=50, at=at)
        placed = paid_by_debit(shop, sku, len(orders))

        plans = [
            [
                event
                for event in in_this_order(shop, order, types)
                for _ in range(random.randint(1, 5))
            ]
            for order, types in zip(placed, orders, strict=True)
        ]
        deliver_while_workers_work(shop, plans)

        assert [outcome(shop.database, order) for order in placed] == [ONCE] * len(placed)
        assert stock_of(shop.database, sku) == (50, len(placed))
        assert shop.do("broken_ledgers", at=at) == []


def paid_by_debit(shop: Shop, sku: str, count: int) -> list[Placed]:
    """Orders whose money has arrived while the shop was told nothing."""
    placed = place_orders(shop, [{sku: 1, PACKAGE_SKU: ITS_UNITS}] * count, name=sku)
    shop.stripe.control("webhooks/mode", mode="drop")
    for order in placed:
        shop.stripe.pay(order.session_id, card=DEBIT)
        session = shop.stripe.get(f"checkout/sessions/{order.session_id}")
        shop.stripe.control(f"payments/{session['payment_intent']}/settle", outcome="succeed")
    shop.stripe.control("webhooks/mode", mode="deliver")
    return placed


def in_this_order(shop: Shop, order: Placed, types: tuple[str, ...]) -> list[str]:
    """The ids of an order's notices, sorted by their types."""
    return [event for one in types for event in events_of(shop, order, one)]


def deliver_while_workers_work(shop: Shop, plans: list[list[str]], *, without: str = "") -> None:
    """Send every plan's notices at once, eight at a time, while all workers act on them."""

    def deliver(plan: list[str]) -> None:
        answer = shop.stripe.control("events/deliver", ids=",".join(plan), parallel=PARALLEL)
        assert {one["status"] for one in answer["deliveries"]} == {200}

    def work(worker: int) -> None:
        shop.do("process_notices", at=dt.datetime.now(dt.UTC), worker=worker, without=without)

    acts = [partial(deliver, plan) for plan in plans]
    acts += [partial(work, worker) for worker in range(WORKERS)]
    at_once(acts)
    shop.do_everywhere("process_notices", at=dt.datetime.now(dt.UTC), without=without)
    # A notice whose worker met another one's is due again a little later.
    later = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)
    shop.do("process_notices", at=later, without=without)


def test_without_the_unique_keys_the_same_notices_have_several_effects(
    unguarded_shop: Shop, at: dt.datetime
) -> None:
    """R4, counter-proof: a status that is looked at too early is saved by the unique keys alone."""
    shop = unguarded_shop
    [sku] = shop.do("add_articles", prefix="R4", count=1, on_hand=500, at=at)

    with_keys = settle_everywhere(shop, sku)
    shop.do("drop_keys", at=at)
    without_keys = settle_everywhere(shop, sku)

    assert all(found.grants == ONCE.grants for found in with_keys)
    assert all(found.mails == ONCE.mails for found in with_keys)
    assert any(len(found.grants) > ITS_UNITS for found in without_keys)
    assert any(len(found.mails) > 1 for found in without_keys)


def settle_everywhere(shop: Shop, sku: str) -> list[Outcome]:
    """Let every worker settle the same paid orders at once, as several notices make them."""
    count = 4
    name = f"{sku}-{dt.datetime.now(dt.UTC):%f}"
    placed = place_orders(shop, [{sku: 1, PACKAGE_SKU: ITS_UNITS}] * count, name=name)
    shop.stripe.control("webhooks/mode", mode="drop")
    in_turn([partial(shop.stripe.pay, order.session_id) for order in placed])
    shop.stripe.control("webhooks/mode", mode="deliver")
    for order in placed:
        shop.do_everywhere(
            "settle",
            at=dt.datetime.now(dt.UTC),
            session_id=order.session_id,
            without="settled_once",
        )
    return [outcome(shop.database, order) for order in placed]
