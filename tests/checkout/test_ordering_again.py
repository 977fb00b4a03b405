"""The same once more: what an order held, put into the basket at what it costs today."""

from datetime import datetime

from django.test import Client
from django.urls import reverse
import pytest

from catalog import prices, stock
from catalog.models import MovementKind, Offer, Stock
from checkout.models import Basket, Order, OrderStatus
from checkout.ordering_again import order_again
from checkout.pricing import price_basket
from tests.checkout import buying

pytestmark = pytest.mark.django_db


@pytest.fixture
def wash(at: datetime) -> Offer:
    return buying.product(on_hand=10, at=at)


@pytest.fixture
def order(wash: Offer, at: datetime) -> Order:
    """Two washes and a package, paid for long ago."""
    buying.courier()
    basket = buying.basket_with((wash, 2), (buying.package(at=at), 1), at=at)
    placed = buying.place(basket, at=at)
    stock.sell(reference=placed.reference)
    Order.objects.filter(pk=placed.pk).update(status=OrderStatus.PAID, paid_at=at)
    basket.delete()
    return Order.objects.get(pk=placed.pk)


def held(basket: Basket | None) -> dict[str, int]:
    assert basket is not None
    return dict(basket.lines.values_list("offer__sku", "quantity"))


def leave_one(offer: Offer, at: datetime) -> None:
    found = Stock.objects.get(offer=offer)
    stock.adjust(
        offer_id=offer.pk,
        change=1 - found.available,
        kind=MovementKind.DAMAGED,
        reason="Fell down",
        by=None,
        at=at,
    )


def test_everything_is_in_the_basket_at_what_it_costs_today(
    order: Order, wash: Offer, at: datetime
) -> None:
    prices.change(offer_id=wash.pk, price_minor=2900, reason="Dearer", by=None, at=at)

    again = order_again(order=order, basket=None, user=None, at=at)

    assert held(again.basket) == {"WASH-250": 2, "MD-6": 1}
    assert again.notices == []
    assert price_basket(again.basket, at=at).goods[0].unit_price.minor == 2900


def test_twice_puts_it_in_once_and_leaves_what_was_there(
    order: Order, wash: Offer, at: datetime
) -> None:
    basket = buying.basket_with((wash, 5), at=at)

    for _ in range(2):
        again = order_again(order=order, basket=basket, user=None, at=at)

    assert held(again.basket) == {"WASH-250": 5, "MD-6": 1}


def test_less_is_put_in_where_less_is_left(order: Order, wash: Offer, at: datetime) -> None:
    leave_one(wash, at)

    again = order_again(order=order, basket=None, user=None, at=at)

    assert held(again.basket) == {"WASH-250": 1, "MD-6": 1}
    assert again.notices == ["Daily Wash WASH-250 250 ml: Only 1 left."]


def test_what_is_no_longer_sold_is_named_and_left_out(
    order: Order, wash: Offer, at: datetime
) -> None:
    wash.page.unpublish()

    again = order_again(order=order, basket=None, user=None, at=at)

    assert held(again.basket) == {"MD-6": 1}
    assert [notice.partition(":")[0] for notice in again.notices] == ["Daily Wash WASH-250 250 ml"]


def test_nothing_that_can_be_sold_makes_no_basket(order: Order, at: datetime) -> None:
    for line in order.lines.all():
        line.offer.page.unpublish()

    again = order_again(order=order, basket=None, user=None, at=at)

    assert again.basket is None
    assert len(again.notices) == 2
    assert not Basket.objects.exists()


def test_the_order_s_page_leads_to_the_filled_basket(
    client: Client, order: Order, wash: Offer, at: datetime
) -> None:
    leave_one(wash, at)
    page = client.get(reverse("checkout:order", args=[order.access_token]))
    address = reverse("checkout:order_again", args=[order.access_token])
    assert f'action="{address}"' in page.text

    answer = client.post(address)

    assert (answer.status_code, answer["Location"]) == (303, reverse("checkout:basket"))
    assert held(Basket.objects.get()) == {"WASH-250": 1, "MD-6": 1}
    basket = client.get(answer["Location"]).text
    assert "Only 1 left." in basket
    assert "Microdermabrasion sessions" in basket


def test_an_order_that_can_still_be_paid_is_not_offered_again(client: Client, order: Order) -> None:
    Order.objects.filter(pk=order.pk).update(status=OrderStatus.AWAITING_PAYMENT)

    page = client.get(reverse("checkout:order", args=[order.access_token]))

    assert "Order this again" not in page.text
