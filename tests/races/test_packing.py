"""Two packers never send more than was paid for, whoever is faster."""

import datetime as dt
from collections import Counter
from functools import partial
from typing import Any

import pytest

from tests.races.bought import stock_of
from tests.races.shop import WORKERS, Shop, at_once

pytestmark = pytest.mark.race

PACKERS = 32
PIECES = 10


def test_32_packers_pack_10_pieces_exactly(shop: Shop, at: dt.datetime) -> None:
    """32 parcels of one piece at once, of ten that were paid for: ten are packed, 22 refused."""
    sold = shop.do("add_paid_order", sku="PACK", quantity=PIECES, at=at)

    answers = pack_at_once(shop, sold, at=at)

    assert refusals(answers) == {"TooMany": PACKERS - PIECES}
    assert packed(shop, sold) == PIECES
    parcels = sorted(answer["result"] for answer in answers if "result" in answer)
    left = at_once(
        [
            partial(shop.try_to, "hand_over", at=at, worker=turn % WORKERS, shipment_id=parcel)
            for turn, parcel in enumerate(parcels * 2)
        ]
    )
    assert refusals(left) == {"ShipmentRefused": PIECES}
    assert stock_of(shop.database, "PACK") == (0, 0)


def test_without_the_guard_more_is_packed_than_was_paid_for(
    unguarded_shop: Shop, at: dt.datetime
) -> None:
    """Counter-proof: what is left is read, checked and then written."""
    sold = unguarded_shop.do("add_paid_order", sku="PACK", quantity=PIECES, at=at)

    pack_at_once(unguarded_shop, sold, at=at, without="packing")

    assert packed(unguarded_shop, sold) > PIECES


def pack_at_once(
    shop: Shop, sold: dict[str, int], *, at: dt.datetime, without: str = ""
) -> list[dict[str, Any]]:
    """Pack one piece each at the same moment, spread over worker processes."""
    return at_once(
        [
            partial(
                shop.try_to,
                "pack",
                at=at,
                worker=number % WORKERS,
                order_id=sold["order"],
                item_id=sold["item"],
                reference=f"packer:{number}",
                without=without,
            )
            for number in range(PACKERS)
        ]
    )


def refusals(answers: list[dict[str, Any]]) -> Counter[str]:
    return Counter(answer["error"].partition(":")[0] for answer in answers if "error" in answer)


def packed(shop: Shop, sold: dict[str, int]) -> int:
    return int(
        shop.database.value(
            "SELECT coalesce(sum(quantity), 0) FROM checkout_shipmentline WHERE item_id = ?",
            sold["item"],
        )
    )
