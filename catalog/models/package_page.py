"""What a package of prepaid sessions is; its sizes and prices live on its offers."""

from typing import ClassVar

from django.db import models
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from cms.blocks import BodyBlock
from cms.models import BasePage
from cms.rich_text import PARAGRAPH_FEATURES, CleanRichTextField


class PackagePage(BasePage):
    """Sessions of one treatment, prepaid, and the rules that come with them."""

    benefit = models.CharField(max_length=140, help_text="What it does, in one line.")
    treatment = models.ForeignKey(
        "treatments.Treatment", on_delete=models.PROTECT, related_name="package_pages"
    )
    intro = CleanRichTextField(blank=True, features=PARAGRAPH_FEATURES)
    body = StreamField(BodyBlock(), blank=True)
    how_to_book = CleanRichTextField(blank=True, features=PARAGRAPH_FEATURES)
    refund_rule = CleanRichTextField(
        blank=True,
        features=PARAGRAPH_FEATURES,
        help_text="What comes back for sessions nobody used.",
    )
    transfer_rule = CleanRichTextField(
        blank=True, features=PARAGRAPH_FEATURES, help_text="Who else may use the sessions."
    )

    template = "catalog/package_page.html"
    parent_page_types: ClassVar = ["catalog.CatalogPage", "catalog.CategoryPage"]
    subpage_types: ClassVar[list[str]] = []

    search_fields: ClassVar = [
        *Page.search_fields,
        index.SearchField("benefit", boost=2),
        index.AutocompleteField("benefit"),
        index.SearchField("intro"),
        index.SearchField("body"),
        index.SearchField("how_to_book"),
        index.RelatedFields("treatment", [index.SearchField("name"), index.FilterField("slug")]),
        index.RelatedFields("offers", [index.SearchField("sku")]),
    ]
    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("benefit"),
        FieldPanel("treatment"),
        InlinePanel("gallery_images", heading="Pictures", label="Picture"),
        FieldPanel("intro"),
        FieldPanel("body"),
        MultiFieldPanel(
            [FieldPanel("how_to_book"), FieldPanel("refund_rule"), FieldPanel("transfer_rule")],
            "Rules",
        ),
    ]

    class Meta:
        verbose_name = "package page"
