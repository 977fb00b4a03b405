"""The words that products are found and judged by, and who answers for them by law."""

from typing import Any

from catalog.markets import Market
from catalog.models import FreeFrom, ProductPage, ResponsiblePerson, SkinFeel
from catalog.models.product_facts import every_market
from storefront.demo import content
from treatments.models import CareTag

_MODELS: dict[str, Any] = {
    "care_tag": CareTag,
    "skin_feel": SkinFeel,
    "free_from": FreeFrom,
}


def add_words() -> None:
    """Add care tags, skin feels and free-from claims in their order, and responsible persons."""
    facts = content.facts("words")
    for name, model in _MODELS.items():
        for order, word in enumerate(facts[name]):
            model.objects.create(sort_order=order, **word)
    for person in facts["responsible_person"]:
        ResponsiblePerson.objects.create(**person)


def facts_of(product: content.Facts) -> dict[str, Any]:
    """Return what the law asks of a product, as fields of its page."""
    people = {person.market: person for person in ResponsiblePerson.objects.all()}
    sold_in = tuple(product.get("sold_in", every_market()))
    return {
        "function": product["function"],
        "application": product["application"],
        "ingredients_inci": product["ingredients"],
        "period_after_opening_months": product.get("period_after_opening_months"),
        "warnings": product.get("warnings", ""),
        "has_no_warnings": product.get("has_no_warnings", False),
        "made_in": product["made_in"],
        "sold_in": sold_in,
        "eu_responsible_person": people[Market.EU] if Market.EU in sold_in else None,
        "gb_responsible_person": people[Market.GB] if Market.GB in sold_in else None,
    }


def find_by(page: ProductPage, product: content.Facts) -> None:
    """Give a product the words that it is found by."""
    page.care_tags = list(CareTag.objects.filter(slug__in=product["care_tags"]))
    page.skin_feels = list(SkinFeel.objects.filter(slug__in=product["skin_feels"]))
    page.free_from = list(FreeFrom.objects.filter(slug__in=product["free_from"]))
