"""A buyer pays what an amendment costs while the desk takes it back: one of the two does."""

import datetime as dt
from functools import partial

import pytest

from tests.races.bought import Placed, place_orders, stock_of
from tests.races.shop import WORKERS, Shop, at_once, in_turn
from tests.races.test_amending import PIECES, PRICE, going_back
from tests.races.test_expiry import check_outcome

pytestmark = pytest.mark.race

AMENDMENTS = 6
OF_OTHERS = PIECES - 1


def test_an_amendment_is_paid_or_taken_back_and_never_both(shop: Shop, at: dt.datetime) -> None:
    """Four workers take back, as buttons and sweep do, what its buyers are paying."""
    amended, added = amend(shop, "BACK", at=at)

    def pay(order: Placed) -> bool:
        return shop.stripe.pay(order.session_id)

    def take_back(worker: int) -> bool:
        return bool(shop.do("expire_these", at=at, worker=worker, numbers=numbers(added)))

    # The last to be taken back is the first to be paid, so both sides win some.
    payers = [partial(pay, order) for order in reversed(added)]
    desks = [partial(take_back, worker) for worker in range(WORKERS)]
    paid = list(reversed(at_once([*payers, *desks])[: len(added)]))
    shop.stripe.control("webhooks/deliver-due")
    shop.do("process_notices", at=at + dt.timedelta(hours=1))
    shop.do("sweep", at=at)

    for place, (order, is_paid) in enumerate(zip(added, paid, strict=True)):
        check_outcome(shop, order, is_paid=is_paid)
        assert stock_of(shop.database, f"BACK-{place}-OTHER") == (PIECES, int(is_paid))
    # What was taken out for it was agreed to by itself, and is paid back either way.
    assert [going_back(shop, begun) for begun in amended] == [(1, PRICE)] * AMENDMENTS


def test_without_the_guard_what_is_taken_back_frees_what_others_hold(
    unguarded_shop: Shop, at: dt.datetime
) -> None:
    """Counter-proof: desks that look first and free later free the pieces of other buyers."""
    _amended, added = amend(unguarded_shop, "BACK", at=at)
    skus = [f"BACK-{place}-OTHER" for place in range(AMENDMENTS)]
    place_orders(unguarded_shop, [{sku: OF_OTHERS} for sku in skus], name="BACK-others")

    unguarded_shop.do_everywhere("expire_these", at=at, numbers=numbers(added), without="expiry")

    held = sum(stock_of(unguarded_shop.database, sku)[1] for sku in skus)
    assert held < AMENDMENTS * OF_OTHERS


def amend(shop: Shop, name: str, *, at: dt.datetime) -> tuple[list[dict[str, int]], list[Placed]]:
    """Swap a piece of each of some orders; each buyer has the payment page open."""
    skus = [f"{name}-{place}" for place in range(AMENDMENTS)]
    amended = [shop.do("add_amendment", sku=sku, quantity=PIECES, at=at) for sku in skus]
    added = [
        shop.do("place_amendment", begun=begun, who="desk@example.com", at=at) for begun in amended
    ]
    return amended, in_turn([partial(open_page, shop, number) for number in added])


def open_page(shop: Shop, number: str) -> Placed:
    """Follow the link to pay, as the buyer of an order does."""
    token = "SELECT access_token FROM checkout_order WHERE number = ?"
    address = f"/orders/{shop.database.value(token, number)}/pay/"
    assert shop.buyer(number).post(address, {}).status == 303
    session = (
        "SELECT p.session_id FROM checkout_payment p JOIN checkout_order o ON o.id = p.order_id"
        " WHERE o.number = ?"
    )
    return Placed(number, str(shop.database.value(session, number)))


def numbers(orders: list[Placed]) -> list[str]:
    return [order.number for order in orders]
