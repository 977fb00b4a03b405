"""The shop's tree: the page of everything, and the categories beneath it."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page
from wagtail.search import index

from catalog import selection
from catalog.listing import listing_context
from catalog.panels import OurOrderPanel
from catalog.structured_data import item_list
from cms.models import BasePage
from cms.structured_data import breadcrumbs, script
from freshness.keeping import keep


class ListingPage(BasePage):
    """A page that lists what can be bought beneath it."""

    intro = models.TextField(blank=True, max_length=600)

    public_parameters: ClassVar = selection.PARAMETERS
    search_fields: ClassVar = [*Page.search_fields, index.SearchField("intro")]
    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("intro"),
        OurOrderPanel(heading="Our order"),
    ]

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add ``cards`` and the filters, order and pages of the list."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        at = timezone.now()
        categories = keep(("categories", self.pk), self.categories, since=self.as_of)
        context |= listing_context(self, request, at, categories=categories)
        way = breadcrumbs(context["crumbs"], self.title, self.get_url(request) or "")
        context["structured_data"] = script([item_list(context["cards"]), way])
        return context

    def categories(self) -> list["CategoryPage"]:
        """Return the categories to choose from here."""
        raise NotImplementedError


class CatalogPage(ListingPage):
    """Everything the shop sells."""

    template = "catalog/catalog_page.html"
    subpage_types: ClassVar = [
        "catalog.CategoryPage",
        "catalog.PackagePage",
        "catalog.GiftCardPage",
    ]
    max_count = 1

    class Meta:
        verbose_name = "catalogue page"

    def categories(self) -> list["CategoryPage"]:
        return list(CategoryPage.objects.child_of(self).live())


class CategoryPage(ListingPage):
    """One part of the shop, such as washes."""

    image = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Shown where the category is offered as a way in.",
    )
    blurb = models.CharField(max_length=200, blank=True, help_text="One line under the title.")

    template = "catalog/category_page.html"
    parent_page_types: ClassVar = ["catalog.CatalogPage"]
    subpage_types: ClassVar = ["catalog.ProductPage", "catalog.PackagePage"]

    search_fields: ClassVar = [*ListingPage.search_fields, index.SearchField("blurb")]
    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("blurb"),
        FieldPanel("image"),
        FieldPanel("intro"),
        OurOrderPanel(heading="Our order"),
    ]

    class Meta:
        verbose_name = "category page"

    def categories(self) -> list["CategoryPage"]:
        return list(CategoryPage.objects.sibling_of(self).live())
