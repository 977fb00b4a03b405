"""The home page, and plain pages such as delivery and the legal ones."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, PageChooserPanel
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page, PageViewRestriction
from wagtail.search import index

from blog.models import ArticlePage
from catalog import cards
from catalog.models import Concern, PackagePage, ProductPage
from catalog.offer_views import offers_by_page
from cms import renditions
from cms.blocks import BodyBlock, StepBlock
from cms.models import BasePage
from cms.structured_data import breadcrumbs, script
from storefront import structured_data

NEWEST_ARTICLES = 3


@dataclass(frozen=True)
class ConcernLink:
    """A concern of a scalp, and where the products for it are listed."""

    name: str
    blurb: str
    url: str


@dataclass(frozen=True)
class CategoryLink:
    """A category of the shop as the home page shows it."""

    title: str
    blurb: str
    url: str


class HomePage(BasePage):
    """The first page: what the shop promises, and the ways in."""

    hero_image = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    promise_title = models.CharField(max_length=120)
    promise_text = models.TextField(blank=True, max_length=400)
    concern_title = models.CharField(max_length=120, blank=True)
    concern_text = models.TextField(blank=True, max_length=300)
    visit_title = models.CharField(max_length=120, blank=True)
    visit_steps = StreamField(
        [("step", StepBlock())], blank=True, help_text="How a visit works, step by step."
    )

    content_panels: ClassVar = [
        *BasePage.content_panels,
        MultiFieldPanel(
            [FieldPanel("hero_image"), FieldPanel("promise_title"), FieldPanel("promise_text")],
            "Promise",
        ),
        MultiFieldPanel([FieldPanel("concern_title"), FieldPanel("concern_text")], "Concerns"),
        InlinePanel("featured_products", label="Product", heading="Featured products", max_num=8),
        InlinePanel("featured_packages", label="Package", heading="Featured packages", max_num=4),
        MultiFieldPanel([FieldPanel("visit_title"), FieldPanel("visit_steps")], "A visit"),
    ]
    search_fields: ClassVar = [*BasePage.search_fields, index.SearchField("promise_text")]
    parent_page_types: ClassVar = ["wagtailcore.Page"]
    template = "storefront/home_page.html"

    class Meta:
        verbose_name = "home page"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add ``concerns``, ``categories``, ``featured``, ``packages`` and ``articles``."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        at = timezone.now()
        featured = list(self._featured_pages(is_preview=getattr(request, "is_preview", False)))
        newest = ArticlePage.objects.readable().for_cards().newest_first()
        articles = list(newest[:NEWEST_ARTICLES])
        offers = offers_by_page([page.pk for page in featured], at)
        # One query for every picture of the page.
        heroes = {page.hero_image_id for page in [self, *articles] if page.hero_image_id}
        images = renditions.load(heroes | cards.image_ids(featured))
        self.hero_image = images.get(self.hero_image_id)
        built = cards.build(featured, offers, images, request=request)
        context["catalog_url"], context["categories"] = _ways_into_the_shop(request)
        context["concerns"] = _concerns(context["catalog_url"])
        context["featured"] = [card for card in built if not card.is_package]
        context["packages"] = [card for card in built if card.is_package]
        context["articles"] = [article.card(images, request) for article in articles]
        return context

    def crumbs(self, request: HttpRequest | None = None) -> list[tuple[str, str]]:  # noqa: ARG002
        """Nothing stands above the first page."""
        return []

    def get_view_restrictions(self) -> QuerySet[PageViewRestriction]:
        """Who may see the page; Wagtail's own way asks for the pages above first."""
        restrictions: QuerySet[PageViewRestriction]
        if self.alias_of_id:
            restrictions = super().get_view_restrictions()
        else:
            ends = range(self.steplen, len(self.path) + 1, self.steplen)
            above = [self.path[:end] for end in ends]
            restrictions = PageViewRestriction.objects.filter(page__path__in=above)
        return restrictions

    def _featured_pages(self, *, is_preview: bool) -> QuerySet[Any]:
        """The chosen pages that are live, in the order they were chosen, for their cards."""
        pages = Page.objects.live()
        if is_preview:
            chosen = [*self.featured_products.all(), *self.featured_packages.all()]
            pages = pages.filter(pk__in=[link.page_id for link in chosen])
            preview: QuerySet[Any] = cards.with_card_facts(pages)
            return preview
        pages = pages.filter(
            Q(productpage__on_home_pages__home_page=self.pk)
            | Q(packagepage__on_home_pages__home_page=self.pk)
        )
        position = Coalesce(
            "productpage__on_home_pages__sort_order", "packagepage__on_home_pages__sort_order"
        )
        featured: QuerySet[Any] = cards.with_card_facts(pages).annotate(position=position)
        return featured.order_by("position", "pk")


