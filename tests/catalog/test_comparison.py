"""Up to three products side by side, named in the address alone."""

from decimal import Decimal

from django.test import Client
import pytest

from catalog.models import ProductPage
from tests.catalog.factories import ConcernFactory, OfferFactory, ProductPageFactory

pytestmark = pytest.mark.django_db


def product(slug: str, **facts: object) -> ProductPage:
    page = ProductPageFactory(slug=slug, title=slug.title(), **facts)
    OfferFactory(page=page)
    return page


def compared(client: Client, query: str) -> object:
    answer = client.get(f"/shop/compare/{query}")
    assert answer.status_code == 200
    assert answer.cookies == {}
    return answer.context["comparison"]


def test_products_stand_side_by_side_in_the_order_asked_for(client: Client) -> None:
    dry = ConcernFactory(name="Dry")
    balm = product("balm", ph_from="5.0", ph_to="5.4")
    balm.key_ingredients = [
        ("ingredient", {"name": "Squalane", "percent": Decimal("8.00"), "purpose": "x"}),
        ("ingredient", {"name": "Oat", "percent": None, "purpose": "x"}),
    ]
    balm.concerns.add(dry)
    balm.save()
    product("wash")

    found = compared(client, "?p=wash&p=balm&p=wash")

    assert [column.card.title for column in found.columns] == ["Wash", "Balm"]
    assert [column.url_without for column in found.columns] == ["?p=balm", "?p=wash"]
    rows = {row.label: (row.cells, row.differs) for row in found.rows}
    assert rows["pH"] == ([["Not stated"], ["5.0–5.4"]], True)
    assert rows["For a scalp that is"] == ([["Not stated"], ["Dry"]], True)
    assert rows["Key ingredients"] == ([["Not stated"], ["Squalane 8%", "Oat"]], True)
    assert rows["Sizes"] == ([["250 ml"], ["250 ml"]], False)


def test_more_than_three_are_counted_and_unknown_ones_passed_over(client: Client) -> None:
    for name in ("one", "two", "three", "four"):
        product(name)
    product("draft", live=False)

    found = compared(client, "?p=draft&p=one&p=nobody&p=two&p=three&p=four&p=%00")

    assert [column.card.slug for column in found.columns] == ["one", "two", "three"]
    assert (found.left_out, found.room) == (1, 0)


def test_nothing_to_compare_leads_to_the_shop(client: Client) -> None:
    answer = client.get("/shop/compare/")

    assert answer.status_code == 200
    assert "Nothing to compare yet" in answer.content.decode()
    assert '<meta name="robots" content="noindex">' in answer.content.decode()
