"""Packers at once take each batch to its last piece, and never a piece more."""

import datetime as dt
from functools import partial
from typing import Any

import pytest

from tests.races.shop import WORKERS, Shop, at_once

pytestmark = pytest.mark.race

BATCHES = {"SOON": 5, "LATER": 7}
ORDERS = 12


def test_the_first_to_expire_is_packed_to_its_last_piece(shop: Shop, at: dt.datetime) -> None:
    """12 packers, one piece each: what is left over of one batch comes from the next."""
    pack_at_once(shop, sku="BATCH", at=at)

    assert in_parcels(shop, "BATCH") == BATCHES
    assert packed(shop, "BATCH") == BATCHES


def test_without_the_guard_more_of_a_batch_is_packed_than_it_has(
    unguarded_shop: Shop, at: dt.datetime
) -> None:
    """Counter-proof: which batch expires first is read, and then written."""
    pack_at_once(unguarded_shop, sku="BATCH", at=at, without="batches")

    assert in_parcels(unguarded_shop, "BATCH") != packed(unguarded_shop, "BATCH")


def pack_at_once(shop: Shop, *, sku: str, at: dt.datetime, without: str = "") -> None:
    """Sell one piece each, and pack all of them at the same moment."""
    sold = shop.do("add_orders_of_batches", sku=sku, batches=BATCHES, orders=ORDERS, at=at)
    answers: list[dict[str, Any]] = at_once(
        [
            partial(
                shop.try_to,
                "pack",
                at=at,
                worker=number % WORKERS,
                order_id=each["order"],
                item_id=each["item"],
                reference=f"{sku}:{without}:{number}",
                without=without,
            )
            for number, each in enumerate(sold)
        ]
    )
    assert [answer for answer in answers if "error" in answer] == []


def in_parcels(shop: Shop, sku: str) -> dict[str, int]:
    """Return how many pieces of each batch the parcels say they hold."""
    rows = shop.database.rows(
        "SELECT b.code, sum(p.quantity) FROM checkout_parcelbatch p"
        " JOIN catalog_batch b ON b.id = p.batch_id JOIN catalog_offer o ON o.id = b.offer_id"
        " WHERE o.sku = ? GROUP BY b.code",
        sku,
    )
    return {code: int(count) for code, count in rows}


def packed(shop: Shop, sku: str) -> dict[str, int]:
    """Return how many pieces each batch says are packed."""
    rows = shop.database.rows(
        "SELECT b.code, b.packed FROM catalog_batch b JOIN catalog_offer o ON o.id = b.offer_id"
        " WHERE o.sku = ?",
        sku,
    )
    return dict(rows)
