"""Nothing is sold into a market whose facts a product lacks, whichever way somebody tries."""

from dataclasses import replace
from datetime import datetime

from django.test import Client
from django.urls import reverse
from django.utils import timezone
import pytest

from catalog.markets import Market
from catalog.models import Offer, ProductPage
from checkout import baskets, placement
from checkout.models import Basket, DeliveryMethod, DeliveryRate, DeliveryZone, Order
from checkout.pricing import price_basket
from tests.checkout import buying
from tests.checkout.buying import ADDRESS, DETAILS, basket_with, courier, package, product

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> datetime:
    return timezone.now()


def british_courier() -> DeliveryMethod:
    zone = DeliveryZone.objects.create(name="United Kingdom", countries="GB", sort_order=1)
    method = DeliveryMethod.objects.create(zone=zone, code="gb", name="Courier")
    DeliveryRate.objects.create(method=method, price_minor=1290)
    return method


def page_of(offer: Offer) -> ProductPage:
    return ProductPage.objects.get(pk=offer.page_id or 0)


def only_in(offer: Offer, market: Market) -> Offer:
    page = page_of(offer)
    page.sold_in = [market]
    page.save()
    return offer


def problems(basket: Basket, at: datetime) -> list[str]:
    return [line.problem for line in price_basket(basket, at=at).lines]


def not_to(country: str) -> str:
    return (
        f"We may not sell this where you want it delivered ({country}). "
        "Remove it, or choose another country."
    )


def place(basket: Basket, at: datetime, *, country: str = "DE") -> Order:
    there = replace(DETAILS, address=replace(ADDRESS, country=country))
    return buying.place(basket, at=at, details=there)


def test_a_product_that_is_ready_for_no_market_cannot_be_put_into_a_basket(at: datetime) -> None:
    courier()
    offer = product(at=at)
    page = page_of(offer)
    page.has_no_warnings = False
    page.save()

    with pytest.raises(baskets.NotOnSale):
        baskets.add(basket=None, user=None, sku=offer.sku, quantity=1, at=at)

    assert not Basket.objects.exists()


def test_what_lost_a_fact_since_cannot_be_ordered(at: datetime) -> None:
    courier()
    offer = product(at=at)
    basket = basket_with((offer, 1), at=at)
    # Not even where the page's own list of markets was never worked out anew.
    ProductPage.objects.filter(pk=offer.page_id or 0).update(has_no_warnings=False)

    assert problems(basket, at) == ["This is no longer sold. Remove it to go on."]
    with pytest.raises(placement.NothingToOrder, match="no longer sold"):
        place(basket, at)
    assert not Order.objects.exists()


def test_a_basket_says_which_article_may_not_go_to_the_chosen_country(at: datetime) -> None:
    courier()
    british_courier()
    offer = only_in(product(at=at), Market.EU)
    basket = basket_with((offer, 1), (product("BALM", at=at), 1), at=at)
    assert problems(basket, at) == ["", ""]

    basket = baskets.choose_delivery(basket=basket, country="GB", method_code="", at=at)

    priced = price_basket(basket, at=at)
    assert {line.sku: line.problem for line in priced.lines} == {
        "WASH-250": not_to("United Kingdom"),
        "BALM": "",
    }
    assert not priced.can_check_out
    with pytest.raises(placement.NothingToOrder, match="We may not sell this"):
        place(basket, at, country="GB")
    assert not Order.objects.exists()


def test_what_is_sold_in_great_britain_alone_is_not_sent_to_germany(at: datetime) -> None:
    courier()
    british_courier()
    basket = basket_with((only_in(product(at=at), Market.GB), 1), at=at)

    assert problems(basket, at) == [not_to("Germany")]
    basket = baskets.choose_delivery(basket=basket, country="GB", method_code="gb", at=at)
    assert place(basket, at, country="GB").delivery_country == "GB"


def test_nothing_is_sent_to_a_country_whose_law_nobody_looked_up(at: datetime) -> None:
    DeliveryMethod.objects.filter(pk=courier().pk).update(code="swiss")
    DeliveryZone.objects.update(countries="CH")
    basket = basket_with((product(at=at), 1), at=at)

    assert problems(basket, at) == [not_to("Switzerland")]


def test_an_address_in_another_country_than_the_basket_was_priced_for_is_refused(
    at: datetime,
) -> None:
    courier()
    basket = basket_with((only_in(product(at=at), Market.EU), 1), at=at)

    with pytest.raises(placement.BasketChanged):
        place(basket, at, country="GB")

    assert not Order.objects.exists()


def test_packages_are_sold_wherever_the_buyer_lives(at: datetime) -> None:
    basket = basket_with((package(at=at), 1), at=at)

    assert place(basket, at).total_minor == 42000


def test_the_basket_page_shows_the_sentence(client: Client, at: datetime) -> None:
    courier()
    british_courier()
    offer = only_in(product(at=at), Market.EU)
    client.post(reverse("checkout:basket_add"), {"sku": offer.sku, "quantity": "1"}, follow=True)

    client.post(reverse("checkout:basket_delivery"), {"country": "GB", "method": ""})

    page = client.get(reverse("checkout:basket"))
    assert (
        "We may not sell this where you want it delivered (United Kingdom)."
        in page.content.decode()
    )
