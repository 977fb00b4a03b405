"""Tests of `catalog.markets`: what each market asks for, and what may be sold where."""

from typing import Any

from django.core.exceptions import ValidationError
import pytest

from catalog import markets
from catalog.markets import Application, Market
from catalog.models import ProductPage, ResponsiblePerson
from tests.catalog.factories import (
    OfferFactory,
    ProductPageFactory,
    ResponsiblePersonFactory,
)

pytestmark = pytest.mark.django_db

EMPTY: dict[str, Any] = {
    "application": {"application": ""},
    "function": {"function": " "},
    "ingredients": {"ingredients_inci": ""},
    "durability": {"period_after_opening_months": None},
    "warnings": {"has_no_warnings": False},
    "made_in": {"made_in": ""},
    "responsible_eu": {"eu_responsible_person": None},
    "responsible_gb": {"gb_responsible_person": None},
}


@pytest.mark.parametrize(
    ("country", "market"),
    [("DE", Market.EU), ("IE", Market.EU), ("NO", Market.EU), ("GB", Market.GB), ("CH", None)],
)
def test_a_country_belongs_to_the_market_whose_law_holds_there(
    country: str, market: Market | None
) -> None:
    assert markets.market_of(country) is market


def test_a_page_with_every_fact_is_ready_for_both_markets() -> None:
    page = ProductPageFactory()

    assert ProductPage.objects.get(pk=page.pk).ready_markets == ("EU", "GB")
    assert page.missing_facts() == {}


def test_every_fact_is_tried() -> None:
    assert [fact.code for fact in markets.FACTS] == list(EMPTY)


@pytest.mark.parametrize("fact", markets.FACTS, ids=lambda fact: fact.code)
def test_a_page_without_one_fact_is_not_ready_where_that_is_asked_for(fact: markets.Fact) -> None:
    page = ProductPageFactory(**EMPTY[fact.code])

    wanted = tuple(market.value for market in Market if market not in fact.markets)
    assert ProductPage.objects.get(pk=page.pk).ready_markets == wanted
    assert page.missing_facts() == {market: [fact] for market in Market if market in fact.markets}


def test_a_bare_page_misses_everything() -> None:
    page = ProductPageFactory(bare=True)

    assert page.ready_markets == ()
    assert {fact for facts in page.missing_facts().values() for fact in facts} == set(markets.FACTS)


def test_a_brush_needs_no_ingredients_and_no_shelf_life() -> None:
    page = ProductPageFactory(
        application=Application.NOT_COSMETIC,
        ingredients_inci="",
        period_after_opening_months=None,
        made_in="",
    )

    assert page.ready_markets == ("EU", "GB")


def test_a_note_on_durability_does_instead_of_months() -> None:
    page = ProductPageFactory(period_after_opening_months=None, durability_note="Best before: tube")

    assert page.ready_markets == ("EU", "GB")


def test_a_page_is_ready_only_for_the_markets_it_is_meant_for() -> None:
    page = ProductPageFactory(sold_in=["GB"])

    assert page.ready_markets == ("GB",)


def test_a_fact_that_is_taken_away_takes_the_markets_along() -> None:
    page = ProductPageFactory()

    page.warnings, page.has_no_warnings = "", False
    page.save(update_fields=["warnings", "has_no_warnings"])

    assert ProductPage.objects.get(pk=page.pk).ready_markets == ()


def test_a_draft_of_a_live_page_changes_nothing_of_what_is_sold() -> None:
    page = ProductPageFactory()

    page.has_no_warnings = False
    page.save_revision()

    assert ProductPage.objects.get(pk=page.pk).ready_markets == ("EU", "GB")
    page.get_latest_revision().publish()
    assert ProductPage.objects.get(pk=page.pk).ready_markets == ()


def test_a_size_without_content_is_sold_nowhere() -> None:
    page = ProductPageFactory()
    offer = OfferFactory(page=page, content_amount=None, content_unit="")

    assert not any(markets.may_be_sold(offer, page, market) for market in Market)
    page.application = Application.SET
    assert all(markets.may_be_sold(offer, page, market) for market in (Market.EU, Market.GB))


def test_what_is_sold_is_decided_by_the_facts_not_by_what_was_once_worked_out() -> None:
    offer = OfferFactory()
    ProductPage.objects.filter(pk=offer.page_id).update(function="")
    page = ProductPage.objects.get(pk=offer.page_id)

    assert page.ready_markets == ("EU", "GB")
    assert not markets.may_be_sold(offer, page, Market.EU)


def test_nothing_is_sold_into_a_country_whose_law_is_unknown() -> None:
    page = ProductPageFactory.create()
    offer = OfferFactory.create(page=page)

    assert not markets.may_be_sold(offer, page, markets.market_of("CH"))


def test_a_responsible_person_never_moves_to_another_market() -> None:
    person: ResponsiblePerson = ResponsiblePersonFactory()

    person.market = Market.GB

    with pytest.raises(ValidationError, match="Add another one"):
        person.full_clean()


def test_a_responsible_person_of_another_market_is_refused() -> None:
    british = ResponsiblePersonFactory(market=Market.GB)
    page = ProductPageFactory()

    page.eu_responsible_person = british

    with pytest.raises(ValidationError, match="answers for another market"):
        page.full_clean()


def test_warnings_and_none_at_once_are_refused() -> None:
    page = ProductPageFactory(has_no_warnings=True)

    page.warnings = "For external use only."

    with pytest.raises(ValidationError, match="There are warnings above"):
        page.full_clean()


def test_an_unknown_market_is_refused() -> None:
    page = ProductPageFactory()

    page.sold_in = ["EU", "MOON"]

    with pytest.raises(ValidationError, match="Not a market: MOON"):
        page.full_clean()
