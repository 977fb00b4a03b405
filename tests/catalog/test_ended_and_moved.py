"""Addresses that were given out go on leading somewhere."""

from typing import Any

from django.test import Client, TestCase
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
import pytest

from catalog.models import CategoryPage, Offer, ProductPage
from tests.catalog.factories import (
    CatalogPageFactory,
    CategoryPageFactory,
    OfferFactory,
    ProductPageFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def product() -> ProductPage:
    page: ProductPage = ProductPageFactory.create(slug="old-wash", title="Old wash")
    OfferFactory.create(page=page, sku="OLD")
    return page


def _publish(page: Any, **fields: Any) -> None:
    """Publish as the editor does; Wagtail leads old addresses on once that is committed."""
    page = type(page).objects.get(pk=page.pk)
    for name, value in fields.items():
        setattr(page, name, value)
    with TestCase.captureOnCommitCallbacks(execute=True):
        page.save_revision().publish()


def test_a_new_address_is_led_to_from_the_old_one(product: ProductPage) -> None:
    _publish(product, slug="new-wash")

    answer = Client().get("/shop/wash/old-wash/")

    assert (answer.status_code, answer["Location"]) == (301, "/shop/wash/new-wash/")


def test_everything_beneath_a_renamed_page_is_led_to(product: ProductPage) -> None:
    _publish(CategoryPageFactory.create(), slug="cleansing")

    answer = Client().get("/shop/wash/old-wash/")

    assert (answer.status_code, answer["Location"]) == (301, "/shop/cleansing/old-wash/")


def test_a_moved_page_is_led_to(product: ProductPage) -> None:
    other: CategoryPage = CatalogPageFactory.create().add_child(
        instance=CategoryPage(title="Soothe", slug="soothe")
    )
    product.move(other, pos="last-child")

    answer = Client().get("/shop/wash/old-wash/")

    assert (answer.status_code, answer["Location"]) == (301, "/shop/soothe/old-wash/")


def test_two_renames_lead_there_in_one_step_and_back_again_in_none(product: ProductPage) -> None:
    _publish(product, slug="second")
    _publish(product, slug="third")

    assert Client().get("/shop/wash/old-wash/")["Location"] == "/shop/wash/third/"
    assert Client().get("/shop/wash/second/")["Location"] == "/shop/wash/third/"

    _publish(product, slug="old-wash")
    assert Client().get("/shop/wash/old-wash/").status_code == 200


def test_a_page_wins_over_a_redirect_from_its_address(product: ProductPage) -> None:
    _publish(product, slug="new-wash")
    ProductPageFactory.create(slug="old-wash", title="Another")

    assert Client().get("/shop/wash/old-wash/").status_code == 200
    assert Redirect.objects.count() >= 1


def test_a_product_that_ended_stays_says_so_and_leads_on(product: ProductPage) -> None:
    instead = ProductPageFactory.create(slug="better-wash", title="Better wash")
    OfferFactory.create(page=instead, sku="BETTER")
    _publish(product, is_discontinued=True, replaced_by=instead)

    answer = Client().get("/shop/wash/old-wash/")
    text = answer.content.decode()

    assert answer.status_code == 200
    assert "We no longer make this product." in text
    assert '<a href="/shop/wash/better-wash/">Better wash</a>' in text
    assert "data-buy" not in text
    assert '"offers"' not in text


def test_a_product_that_ended_is_in_no_list_and_cannot_be_bought(product: ProductPage) -> None:
    other = ProductPageFactory.create(slug="other")
    OfferFactory.create(page=other, sku="OTHER")
    _publish(product, is_discontinued=True)

    assert "Old wash" not in Client().get("/shop/wash/").content.decode()
    assert not Offer.objects.on_sale(timezone.now()).filter(sku="OLD").exists()
    client = Client(headers={"Origin": "http://testserver"})
    assert client.post("/basket/add/", {"sku": "OLD", "quantity": "1"}).status_code == 422


def test_a_product_that_comes_back_is_sold_again(product: ProductPage) -> None:
    _publish(product, is_discontinued=True)
    _publish(product, is_discontinued=False)

    assert "data-buy" in Client().get("/shop/wash/old-wash/").content.decode()
