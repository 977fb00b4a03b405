"""R11: whoever pays back at once, and however, never more goes back than was paid."""

import datetime as dt
from collections import Counter
from functools import partial
from typing import Any

import pytest

from tests.races.shop import WORKERS, Shop, at_once

pytestmark = pytest.mark.race

ASKED = 32
# How often a part of what was paid can go back.
PARTS = 10


def test_32_refunds_of_two_people_and_one_of_the_dashboard_give_back_what_was_paid(
    shop: Shop, at: dt.datetime
) -> None:
    """A tenth each: ten go back, one of them perhaps the Dashboard's; all others are refused."""
    order, paid = paid_order(shop, at=at)
    part = paid // PARTS
    dashboard = partial(
        shop.try_to, "dashboard_refund", at=at, order_id=order, amount_minor=part, worker=1
    )

    *answers, found = at_once([*asking(shop, order, part, at=at), dashboard])

    was_adopted = found["result"] is not None
    assert refusals(answers) == {"RefundTooLarge": ASKED - PARTS + was_adopted}
    assert going_back(shop, order) == paid
    assert shop.do("end_refunds", order_id=order, at=at) == PARTS - was_adopted
    assert shop.database.rows(
        "SELECT paid_minor, refunded_minor, refund_reserved_minor FROM checkout_order WHERE id = ?",
        order,
    ) == [(paid, paid, 0)]


def test_without_the_guard_more_goes_back_than_was_paid(
    unguarded_shop: Shop, at: dt.datetime
) -> None:
    """R11, counter-proof: what is left is looked up, and the refund is written afterwards."""
    order, paid = paid_order(unguarded_shop, at=at)

    at_once(asking(unguarded_shop, order, paid, at=at, without="refund_room"))

    assert going_back(unguarded_shop, order) > paid


def paid_order(shop: Shop, *, at: dt.datetime) -> tuple[int, int]:
    """Return a paid order, and what was paid for it: a multiple of the parts."""
    order: int = shop.do("add_paid_order", sku="BACK", quantity=PARTS, at=at)["order"]
    paid = shop.database.value("SELECT paid_minor FROM checkout_order WHERE id = ?", order)
    assert paid % PARTS == 0
    return order, int(paid)


def asking(
    shop: Shop, order: int, amount_minor: int, *, at: dt.datetime, without: str = ""
) -> list[partial[Any]]:
    """Return the refunds of two people, spread over worker processes."""
    return [
        partial(
            shop.try_to,
            "pay_back_part",
            at=at,
            worker=number % WORKERS,
            order_id=order,
            amount_minor=amount_minor,
            who=f"person-{number % 2}@example.com",
            without=without,
        )
        for number in range(ASKED)
    ]


def refusals(answers: list[dict[str, Any]]) -> Counter[str]:
    return Counter(answer["error"].partition(":")[0] for answer in answers if "error" in answer)


def going_back(shop: Shop, order: int) -> int:
    return int(
        shop.database.value(
            "SELECT coalesce(sum(amount_minor), 0) FROM checkout_refund"
            " WHERE order_id = ? AND status <> 'FAILED'",
            order,
        )
    )
