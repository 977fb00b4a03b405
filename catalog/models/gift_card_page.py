"""The page that sells gift cards; their values and prices live on its offers."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from catalog import offer_views, structured_data
from catalog.gift_card_form import GiftCardForm
from catalog.panels import OffersPanel
from catalog.sold_facts import sold_facts
from cms import renditions
from cms.blocks import BodyBlock
from cms.models import BasePage
from cms.structured_data import breadcrumbs, script


class GiftCardPage(BasePage):
    """Says what a gift card is, and asks for whom it is."""

    benefit = models.CharField(max_length=140, help_text="What it is, in one line.")
    intro = models.TextField(blank=True, max_length=600)
    body = StreamField(BodyBlock(), blank=True)

    template = "catalog/gift_card_page.html"
    parent_page_types: ClassVar = ["catalog.CatalogPage"]
    subpage_types: ClassVar[list[str]] = []
    search_fields: ClassVar = [
        *Page.search_fields,
        index.SearchField("benefit", boost=2),
        index.AutocompleteField("benefit"),
        index.SearchField("intro"),
        index.SearchField("body"),
        index.RelatedFields("offers", [index.SearchField("sku")]),
    ]
    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("benefit"),
        OffersPanel(heading="Values and prices"),
        FieldPanel("intro"),
        FieldPanel("body"),
    ]

    class Meta:
        verbose_name = "gift card page"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add ``offers``, and ``form`` to buy one."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        rows = self.offers_now(is_preview=bool(getattr(request, "is_preview", False)))
        views = offer_views.offer_views(rows)
        with renditions.reading_together(renditions.ids_in(self.body)):
            renditions.pictured_in(self.body)
        address = self.get_url(request) or ""
        sold = structured_data.product(self, sold_facts(rows), url=address, images=[])
        way = breadcrumbs(context["crumbs"], self.title, address)
        return context | {
            "offers": views,
            "form": GiftCardForm(offers=views, initial={"sku": views[0].sku if views else ""}),
            "structured_data": script([sold, way]),
        }

    def offers_now(self, *, is_preview: bool = False) -> list[Any]:
        """Return the gift cards that are on sale here.

        Where Stripe reckons taxes none is: nobody could spend it.
        """
        ids = [self.pk] if self.pk else []
        found = offer_views.offers_by_page(ids, timezone.now(), is_preview=is_preview)
        rows = [] if settings.SHOP_TAX == "stripe" else found.get(self.pk, [])
        return [row for row in rows if row.is_gift_card]
