"""The list of articles."""

from typing import Any, ClassVar

from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel

from blog.models.articles import ArticlePage
from cms import renditions
from cms.models import BasePage

ARTICLES_PER_PAGE = 12


class ArticleIndexPage(BasePage):
    """The guide: all articles, the newest first."""

    intro = models.TextField(blank=True, max_length=600)

    public_parameters: ClassVar = frozenset({"page"})
    content_panels: ClassVar = [*BasePage.content_panels, FieldPanel("intro")]
    subpage_types: ClassVar = ["blog.ArticlePage"]
    max_count = 1
    template = "blog/article_index_page.html"

    class Meta:
        verbose_name = "list of articles"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add ``articles``, their cards, and ``articles_page``, where they stand in the list.

        A page number that is none shows the first page, one that is too high the last.
        """
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        articles = ArticlePage.objects.child_of(self).readable().with_reviewers().newest_first()
        paginator = Paginator(articles, ARTICLES_PER_PAGE)
        pages = paginator.get_page(request.GET.get("page"))
        images = renditions.load({page.hero_image_id for page in pages if page.hero_image_id})
        context["articles_page"] = pages
        context["articles"] = [page.card(images, request) for page in pages]
        return context
