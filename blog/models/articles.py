"""Articles: what the clinic teaches, with names and sources behind it."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.admin.panels import (
    FieldPanel,
    InlinePanel,
    MultiFieldPanel,
    PageChooserPanel,
)
from wagtail.fields import StreamField
from wagtail.models import (
    Orderable,
    Page,
    PageManager,
    PageQuerySet,
    PageViewRestriction,
)
from wagtail.search import index

from blog import newsletter_consent, structured_data
from blog.blocks import SourceBlock
from blog.cards import ArticleCard
from blog.models.people import Person
from blog.models.reviewed import ReviewedPage
from blog.models.topics import ArticleTag, Topic
from blog.newsletter_forms import SignUpForm
from blog.reading import reading_minutes
from blog.review.panels import ReviewPanel
from catalog.cards import cards_for_pages
from cms import renditions
from cms.blocks import BodyBlock
from cms.models import BasePage, CustomImage
from cms.structured_data import breadcrumbs, script


class ArticleQuerySet(PageQuerySet):
    def readable(self) -> "ArticleQuerySet":
        """Those that everybody may read; one query, where ``public()`` takes two."""
        # The path of a page begins with the paths of all pages above it.
        path = ExpressionWrapper(OuterRef("path"), output_field=models.CharField())
        restrictions = PageViewRestriction.objects.annotate(shown_path=path)
        above = restrictions.filter(shown_path__startswith=F("page__path"))
        pages: ArticleQuerySet = self.live().filter(~Exists(above))
        if settings.ARTICLES_NEED_REVIEW:
            pages = pages.filter(approval__isnull=False)
        return pages

    def with_reviewers(self) -> "ArticleQuerySet":
        """Read along who reviewed them, as cards say."""
        joined: ArticleQuerySet = self.select_related("reviewer")
        return joined

    def newest_first(self) -> "ArticleQuerySet":
        ordered: ArticleQuerySet = self.order_by("-first_published_at", "-pk")
        return ordered


class ArticlePage(ReviewedPage):
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
    # A draft may wait for its author; an article that is published has one.
    author = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="written_articles"
    )
    topics = ParentalManyToManyField(Topic, blank=True, related_name="articles")
    tags = ClusterTaggableManager(through=ArticleTag, blank=True)
    sources = StreamField([("source", SourceBlock())], blank=True)
    reading_minutes = models.PositiveSmallIntegerField(default=1, editable=False)

    objects = PageManager.from_queryset(ArticleQuerySet)()

    content_panels: ClassVar = [
        ReviewPanel(heading="Clinical review"),
        *BasePage.content_panels,
        MultiFieldPanel([FieldPanel("hero_image"), FieldPanel("intro")], "Top of the page"),
        FieldPanel("body"),
        FieldPanel("sources"),
        InlinePanel("related_pages", label="Page", heading="Products and packages", max_num=6),
    ]
    promote_panels: ClassVar = [
        FieldPanel("author"),
        MultiFieldPanel(
            [
                FieldPanel("topics", widget=forms.CheckboxSelectMultiple),
                FieldPanel("tags"),
            ],
            "What it is about",
        ),
        *BasePage.promote_panels,
    ]
    search_fields: ClassVar = [
        *BasePage.search_fields,
        index.SearchField("intro"),
        index.SearchField("body"),
        index.RelatedFields("author", [index.SearchField("name")]),
        index.RelatedFields("topics", [index.SearchField("name")]),
        index.RelatedFields("tags", [index.SearchField("name")]),
    ]
    parent_page_types: ClassVar = ["blog.ArticleIndexPage"]
    subpage_types: ClassVar[list[str]] = []
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
        self._load_pictures()
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["related"] = cards_for_pages(self._related_pages(), timezone.now(), request=request)
        way = breadcrumbs(context["crumbs"], self.title, self.get_url(request) or "")
        reviewed = structured_data.review(self, request)
        told = [structured_data.article(self, request), *reviewed, way]
        context["structured_data"] = script(told)
        context["markdown_url"] = self.markdown_url(request)
        context["sign_up"] = SignUpForm(initial={"source": self.get_url(request) or ""})
        context["consent_text"] = newsletter_consent.text()
        return context

    def markdown_url(self, request: HttpRequest | None = None) -> str:
        """Where the article's Markdown twin is: its own address with `.md` for the last slash."""
        path = (self.get_url(request) or "").strip("/")
        return reverse("blog:article_markdown", args=[path]) if path else ""

    def card(
        self, images: Mapping[int, CustomImage], request: HttpRequest | None = None
    ) -> ArticleCard:
        """The article as a list shows it; no query if it was read `with_reviewers`.

        :param images: those that were loaded, this one's picture among them.
        """
        image = images.get(self.hero_image_id or 0)
        reviewer: Person | None = self.reviewer
        return ArticleCard(
            url=self.get_url(request) or "",
            title=self.title,
            intro=self.intro,
            image=image,
            image_alt=image.default_alt_text if image else "",
            reviewer_name=reviewer.name if reviewer else "",
            published_at=self.first_published_at,
            reading_minutes=self.reading_minutes,
        )

    def _load_pictures(self) -> None:
        """Read all pictures of the page with their sizes, so that showing them asks nothing."""
        in_body = renditions.pictured_in(self.body)
        wanted = {image.pk for image in in_body} | {self.hero_image_id}
        loaded = renditions.load({pk for pk in wanted if pk})
        renditions.attach(in_body, loaded)
        self.hero_image = loaded.get(self.hero_image_id)

    def _related_pages(self) -> list[Page]:
        """The chosen pages that everybody may see, in the order they were chosen."""
        chosen = [link.page_id for link in self.related_pages.all()]
        visible = Page.objects.live().public().in_bulk(chosen)
        return [visible[pk] for pk in chosen if pk in visible]


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
