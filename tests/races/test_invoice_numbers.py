"""However many orders are paid at once, invoices are numbered 1, 2, 3: no gap, none twice."""

import datetime as dt
from functools import partial
from itertools import groupby

import pytest

from tests.races.bought import Placed, place_orders
from tests.races.databases import Database
from tests.races.shop import WORKERS, Shop, at_once, in_turn

pytestmark = pytest.mark.race

ORDERS = 32
FEW = 2 * WORKERS


def test_32_orders_paid_at_once_are_numbered_without_a_gap(shop: Shop, at: dt.datetime) -> None:
    """32 payments settled at once, while as many transactions take a number and are undone."""
    placed = paid_for(shop, "INVOICED", ORDERS, at=at)

    acts = [
        partial(shop.do, "settle", at=at, worker=turn % WORKERS, session_id=order.session_id)
        for turn, order in enumerate(placed)
    ]
    in_vain = [
        partial(shop.do, "take_number_in_vain", at=at, worker=turn % WORKERS)
        for turn in range(ORDERS)
    ]
    at_once([*acts, *in_vain])

    mine = [number for order in placed for number in numbers_of(shop.database, order)]
    assert len(set(mine)) == ORDERS == len(mine)
    assert gaps(shop.database) == []


def test_without_the_guard_two_orders_reach_for_one_number(
    unguarded_shop: Shop, at: dt.datetime
) -> None:
    """Counter-proof: the last number is looked up and the next one written; the key refuses it."""
    placed = paid_for(unguarded_shop, "INVOICED", FEW, at=at)

    answers = at_once(
        [
            partial(
                unguarded_shop.try_to,
                "settle",
                at=at,
                worker=turn % WORKERS,
                session_id=order.session_id,
                without="invoice_number",
            )
            for turn, order in enumerate(placed)
        ]
    )

    refused = [answer["error"] for answer in answers if "error" in answer]
    assert refused
    assert {error.partition(":")[0] for error in refused} == {"IntegrityError"}
    assert len([order for order in placed if numbers_of(unguarded_shop.database, order)]) < FEW


def paid_for(shop: Shop, sku: str, count: int, *, at: dt.datetime) -> list[Placed]:
    """Orders whose buyers have paid while the shop was told nothing."""
    shop.do("add_articles", prefix=sku, count=1, on_hand=count, at=at)
    placed = place_orders(shop, [{f"{sku}-1": 1}] * count, name=sku)
    shop.stripe.control("webhooks/mode", mode="drop")
    in_turn([partial(shop.stripe.pay, order.session_id) for order in placed])
    shop.stripe.control("webhooks/mode", mode="deliver")
    return placed


def numbers_of(database: Database, order: Placed) -> list[str]:
    rows = database.rows(
        "SELECT i.number FROM checkout_invoice i JOIN checkout_order o ON o.id = i.order_id"
        " WHERE o.number = ? AND i.kind = 'INVOICE'",
        order.number,
    )
    return [number for (number,) in rows]


def gaps(database: Database) -> list[str]:
    """Name the series whose numbers are not 1, 2, 3 up to their counter."""
    rows = database.rows("SELECT series, year, serial FROM checkout_invoice ORDER BY 1, 2, 3")
    counted = database.rows("SELECT series, year, last FROM checkout_invoicecounter")
    last = {(series, year): number for series, year, number in counted}
    found = {key: [row[2] for row in some] for key, some in groupby(rows, lambda row: row[:2])}
    return [
        f"{key}: {serials}, the counter says {last.get(key)}"
        for key, serials in found.items()
        if serials != list(range(1, last.get(key, 0) + 1))
    ]
