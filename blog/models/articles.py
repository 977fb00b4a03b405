"""Articles: what the clinic teaches, with names and sources behind it."""

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
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
    PageManager,
    PageQuerySet,
)
from wagtail.search import index

from blog import article_page, newsletter_consent
from blog.article_body import marks_in
from blog.blocks import ArticleBodyBlock, PageNumberBlock, SourceBlock
from blog.cards import ArticleCard
from blog.comments import threads
from blog.comments.forms import CommentForm
from blog.models.likeness import ArticleLikeness
from blog.models.people import Person
from blog.models.reviewed import ReviewedPage
from blog.models.topics import ArticleTag, Topic
from blog.newsletter_forms import SignUpForm
from blog.reading import reading_minutes
from blog.review.panels import ReviewPanel
from cms.models import BasePage, CustomImage
from cms.row_lists import row_list, unpacked
from cms.visible import public

INTRO_HELP = "What readers will know afterwards, in a sentence or two. Lists and mails show it too."


class ArticleQuerySet(PageQuerySet):
    def readable(self) -> "ArticleQuerySet":
        """Those that everybody may read."""
        pages: ArticleQuerySet = public(self)
        if settings.ARTICLES_NEED_REVIEW:
            pages = pages.filter(approval__isnull=False)
        return pages

    def with_reviewers(self) -> "ArticleQuerySet":
        """Read along who reviewed them, as cards say."""
        joined: ArticleQuerySet = self.select_related("reviewer")
        return joined

    def for_cards(self) -> "ArticleQuerySet":
        """Read what cards say, and leave out the texts."""
        light: ArticleQuerySet = self.with_reviewers().defer("body", "sources", "read_next")
        return light

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
    body = StreamField(ArticleBodyBlock(), blank=True)
    # A draft may wait for its author; an article that is published has one.
    author = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="written_articles"
    )
    topics = ParentalManyToManyField(Topic, blank=True, related_name="articles")
    tags = ClusterTaggableManager(through=ArticleTag, blank=True)
    sources = StreamField(
        [("source", SourceBlock())],
        blank=True,
        help_text="Write [1] in the text where the first source stands behind what you say.",
    )
    read_next = StreamField(
        [("article", PageNumberBlock(page_type="blog.ArticlePage", label="Article"))],
        null=True,
        blank=True,
        max_num=3,
        verbose_name="articles to read next",
        help_text="Shown before those that the shop finds by topic and words.",
    )
    reading_minutes = models.PositiveSmallIntegerField(default=1, editable=False)
    takes_comments = models.BooleanField(
        "readers may comment",
        default=True,
        db_default=True,
        help_text="Off: comments that are public stay, nobody adds another.",
    )

    # Read with the page when it is asked for by its address.
    read_along: ClassVar = ("author", "reviewer", "likeness")

    objects = PageManager.from_queryset(ArticleQuerySet)()

    public_parameters: ClassVar = frozenset({threads.PARAMETER})
    content_panels: ClassVar = [
        ReviewPanel(heading="Clinical review"),
        *BasePage.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("hero_image", heading="Picture"),
                FieldPanel("intro", help_text=INTRO_HELP),
            ],
            "Top of the page",
        ),
        FieldPanel("body"),
        FieldPanel("sources"),
        InlinePanel("related_pages", label="Page", heading="Products and packages", max_num=6),
        FieldPanel("read_next"),
    ]
    promote_panels: ClassVar = [
        FieldPanel("author", help_text="Who answers for the words. People are kept under Guide."),
        MultiFieldPanel(
            [
                FieldPanel("topics", widget=forms.CheckboxSelectMultiple),
                FieldPanel("tags"),
            ],
            "What it is about",
        ),
        MultiFieldPanel([FieldPanel("takes_comments")], "Comments"),
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
        # The order in which reviews are due.
        indexes: ClassVar = [
            models.Index(fields=["next_review_on", "page_ptr"], name="article_by_next_review"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(next_review_on__isnull=True)
                | Q(last_reviewed_on__isnull=True)
                | Q(next_review_on__gt=models.F("last_reviewed_on")),
                name="article_is_reviewed_again_later",
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the article with the time it takes to read; the worker compares it anew."""
        self.count_reading_minutes()
        super().save(*args, **kwargs)
        if kwargs.get("update_fields") is None:
            ArticleLikeness.objects.update_or_create(article=self, defaults={"reckoned_at": None})

    def count_reading_minutes(self) -> None:
        """Work out how long the text takes to read."""
        parts = self.body.stream_block.get_searchable_content(self.body)
        self.reading_minutes = reading_minutes([self.intro, *parts])

    def clean(self) -> None:
        """Refuse references to sources that are not listed, except in a draft that is kept.

        Without a list, such as where a text from elsewhere ends with notes of its own, a number
        is a word like any other.
        """
        super().clean()
        if self.is_being_drafted or not len(self.sources):
            return
        text = json.dumps(self.body.get_prep_value(), ensure_ascii=False, default=str)
        lost = {number for number in marks_in(text) if number > len(self.sources)}
        if lost:
            named = ", ".join(f"[{number}]" for number in sorted(lost))
            raise ValidationError({"sources": f"The text refers to {named}: add that source."})

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add what stands in and around the article, see `article_page.shown`."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        at = timezone.now()
        discussion = threads.discussion(
            self,
            page=threads.page_number(request.GET.get(threads.PARAMETER)),
            at=at,
            since=self.as_of,
        )
        context["discussion"] = discussion
        context["comment_form"] = CommentForm() if discussion.are_open and self.pk else None
        context["markdown_url"] = self.markdown_url(request)
        context["sign_up"] = SignUpForm(initial={"source": self.get_url(request) or ""})
        context["consent_text"] = newsletter_consent.text()
        return context | article_page.shown(
            self, request, context["crumbs"], at=at, comment_count=discussion.total
        )

    @classmethod
    def lists_along(cls) -> dict[str, Subquery]:
        own = ArticleRelatedPage.objects.filter(article=OuterRef("pk"))
        return {"related": row_list(own, Coalesce("sort_order", Value(0)), "pk", "page_id")}

    def sold_page_ids(self) -> list[int]:
        """Number the products and packages that are shown below the article, in their order."""
        if "related" not in self.along:
            return [link.page_id for link in self.related_pages.all()]
        return [page for _, _, page in unpacked(self.along["related"])]

    def picked_and_alike(self) -> list[int]:
        """Number the articles to read next: those chosen by hand, then those found alike."""
        picked = [block.value for block in self.read_next if block.value]
        likeness: ArticleLikeness | None = getattr(self, "likeness", None) if self.pk else None
        return [*picked, *(likeness.others if likeness else [])]

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
