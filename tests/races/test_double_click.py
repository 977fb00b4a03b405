"""R13: one basket, agreed to once, is one order and one payment page, however often it is sent."""

import datetime as dt
from functools import partial

import pytest

from tests.races.buyer import Answer, Buyer
from tests.races.conftest import Repeats
from tests.races.shop import Shop, at_once

pytestmark = pytest.mark.race

CLICKS = 10


def test_ten_clicks_make_one_order_and_one_payment_page(
    shop: Shop, at: dt.datetime, repeats: Repeats
) -> None:
    """R13: the same checkout token posted ten times at once is one order and one session."""
    times = repeats(3)
    for sku in shop.do("add_articles", prefix="R13", count=times, on_hand=1, at=at):
        buyer = ready_buyer(shop, sku)

        answers = at_once([buyer.order] * CLICKS)

        [(number, link, page, attempts)] = orders_of(shop, buyer)
        [session] = shop.stripe.sessions_of(number)
        assert {answer.status for answer in answers} == {303}
        assert session["url"] == page
        assert {place_of(answer, link) for answer in answers} <= {page, "its own page"}
        assert page in {answer.location for answer in answers}
        assert attempts == 1


def test_two_tabs_with_different_names_leave_one_payable_page(
    shop: Shop, at: dt.datetime, repeats: Repeats
) -> None:
    """R13: two tabs that say different things are still one order that can be paid once."""
    times = repeats(3)
    for sku in shop.do("add_articles", prefix="R13-TABS", count=times, on_hand=1, at=at):
        buyer = ready_buyer(shop, sku)

        answers = at_once([partial(buyer.order, name=f"Tab {n % 2}") for n in range(4)])

        [(number, _link, page, _attempts)] = orders_of(shop, buyer)
        payable = [one for one in shop.stripe.sessions_of(number) if one["status"] == "open"]
        assert {answer.status for answer in answers} == {303}
        assert [one["url"] for one in payable] == [page]


def ready_buyer(shop: Shop, sku: str, *, without: str = "") -> Buyer:
    buyer = shop.buyer(sku.lower(), without=without)
    buyer.put_in(sku)
    buyer.read_checkout()
    return buyer


def orders_of(shop: Shop, buyer: Buyer) -> list[tuple[str, str, str, int]]:
    """Number, link, payment page and attempts of every order of a buyer."""
    return [
        tuple(row)
        for row in shop.database.rows(
            "SELECT o.number, o.access_token,"
            " (SELECT url FROM checkout_payment p WHERE p.order_id = o.id AND status = 'OPEN'),"
            " (SELECT count(*) FROM checkout_payment p WHERE p.order_id = o.id)"
            " FROM checkout_order o WHERE o.email = ?",
            f"{buyer.name}@example.com",
        )
    ]


def place_of(answer: Answer, link: str) -> str:
    """Where an answer leads: a payment page, or the order's own page."""
    is_own = answer.location.split("?")[0] == f"/orders/{link}/"
    return "its own page" if is_own else answer.location


def test_without_the_token_ten_clicks_make_several_orders(
    unguarded_shop: Shop, at: dt.datetime
) -> None:
    """R13, counter-proof: a shop that does not look at the token makes an order of each click."""
    [sku] = unguarded_shop.do("add_articles", prefix="R13", count=1, on_hand=100, at=at)
    buyer = ready_buyer(unguarded_shop, sku, without="checkout_token")

    at_once([buyer.order] * CLICKS)

    numbers = [number for number, *_ in orders_of(unguarded_shop, buyer)]
    sessions = [one for number in numbers for one in unguarded_shop.stripe.sessions_of(number)]
    assert len(numbers) > 1
    assert len(sessions) > 1
