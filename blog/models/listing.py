"""The guide: its articles, topic by topic, and the people behind them."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from taggit.models import Tag
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path

from blog import structured_data
from blog.models.articles import ArticlePage, ArticleQuerySet
from blog.models.people import Person
from blog.models.topics import Topic
from blog.paging import NearPaginator
from cms import renditions
from cms.models import BasePage
from cms.structured_data import Thing, absolute, breadcrumbs, script

ARTICLES_PER_PAGE = 12
REVIEWED_SHOWN = 6


@dataclass(frozen=True)
class Place:
    """A page of the guide under an address of its own, such as a topic's."""

    url: str
    title: str
    description: str
    things: list[Thing] = field(default_factory=list)

    @property
    def full_url(self) -> str:
        return absolute(self.url)


class ArticleIndexPage(RoutablePageMixin, BasePage):
    """The guide: all articles, the newest first, and its further pages under its address."""

    intro = models.TextField(blank=True, max_length=600)

    public_parameters: ClassVar = frozenset({"page"})
    content_panels: ClassVar = [*BasePage.content_panels, FieldPanel("intro")]
    subpage_types: ClassVar = ["blog.ArticlePage"]
    max_count = 1
    template = "blog/article_index_page.html"

    class Meta:
        verbose_name = "list of articles"

    @path("", name="index_route")
    def newest(self, request: HttpRequest) -> HttpResponseBase:
        """List all articles, the newest first."""
        return self._answer(request, self.template, articles=self._listed(request))

    @path("topics/", name="topics")
    @path("tags/", name="tags")
    def lead_to_all(self, request: HttpRequest) -> HttpResponseBase:
        """The guide itself lists its topics."""
        return redirect(self.get_url(request) or "/", permanent=True)

    @path("topics/<slug:slug>/", name="topic")
    def of_topic(self, request: HttpRequest, slug: str) -> HttpResponseBase:
        """List the articles of a topic."""
        topic = get_object_or_404(Topic, slug=slug)
        place = self._place(request, f"topics/{slug}/", topic.name, topic.description)
        articles = self._listed(request, topics=topic)
        return self._answer(request, "blog/topic.html", place=place, topic=topic, articles=articles)

    @path("tags/<slug:slug>/", name="tag")
    def of_tag(self, request: HttpRequest, slug: str) -> HttpResponseBase:
        """List the articles that carry a tag; a tag that none does has no page."""
        tag = get_object_or_404(Tag, slug=slug)
        articles = self._listed(request, tagged_items__tag=tag)
        if not articles["cards"]:
            raise Http404
        place = self._place(request, f"tags/{slug}/", tag.name, "")
        return self._answer(request, "blog/topic.html", place=place, articles=articles)

    @path("people/", name="people")
    def everybody(self, request: HttpRequest) -> HttpResponseBase:
        """Name everybody who wrote or reviewed something that can be read."""
        people = list(_known_people())
        images = renditions.load({each.portrait_id for each in people if each.portrait_id})
        for each in people:
            each.portrait = images.get(each.portrait_id or 0)
        place = self._place(request, "people/", "Who writes and checks the guide", "")
        return self._answer(request, "blog/people.html", place=place, people=people)

    @path("people/<slug:slug>/", name="person")
    def of_person(self, request: HttpRequest, slug: str) -> HttpResponseBase:
        """Tell of somebody, and list what they wrote and reviewed."""
        person = get_object_or_404(_known_people(), slug=slug)
        written = self._listed(request, author=person)
        reviewed = self._listed(request, reviewer=person)
        if written["cards"]:
            reviewed["cards"] = reviewed["cards"][:REVIEWED_SHOWN]
        portrait = renditions.load({person.portrait_id} if person.portrait_id else set())
        person.portrait = portrait.get(person.portrait_id or 0)
        url = self.get_url(request) or ""
        place = self._place(
            request,
            f"people/{slug}/",
            person.name,
            person.role,
            above=[("Who writes and checks the guide", f"{url}people/")],
            things=[structured_data.profile(person, url)],
        )
        return self._answer(
            request,
            "blog/person.html",
            place=place,
            person=person,
            articles=written,
            reviewed=reviewed,
        )

    def _answer(self, request: HttpRequest, template: str, **shown: Any) -> HttpResponseBase:
        """Show a page of the guide with the topics that lead through it."""
        place: Place | None = shown.get("place")
        url = self.get_url(request) or ""
        shown["topics"] = _topics()
        shown["guide_url"] = url
        if place is not None:
            shown["structured_data"] = script(place.things)
        answer: HttpResponseBase = self.render(request, template=template, context_overrides=shown)
        return answer

    def _place(
        self,
        request: HttpRequest,
        under: str,
        title: str,
        description: str,
        *,
        above: list[tuple[str, str]] | None = None,
        things: list[Thing] | None = None,
    ) -> Place:
        url = f"{self.get_url(request) or ''}{under}"
        crumbs = [*self.crumbs(request), (self.title, self.get_url(request) or ""), *(above or [])]
        way = breadcrumbs(crumbs, title, url)
        return Place(url, title, description, [*(things or []), way])

    def _listed(self, request: HttpRequest, **among: Any) -> dict[str, Any]:
        """Return `cards` of articles, and the `page` of the list that they are.

        A page number that is none shows the first page, one that is too high the last.
        """
        articles = _readable().filter(**among)
        number = request.GET.get("page")
        page = NearPaginator(articles, ARTICLES_PER_PAGE, asked=number).get_page(number)
        images = renditions.load({each.hero_image_id for each in page if each.hero_image_id})
        return {"cards": [each.card(images, request) for each in page], "page": page}


def _readable() -> ArticleQuerySet:
    """All there are: a shop has one guide."""
    articles: ArticleQuerySet = ArticlePage.objects.readable().for_cards().newest_first()
    return articles


def _topics() -> QuerySet[Topic]:
    """Those under which something can be read."""
    listed = ArticlePage.objects.readable().filter(topics=OuterRef("pk")).order_by()
    # One article is enough; asked whether any exists, PostgreSQL looks at all of them.
    one = Subquery(listed.values("pk")[:1])
    return Topic.objects.alias(one=one).filter(one__isnull=False)


def _known_people() -> QuerySet[Person]:
    """Those whose name stands under something that can be read."""
    named = ArticlePage.objects.readable().order_by()
    return Person.objects.filter(
        Q(Exists(named.filter(author=OuterRef("pk"))))
        | Q(Exists(named.filter(reviewer=OuterRef("pk"))))
    )
