"""Everything that stands in and around an article, read in a fixed number of queries."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import CharField, Exists, F, Value
from django.http import HttpRequest
from taggit.models import Tag
from wagtail.models import Page

from blog import article_body, shop_cards, structured_data
from blog.article_body import ArticleBody
from blog.cards import ArticleCard, Label
from blog.models.likeness import ArticleLikeness
from blog.models.topics import Topic
from blog.named import Named, named_in
from blog.neighbours import Neighbours, around
from catalog import cards, sharing
from catalog.models import Offer
from catalog.offer_views import offers_by_page
from cms import page_links, renditions
from cms.models import CustomImage
from cms.structured_data import Thing, breadcrumbs, script
from cms.visible import hidden_pages
from freshness.answers import shows

if TYPE_CHECKING:
    from blog.models import ArticlePage


@dataclass(frozen=True, slots=True)
class NumberedSource:
    """A source with the places in the text that refer to it."""

    number: int
    block: Any
    mentions: range


@dataclass(frozen=True)
class _Read:
    """What was read for a page, before anything is built of it."""

    named: Named
    related: list[int]
    rows: list[Any]
    offers: dict[int, list[Offer]]
    pages: dict[int, Page]
    near: Neighbours

    def image_ids(self, page: "ArticlePage") -> set[int]:
        """Return every picture that the page shows."""
        articles = [page, *self.near.related]
        ids = {each.hero_image_id for each in articles} | self.named.images
        ids |= {each.treatmentpage.hero_image_id for each in self.treatments().values()}
        ids |= {person.portrait_id for person in (page.author, page.reviewer) if person}
        return {pk for pk in ids if pk} | cards.image_ids(self.rows)

    def treatments(self) -> dict[int, Any]:
        """Return the treatments that are offered and whose pages everybody may see."""
        found: dict[int, Any] = {}
        for pk in self.named.treatments:
            page: Any = self.pages.get(pk)
            if page is None or page.is_hidden or not hasattr(page, "treatmentpage"):
                continue
            if page.treatmentpage.treatment.is_active:
                found[pk] = page
        return found


def shown(
    page: "ArticlePage",
    request: HttpRequest,
    crumbs: Sequence[tuple[str, str]],
    *,
    at: dt.datetime,
    comment_count: int,
) -> dict[str, Any]:
    """Return what the article's template shows; the template itself asks nothing."""
    shows(ArticleLikeness.tag(page.pk))
    read = _read(page, at)
    guide_url = crumbs[-1][1] if crumbs else ""
    with renditions.reading_together(read.image_ids(page)) as images:
        _hang_pictures(page, images)
        body = _body(page, read, images, request)
        related = [row for pk in read.related for row in read.rows if row.pk == pk]
        way = breadcrumbs(crumbs, page.title, page.get_url(request) or "")
        return {
            "body": body,
            "sources": _sources(page, body),
            "related": cards.build(related, read.offers, images, request=request),
            "read_next": [each.card(images, request) for each in read.near.related],
            "previous_article": _face(read.near.previous, request),
            "following_article": _face(read.near.following, request),
            "labels": labels(page, guide_url, is_preview=getattr(request, "is_preview", False)),
            "guide_url": guide_url,
            "share": sharing.links(page.title, page.get_full_url(request) or ""),
            "structured_data": script([*_told(page, request, guide_url, comment_count), way]),
        }


def _told(
    page: "ArticlePage", request: HttpRequest, guide_url: str, comment_count: int
) -> list[Thing]:
    article = structured_data.article(page, request, guide_url) | {"commentCount": comment_count}
    return [article, *structured_data.review(page, request, guide_url)]


def labels(page: "ArticlePage", guide_url: str, *, is_preview: bool) -> list[Label]:
    """Name the article's topics, then its tags, with their addresses; one query."""
    if is_preview or not page.pk:
        rows = [("topics", each.name, each.slug) for each in page.topics.all()]
        rows += [("tags", each.name, each.slug) for each in page.tags.all()]
    else:
        topics = _words(Topic.objects.filter(articles=page.pk), "topics", F("sort_order"))
        tags = _words(Tag.objects.filter(blog_articletag_items__content_object=page.pk), "tags")
        found = sorted(topics.union(tags), key=lambda row: (row[0] == "tags", *row[1:]))
        rows = [(kind, name, slug) for kind, _, name, slug in found]
    return [Label(kind, name, f"{guide_url}{kind}/{slug}/") for kind, name, slug in rows]


def _words(rows: Any, kind: str, place: Any = None) -> Any:
    return (
        rows.order_by()
        .annotate(kind=Value(kind, output_field=CharField()), place=place or Value(0))
        .values_list("kind", "place", "name", "slug")
    )


def _read(page: "ArticlePage", at: dt.datetime) -> _Read:
    named = named_in(page.body)
    related = page.sold_page_ids()
    rows = shop_cards.rows({*named.sold, *related})
    return _Read(
        named=named,
        related=related,
        rows=rows,
        offers=offers_by_page([row.pk for row in rows], at) if rows else {},
        pages=_pages(named),
        near=around(page, page.picked_and_alike()),
    )


def _pages(named: Named) -> dict[int, Page]:
    """Read the pages that the text leads to, and those of the treatments in it; one query."""
    ids = named.links | set(named.treatments)
    if not ids:
        return {}
    pages = Page.objects.live().filter(pk__in=ids).annotate(is_hidden=Exists(hidden_pages()))
    return {page.pk: page for page in pages.select_related("treatmentpage__treatment")}


def _hang_pictures(page: "ArticlePage", images: Mapping[int, CustomImage]) -> None:
    page.hero_image = images.get(page.hero_image_id or 0)
    for person in (page.author, page.reviewer):
        if person is not None:
            person.portrait = images.get(person.portrait_id or 0)


def _body(
    page: "ArticlePage", read: _Read, images: Mapping[int, CustomImage], request: HttpRequest
) -> ArticleBody:
    treatments = {pk: each.treatmentpage for pk, each in read.treatments().items()}
    for treatment in treatments.values():
        treatment.hero_image = images.get(treatment.hero_image_id or 0)
    context = {
        "request": request,
        "page": page,
        "shop_cards": shop_cards.build(read.rows, read.offers, images, request=request),
        "treatment_pages": treatments,
    }
    with page_links.knowing(read.pages, read.named.links):
        return article_body.render(page.body, context, sources=len(page.sources))


def _sources(page: "ArticlePage", body: ArticleBody) -> list[NumberedSource]:
    return [
        NumberedSource(number, block, range(1, body.mentions[number] + 1))
        for number, block in enumerate(page.sources, start=1)
    ]


def _face(article: "ArticlePage | None", request: HttpRequest) -> ArticleCard | None:
    return article.card({}, request) if article is not None else None
