"""Where editors state the facts of a product, and see which are missing."""

from typing import Any, Final

from django.urls import reverse
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    MultiFieldPanel,
    PageChooserPanel,
    Panel,
)

from catalog import inci, markets
from catalog.markets import Market
from catalog.models.offers import Offer

# What the law does not ask for: the field, or the set of rows, and its name.
_WISHES: Final = (
    ("gallery_images", "panel-child-content-pictures-section", "a picture"),
    (
        "scale_image",
        "panel-child-content-child-how_big_it_is-child-scale_image-wrapper",
        "a picture that shows the size",
    ),
    ("care_tags", "id_care_tags", "care tags: from which day it is gentle enough"),
    ("suited_to", "id_suited_to", "who it is suited to"),
    ("how_to_use", "panel-child-content-child-use-child-how_to_use-wrapper", "how to use it"),
)


class MissingFactsPanel(Panel):
    """Says market by market what is missing, each fact with the way to its field."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "catalog/admin/facts_panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            page = self.instance
            return context | {
                "markets": [
                    {
                        "name": market.label,
                        "is_meant": market in page.sold_in,
                        "missing": markets.missing_facts(page, market)
                        if market in page.sold_in
                        else [],
                    }
                    for market in Market
                ],
                "without_content": _without_content(page),
                "allergens": [each.name for each in inci.allergens_in(page.ingredients_inci)],
                "has_list": bool(page.ingredients_inci.strip()),
                "wishes": [
                    {"anchor": anchor, "label": label}
                    for name, anchor, label in _WISHES
                    if not _is_given(page, name)
                ],
            }


def _without_content(page: Any) -> list[dict[str, str]]:
    if not page.pk or not markets.needs_content(page):
        return []
    offers = Offer.objects.filter(page_id=page.pk, content_amount=None).order_by("sku")
    return [{"sku": each.sku, "url": reverse("offer:edit", args=[each.pk])} for each in offers]


def _is_given(page: Any, name: str) -> bool:
    value = getattr(page, name)
    return value.count() > 0 if hasattr(value, "count") and hasattr(value, "all") else bool(value)


FACTS_PANELS: Final = (
    MultiFieldPanel(
        [
            MissingFactsPanel(heading="What is missing"),
            FieldPanel("sold_in"),
            FieldPanel("function"),
            FieldPanel("application"),
            FieldPanel("made_in"),
            FieldRowPanel(
                [FieldPanel("period_after_opening_months"), FieldPanel("durability_note")]
            ),
            FieldPanel("warnings"),
            FieldPanel("has_no_warnings"),
            FieldPanel("eu_responsible_person"),
            FieldPanel("gb_responsible_person"),
        ],
        "What the law asks for",
    ),
    MultiFieldPanel(
        [
            FieldPanel("is_discontinued"),
            PageChooserPanel("replaced_by", ["catalog.ProductPage", "catalog.PackagePage"]),
        ],
        "When it ends",
    ),
    MultiFieldPanel([FieldPanel("scale_image"), FieldPanel("scale_note")], "How big it is"),
)
