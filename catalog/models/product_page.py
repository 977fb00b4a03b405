"""What a product is; its sizes, prices and stock live on its offers."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
)
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from catalog.blocks import KeyIngredientBlock
from catalog.fact_panels import FACTS_PANELS
from catalog.models.concern import Concern
from catalog.models.facets import FreeFrom, SkinFeel
from catalog.models.product_facts import ProductFacts
from catalog.models.selling_page import Recommendation, SellingPage
from catalog.page_forms import ProductPageForm
from catalog.panels import OffersPanel
from catalog.product_sheet import product_sheet
from cms.rich_text import PARAGRAPH_FEATURES, CleanRichTextField
from treatments.models import CareTag
from treatments.models.care_tag import gentle_from_day

_PH = [MinValueValidator(0), MaxValueValidator(14)]


class ProductPage(ProductFacts, SellingPage):
    """A product: what it is for, what is in it and how to use it."""

    how_to_use = CleanRichTextField(blank=True, features=PARAGRAPH_FEATURES)
    suited_to = models.TextField(blank=True, max_length=600)
    not_for = models.TextField("not for", blank=True, max_length=600)
    key_ingredients = StreamField([("ingredient", KeyIngredientBlock())], blank=True)
    ph_from = models.DecimalField(
        "pH from", max_digits=3, decimal_places=1, null=True, blank=True, validators=_PH
    )
    ph_to = models.DecimalField(
        "pH to", max_digits=3, decimal_places=1, null=True, blank=True, validators=_PH
    )
    concerns = ParentalManyToManyField(Concern, blank=True, related_name="products")
    skin_feels = ParentalManyToManyField(SkinFeel, blank=True, related_name="products")
    free_from = ParentalManyToManyField(FreeFrom, blank=True, related_name="products")
    care_tags = ParentalManyToManyField(CareTag, blank=True, related_name="products")

    words_left_out: ClassVar = {
        "ingredients_inci": "the list of ingredients, in the words of the law",
        "sold_in": "codes of markets",
        "ready_markets": "codes of markets",
        "made_in": "a country",
    }
    base_form_class = ProductPageForm
    template = "catalog/product_page.html"
    parent_page_types: ClassVar = ["catalog.CategoryPage"]

    search_fields: ClassVar = [
        *SellingPage.search_fields,
        index.SearchField("how_to_use"),
        index.SearchField("ingredients_inci"),
        index.RelatedFields("concerns", [index.SearchField("name"), index.FilterField("slug")]),
        index.RelatedFields("offers", [index.SearchField("sku"), index.SearchField("barcode")]),
        index.FilterField("application"),
    ]
    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("benefit"),
        OffersPanel(heading="Offers, prices and stock"),
        InlinePanel("gallery_images", heading="Pictures", label="Picture"),
        MultiFieldPanel(
            [
                FieldPanel(name, widget=CheckboxSelectMultiple)
                for name in ("concerns", "skin_feels", "free_from", "care_tags")
            ],
            "Finding it",
        ),
        FieldPanel("intro"),
        FieldPanel("body"),
        MultiFieldPanel(
            [FieldPanel("how_to_use"), FieldPanel("suited_to"), FieldPanel("not_for")], "Use"
        ),
        MultiFieldPanel(
            [
                FieldPanel("key_ingredients"),
                FieldPanel("ingredients_inci"),
                FieldRowPanel([FieldPanel("ph_from"), FieldPanel("ph_to")]),
            ],
            "What is in it",
        ),
        *FACTS_PANELS,
        InlinePanel("goes_well_with", heading="Goes well with", label="Page"),
    ]

    class Meta:
        verbose_name = "product page"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add ``sheet``, the facts of the product, and ``scale_image``.

        Where it is no longer made, also where it leads on to: ``instead``, ``category_url``.
        """
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["sheet"] = product_sheet(self)
        context["scale_image"] = context["images"].get(self.scale_image_id)
        if self.is_discontinued:
            instead = Page.objects.live().filter(pk=self.replaced_by_id).first()
            context["instead"] = (
                {"title": instead.title, "url": instead.get_url(request)} if instead else None
            )
            context["category_url"] = context["crumbs"][-1][1] if context["crumbs"] else "/"
        return context

    def other_image_ids(self) -> set[int]:
        return {self.scale_image_id} if self.scale_image_id else set()

    def clean(self) -> None:
        super().clean()
        if self.ph_from is not None and self.ph_to is not None and self.ph_to < self.ph_from:
            raise ValidationError({"ph_to": "The higher pH comes second."})

    @property
    def gentle_from_day(self) -> int | None:
        """The day after a session from which it is gentle enough; none while unknown."""
        return gentle_from_day(self.care_tags.all())

    @property
    def ph_text(self) -> str:
        """The pH as one number or a range: “5.0–5.4”; nothing while unknown."""
        ends = [f"{end:.1f}" for end in (self.ph_from, self.ph_to) if end is not None]
        return "–".join(dict.fromkeys(ends))


class ProductPageRecommendation(Recommendation):
    page = ParentalKey(ProductPage, on_delete=models.CASCADE, related_name="goes_well_with")
