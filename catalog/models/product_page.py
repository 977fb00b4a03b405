"""What a product is; its sizes, prices and stock live on its offers."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.forms import CheckboxSelectMultiple
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    PageChooserPanel,
)
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page
from wagtail.search import index

from catalog.blocks import KeyIngredientBlock
from catalog.models.concern import Concern
from cms.blocks import BodyBlock
from cms.models import BasePage
from cms.rich_text import PARAGRAPH_FEATURES, CleanRichTextField

_PH = [MinValueValidator(0), MaxValueValidator(14)]


class ProductPage(BasePage):
    """A product: what it is for, what is in it and how to use it."""

    benefit = models.CharField(max_length=140, help_text="What it does, in one line.")
    intro = CleanRichTextField(blank=True, features=PARAGRAPH_FEATURES)
    body = StreamField(BodyBlock(), blank=True)
    how_to_use = CleanRichTextField(blank=True, features=PARAGRAPH_FEATURES)
    suited_to = CleanRichTextField(blank=True, features=PARAGRAPH_FEATURES)
    not_for = CleanRichTextField("not for", blank=True, features=PARAGRAPH_FEATURES)
    ingredients_inci = models.TextField(
        "ingredients (INCI)", blank=True, help_text="The full list, in the order of the box."
    )
    key_ingredients = StreamField([("ingredient", KeyIngredientBlock())], blank=True)
    ph_from = models.DecimalField(
        "pH from", max_digits=3, decimal_places=1, null=True, blank=True, validators=_PH
    )
    ph_to = models.DecimalField(
        "pH to", max_digits=3, decimal_places=1, null=True, blank=True, validators=_PH
    )
    leave_on = models.BooleanField("stays on the scalp", default=False)
    period_after_opening_months = models.PositiveSmallIntegerField(
        "keeps for months once opened", null=True, blank=True
    )
    concerns = ParentalManyToManyField(Concern, blank=True, related_name="products")

    template = "catalog/product_page.html"
    parent_page_types: ClassVar = ["catalog.CategoryPage"]
    subpage_types: ClassVar[list[str]] = []

    search_fields: ClassVar = [
        *Page.search_fields,
        index.SearchField("benefit", boost=2),
        index.AutocompleteField("benefit"),
        index.SearchField("intro"),
        index.SearchField("body"),
        index.SearchField("how_to_use"),
        index.SearchField("ingredients_inci"),
        index.RelatedFields("concerns", [index.SearchField("name"), index.FilterField("slug")]),
        index.RelatedFields("offers", [index.SearchField("sku"), index.SearchField("barcode")]),
        index.FilterField("leave_on"),
    ]
    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("benefit"),
        InlinePanel("gallery_images", heading="Pictures", label="Picture"),
        FieldPanel("concerns", widget=CheckboxSelectMultiple),
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
                FieldPanel("leave_on"),
                FieldPanel("period_after_opening_months"),
            ],
            "What is in it",
        ),
        InlinePanel("goes_well_with", heading="Goes well with", label="Page"),
    ]

    class Meta:
        verbose_name = "product page"

    def clean(self) -> None:
        super().clean()
        if self.ph_from is not None and self.ph_to is not None and self.ph_to < self.ph_from:
            raise ValidationError({"ph_to": "The higher pH comes second."})


class ProductPageRecommendation(Orderable):
    """A page that is shown beside a product because the two go well together."""

    page = ParentalKey(ProductPage, on_delete=models.CASCADE, related_name="goes_well_with")
    related_page = models.ForeignKey(
        Page, on_delete=models.CASCADE, related_name="recommended_by", verbose_name="page"
    )

    panels: ClassVar = [
        PageChooserPanel("related_page", ["catalog.ProductPage", "catalog.PackagePage"])
    ]

    def __str__(self) -> str:
        return f"{self.page_id} goes well with {self.related_page_id}"
