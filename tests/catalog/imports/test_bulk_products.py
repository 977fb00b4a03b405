import datetime as dt

from django.test import Client
import pytest

from catalog import prices, stock
from catalog.imports.bulk_products import NewProduct, write_products
from catalog.models import CategoryPage, Offer, OfferPrice, ProductPage
from tests.catalog.factories import CategoryPageFactory, facts_of_a_product

pytestmark = [pytest.mark.django_db, pytest.mark.indexed]
NOON = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)


def new_product(number: int, parent: CategoryPage, price_minor: int = 2400) -> NewProduct:
    return NewProduct(
        page=ProductPage(
            title=f"Wash {number}", slug=f"wash-{number}", benefit="Calms.", **facts_of_a_product()
        ),
        parent=parent,
        offers=[
            Offer(
                sku=f"W-{number}-{size}",
                label=f"{size} ml",
                price_minor=price_minor,
                content_amount=size,
                content_unit="ML",
            )
            for size in (100, 250)
        ],
        on_hand=[3, 0],
    )


def test_products_are_on_sale_with_price_history_and_stock(client: Client) -> None:
    parent = CategoryPageFactory()

    pages = write_products(
        products=[new_product(number, parent) for number in range(30)], by=None, at=NOON
    )

    assert len(pages) == 30
    assert Offer.objects.on_sale(NOON).count() == 60
    assert OfferPrice.objects.filter(valid_from=NOON, price_minor=2400).count() == 60
    assert Offer.objects.in_stock().count() == 30
    assert list(stock.contradictions()) == []
    assert b"W-4-100" in client.get(pages[4].url).content


def test_a_wrong_price_leaves_nothing_behind() -> None:
    parent = CategoryPageFactory()
    products = [new_product(1, parent), new_product(2, parent, price_minor=-1)]

    with pytest.raises(prices.NegativePrice):
        write_products(products=products, by=None, at=NOON)

    assert (ProductPage.objects.count(), Offer.objects.count()) == (0, 0)
