"""The home page, and plain pages such as delivery and the legal ones."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, PageChooserPanel
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page
from wagtail.search import index

from blog.cards import ArticleCard
from blog.models import ArticlePage
from catalog.cards import PackageCard, ProductCard, cards_for_pages
from catalog.models import CatalogPage, CategoryPage, Concern, PackagePage, ProductPage
from cms import renditions
from cms.blocks import BodyBlock, StepBlock
from cms.models import BasePage

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
        catalog_url, categories = _ways_into_the_shop(request)
        featured, packages = self._cards(request)
        context["catalog_url"] = catalog_url
        context["categories"] = categories
        context["concerns"] = _concerns(catalog_url)
        context["featured"] = featured
        context["packages"] = packages
        context["articles"] = self._newest_articles(request)
        return context

    def _cards(self, request: HttpRequest) -> tuple[list[ProductCard], list[PackageCard]]:
        """Cards of the chosen pages that everybody may see, built together to save queries."""
        chosen = [link.page_id for link in self.featured_products.all()]
        chosen += [link.page_id for link in self.featured_packages.all()]
        visible = Page.objects.live().public().in_bulk(chosen)
        pages = [visible[pk] for pk in chosen if pk in visible]
        cards = cards_for_pages(pages, timezone.now(), request=request)
        return (
            [card for card in cards if isinstance(card, ProductCard)],
            [card for card in cards if isinstance(card, PackageCard)],
        )

    def _newest_articles(self, request: HttpRequest) -> list[ArticleCard]:
        """Cards of the newest articles; the hero picture is read along with theirs."""
        articles = list(ArticlePage.objects.readable().newest_first()[:NEWEST_ARTICLES])
        wanted = {article.hero_image_id for article in articles} | {self.hero_image_id}
        images = renditions.load({pk for pk in wanted if pk})
        self.hero_image = images.get(self.hero_image_id)
        return [article.card(images, request) for article in articles]


class HomePageProduct(Orderable):
    """A product that the home page shows."""

    home_page = ParentalKey(HomePage, on_delete=models.CASCADE, related_name="featured_products")
    page = models.ForeignKey(ProductPage, on_delete=models.CASCADE, related_name="+")

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
    page = models.ForeignKey(PackagePage, on_delete=models.CASCADE, related_name="+")

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
        return context


def _ways_into_the_shop(request: HttpRequest) -> tuple[str, list[CategoryLink]]:
    """The address of the whole shop, and its categories."""
    catalog = CatalogPage.objects.live().public().order_by("path").first()
    if catalog is None:
        return "", []
    categories = CategoryPage.objects.child_of(catalog).live().public().order_by("path")
    return catalog.get_url(request) or "", [
        CategoryLink(page.title, page.blurb, page.get_url(request) or "") for page in categories
    ]


def _concerns(catalog_url: str) -> list[ConcernLink]:
    if not catalog_url:
        return []
    return [
        ConcernLink(concern.name, concern.blurb, f"{catalog_url}?concern={concern.slug}")
        for concern in Concern.objects.all()
    ]