class HomePageProduct(Orderable):
    """A product that the home page shows."""

    home_page = ParentalKey(HomePage, on_delete=models.CASCADE, related_name="featured_products")
    page = models.ForeignKey(ProductPage, on_delete=models.CASCADE, related_name="on_home_pages")

    panels: ClassVar = [PageChooserPanel("page")]

    class Meta(Orderable.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["home_page", "page"], name="home_page_shows_a_product_once"
            ),
        ]

    def __str__(self) -> str:
        return f"Featured product {self.pk}"


class HomePagePackage(Orderable):
    """A package that the home page shows."""

    home_page = ParentalKey(HomePage, on_delete=models.CASCADE, related_name="featured_packages")
    page = models.ForeignKey(PackagePage, on_delete=models.CASCADE, related_name="on_home_pages")

    panels: ClassVar = [PageChooserPanel("page")]

    class Meta(Orderable.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["home_page", "page"], name="home_page_shows_a_package_once"
            ),
        ]

    def __str__(self) -> str:
        return f"Featured package {self.pk}"


class ContentPage(BasePage):
    """A plain page of text: delivery, privacy, terms, imprint."""

    intro = models.TextField(blank=True, max_length=600)
    body = StreamField(BodyBlock(), blank=True)

    content_panels: ClassVar = [
        *BasePage.content_panels,
        FieldPanel("intro"),
        FieldPanel("body"),
    ]
    search_fields: ClassVar = [
        *BasePage.search_fields,
        index.SearchField("intro"),
        index.SearchField("body"),
    ]
    parent_page_types: ClassVar = ["storefront.HomePage", "storefront.ContentPage"]
    subpage_types: ClassVar = ["storefront.ContentPage"]
    template = "storefront/content_page.html"

    class Meta:
        verbose_name = "content page"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Read the body's pictures with their sizes, so that showing them asks nothing."""
        in_body = renditions.pictured_in(self.body)
        renditions.attach(in_body, renditions.load({image.pk for image in in_body}))
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        way = breadcrumbs(context["crumbs"], self.title, self.get_url(request) or "")
        context["structured_data"] = script([way, structured_data.delivery_terms()])
        return context


def _ways_into_the_shop(request: HttpRequest) -> tuple[str, list[CategoryLink]]:
    """The address of the whole shop, and its categories; one query."""
    pages = (
        Page.objects.live()
        .exclude(catalogpage=None, categorypage=None)
        .annotate(blurb=F("categorypage__blurb"))
        .order_by("path")
    )
    catalog_url, categories = "", []
    for page in pages:
        url = page.get_url(request) or ""
        if page.blurb is None:
            catalog_url = catalog_url or url
        else:
            categories.append(CategoryLink(page.title, page.blurb, url))
    return catalog_url, categories


def _concerns(catalog_url: str) -> list[ConcernLink]:
    if not catalog_url:
        return []
    return [
        ConcernLink(concern.name, concern.blurb, f"{catalog_url}?concern={concern.slug}")
        for concern in Concern.objects.all()
    ]
