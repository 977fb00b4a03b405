"""Articles: what the clinic teaches, with names and sources behind it."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    PageChooserPanel,
)
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page, PageManager, PageQuerySet
from wagtail.search import index

from blog import structured_data
from blog.blocks import SourceBlock
from blog.cards import ArticleCard
from blog.reading import reading_minutes
from catalog.cards import cards_for_pages
from cms.blocks import BodyBlock
from cms.models import BasePage


class ArticleQuerySet(PageQuerySet):
    def readable(self) -> "ArticleQuerySet":
        """Those that everybody may read, each with its picture."""
        pages: ArticleQuerySet = self.live().public()
        return pages.select_related("hero_image").prefetch_related("hero_image__renditions")

    def newest_first(self) -> "ArticleQuerySet":
        ordered: ArticleQuerySet = self.order_by("-first_published_at", "-pk")
        return ordered


class ArticlePage(BasePage):
    """One article, by a named author and with its sources."""

    intro = models.TextField(max_length=400)
    hero_image = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    body = StreamField(BodyBlock(), blank=True)
    author_name = models.CharField("author", max_length=120)
    author_role = models.CharField(max_length=120, blank=True)
    reviewer_name = models.CharField("clinical reviewer", max_length=120, blank=True)
    reviewer_role = models.CharField(max_length=120, blank=True)
    last_reviewed_on = models.DateField(null=True, blank=True)
    next_review_on = models.DateField(null=True, blank=True)
    sources = StreamField([("source", SourceBlock())], blank=True)
    reading_minutes = models.PositiveSmallIntegerField(default=1, editable=False)

    objects = PageManager.from_queryset(ArticleQuerySet)()

    content_panels: ClassVar = [
        *BasePage.content_panels,
        MultiFieldPanel([FieldPanel("hero_image"), FieldPanel("intro")], "Top of the page"),
        FieldPanel("body"),
        FieldPanel("sources"),
        InlinePanel("related_pages", label="Page", heading="Products and packages", max_num=6),
    ]
    promote_panels: ClassVar = [
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("author_name"), FieldPanel("author_role")]),
                FieldRowPanel([FieldPanel("reviewer_name"), FieldPanel("reviewer_role")]),
                FieldRowPanel([FieldPanel("last_reviewed_on"), FieldPanel("next_review_on")]),
            ],
            "Author and review",
        ),
        *BasePage.promote_panels,
    ]
    search_fields: ClassVar = [
        *BasePage.search_fields,
        index.SearchField("intro"),
        index.SearchField("body"),
        index.SearchField("author_name"),
    ]
    parent_page_types: ClassVar = ["blog.ArticleIndexPage"]
    subpage_types: ClassVar = []
    template = "blog/article_page.html"

    class Meta:
        verbose_name = "article"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(next_review_on__isnull=True)
                | Q(last_reviewed_on__isnull=True)
                | Q(next_review_on__gt=models.F("last_reviewed_on")),
                name="article_is_reviewed_again_later",
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the article with the time it takes to read."""
        parts = self.body.stream_block.get_searchable_content(self.body)
        self.reading_minutes = reading_minutes([self.intro, *parts])
        super().save(*args, **kwargs)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add ``related`` cards and ``structured_data``, a script element of JSON-LD."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["related"] = cards_for_pages(self._related_pages(), timezone.now())
        context["structured_data"] = structured_data.ld_json(structured_data.article(self, request))
        return context

    def card(self, request: HttpRequest | None = None) -> ArticleCard:
        """The article as a list shows it; no query when it was found by ``readable()``."""
        return ArticleCard(
            url=self.get_url(request),
            title=self.title,
            intro=self.intro,
            image=self.hero_image,
            author_name=self.author_name,
            published_at=self.first_published_at,
            reading_minutes=self.reading_minutes,
        )

    def _related_pages(self) -> list[Page]:
        """The chosen pages that everybody may see, in the order they were chosen."""
        chosen = [link.page_id for link in self.related_pages.all()]
        pages = {
            page.pk: page for page in Page.objects.live().public().filter(pk__in=chosen).specific()
        }
        return [pages[pk] for pk in chosen if pk in pages]


class ArticleRelatedPage(Orderable):
    """A product or package page that an article leads to."""

    article = ParentalKey(ArticlePage, on_delete=models.CASCADE, related_name="related_pages")
    page = models.ForeignKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="+")

    panels: ClassVar = [PageChooserPanel("page", ["catalog.ProductPage", "catalog.PackagePage"])]

    class Meta(Orderable.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["article", "page"], name="article_leads_to_a_page_once"
            ),
        ]

    def __str__(self) -> str:
        return f"Related page {self.pk}"
