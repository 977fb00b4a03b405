"""An article is kept whole, and still never shows a price or a stock level that is gone."""

from html import unescape
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
import pytest

from catalog import prices, stock
from catalog.models import MovementKind, Offer
from tests.blog.factories import ArticlePageFactory
from tests.catalog.factories import OfferFactory, ProductPageFactory
from tests.storefront.page_cache import page_cache  # noqa: F401

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("page_cache"),
]


@pytest.fixture
def offer() -> Offer:
    page = ProductPageFactory(slug="wash", title="Low-foam wash")
    made: Offer = OfferFactory(page=page, sku="WASH", price_minor=1800, on_hand=20)
    return made


def words(answer: Any) -> str:
    return unescape(answer.content.decode())


def test_the_second_reader_costs_no_query_and_gets_the_same_bytes(offer: Offer) -> None:
    client = Client()
    article = ArticlePageFactory(body=[("product_card", {"page": offer.page_id, "note": ""})])

    first = client.get(article.url)
    with CaptureQueriesContext(connection) as queries:
        second = client.get(article.url)

    assert (first["X-Page-Cache"], second["X-Page-Cache"]) == ("built", "hit")
    assert len(queries) == 0
    assert first.content == second.content


def test_a_new_price_and_the_last_one_sold_reach_a_kept_article_at_once(offer: Offer) -> None:
    client = Client()
    article = ArticlePageFactory(body=[("product_card", {"page": offer.page_id, "note": ""})])
    client.get(article.url)
    assert client.get(article.url).headers["X-Page-Cache"] == "hit"

    prices.change(offer_id=offer.pk, price_minor=1650, reason="Sale", by=None, at=timezone.now())
    cheaper = client.get(article.url)
    stock.adjust(
        offer_id=offer.pk,
        change=-20,
        kind=MovementKind.DAMAGED,
        reason="Spilt",
        by=None,
        at=timezone.now(),
    )
    sold_out = client.get(article.url)

    assert cheaper.headers["X-Page-Cache"] == "built"
    assert "€16.50" in words(cheaper)
    assert "€18.00" not in words(cheaper)
    assert "Sold out" in words(sold_out)
    assert 'value="WASH"' not in words(sold_out)


def test_a_product_that_is_taken_back_leaves_a_kept_article_at_once(offer: Offer) -> None:
    client = Client()
    article = ArticlePageFactory(body=[("product_card", {"page": offer.page_id, "note": ""})])
    client.get(article.url)

    offer.page.unpublish()

    assert "Low-foam wash" not in words(client.get(article.url))
