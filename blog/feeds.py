"""The guide as feeds: RSS 2.0, Atom 1.0 and JSON Feed 1.1, of everything, a topic or an author.

One source for all three, told from the pages themselves; nobody's e-mail address is in any.
https://www.rssboard.org/rss-specification, RFC 4287, https://www.jsonfeed.org/version/1.1/
"""

import datetime as dt
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Enclosure, Rss201rev2Feed, SyndicationFeed
from django.utils.html import strip_spaces_between_tags

from blog.models import ArticlePage, Person, Topic
from cms import renditions
from cms.models import CustomImage
from cms.pictures import FALLBACK_WIDTH, filter_spec
from cms.structured_data import absolute

ENTRIES: Final = 30
# XML 1.0 has no way to write these, not even escaped.
_UNSPEAKABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_OWN_LINK = re.compile(r'(?<=[\s"])(href|src)="/(?!/)')
# Scripts, forms and what only a page of ours can show have no place in a reader's program.
_DROPPED = re.compile(
    r"<(script|style|form|button|dialog|template)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE
)
_PICTURE_LISTS = re.compile(r'\s(?:srcset|sizes)="[^"]*"')


@dataclass(frozen=True)
class Entry:
    """One article as a feed tells it; every address is complete."""

    id: str
    url: str
    title: str
    summary: str
    html: str
    author: str
    categories: tuple[str, ...]
    published_at: dt.datetime
    updated_at: dt.datetime
    picture: Enclosure | None


@dataclass(frozen=True)
class Feed:
    """What a feed is about, and its newest entries."""

    title: str
    description: str
    page_url: str
    feed_url: str
    entries: list[Entry]

    @property
    def updated_at(self) -> dt.datetime:
        never = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
        return max((entry.updated_at for entry in self.entries), default=never)


def build(request: HttpRequest, *, about: Topic | Person | None, kind: str, is_full: bool) -> Feed:
    """Read the newest articles of the guide, of a topic or by an author; a handful of queries."""
    articles = ArticlePage.objects.readable().newest_first().select_related("author")
    name = settings.WAGTAIL_SITE_NAME
    title, description = f"{name}: scalp guide", f"New articles about scalp care from {name}."
    if isinstance(about, Topic):
        articles = articles.filter(topics=about)
        title, description = f"{name}: {about.name}", about.description or description
    elif isinstance(about, Person):
        articles = articles.filter(author=about)
        title, description = f"{name}: {about.name}", f"Articles by {about.name}."
    pages = list(articles.prefetch_related("topics")[:ENTRIES])
    images = renditions.load({page.hero_image_id for page in pages if page.hero_image_id})
    address = feed_path(kind, about)
    return Feed(
        title=speakable(title),
        description=speakable(description),
        page_url=f"{settings.SITE_URL}/",
        feed_url=absolute(f"{address}?{urlencode({'full': 1})}" if is_full else address),
        entries=[
            _entry(page, images.get(page.hero_image_id), request, is_full=is_full)
            for page in pages
            if page.first_published_at
        ],
    )


def feed_path(kind: str, about: Topic | Person | None = None) -> str:
    """Return where a feed is.

    :param kind: one of `WRITERS`.
    """
    if isinstance(about, Topic):
        return reverse("blog:topic_feed", args=[about.slug, kind])
    if isinstance(about, Person):
        return reverse("blog:person_feed", args=[about.slug, kind])
    return reverse("blog:guide_feed", args=[kind])


def speakable(text: str) -> str:
    """Leave out what no XML document may contain."""
    return _UNSPEAKABLE.sub("", text)


def _entry(
    page: ArticlePage, image: CustomImage | None, request: HttpRequest, *, is_full: bool
) -> Entry:
    url = absolute(page.get_url(request) or "")
    published: dt.datetime = page.first_published_at
    return Entry(
        id=f"{settings.SITE_URL}/#article-{page.pk}",
        url=url,
        title=speakable(page.title),
        summary=speakable(page.intro),
        html=_full_text(page) if is_full else "",
        author=speakable(page.author.name) if page.author else settings.WAGTAIL_SITE_NAME,
        categories=tuple(speakable(topic.name) for topic in page.topics.all()),
        published_at=published,
        updated_at=max(published, page.last_published_at or published),
        picture=_picture(image),
    )


def _full_text(page: ArticlePage) -> str:
    """Return the body as HTML that stands anywhere: whole addresses, nothing that runs."""
    html = "".join(block.render() for block in page.body)
    lean = _PICTURE_LISTS.sub("", _DROPPED.sub("", html))
    complete = _OWN_LINK.sub(rf'\1="{settings.SITE_URL}/', lean)
    return speakable(strip_spaces_between_tags(complete).strip())


def _picture(image: CustomImage | None) -> Enclosure | None:
    """Return the file for everybody of an article's picture, if it was made."""
    if image is None:
        return None
    spec = filter_spec(FALLBACK_WIDTH, "jpeg", "8:5")
    made = [each for each in image.prefetched_renditions if each.filter_spec == spec]
    if not made:
        return None
    # Feeds are read without opening the file: its length in bytes is not known and may be 0.
    return Enclosure(absolute(made[0].url), "0", "image/jpeg")


def rss(feed: Feed) -> tuple[str, str]:
    """Write a feed as RSS 2.0."""
    return _xml(_ContentRss, feed), "application/rss+xml; charset=utf-8"


def atom(feed: Feed) -> tuple[str, str]:
    """Write a feed as Atom 1.0."""
    return _xml(_ContentAtom, feed), "application/atom+xml; charset=utf-8"


def json_feed(feed: Feed) -> tuple[str, str]:
    """Write a feed as JSON Feed 1.1."""
    items: list[dict[str, Any]] = []
    for entry in feed.entries:
        item = {
            "id": entry.id,
            "url": entry.url,
            "title": entry.title,
            "summary": entry.summary,
            **({"content_html": entry.html} if entry.html else {"content_text": entry.summary}),
            "date_published": entry.published_at.isoformat(),
            "date_modified": entry.updated_at.isoformat(),
            "authors": [{"name": entry.author}],
            "tags": list(entry.categories),
        }
        if entry.picture:
            item["image"] = entry.picture.url
        items.append(item)
    told = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "description": feed.description,
        "home_page_url": feed.page_url,
        "feed_url": feed.feed_url,
        "language": settings.LANGUAGE_CODE,
        "items": items,
    }
    return json.dumps(told, ensure_ascii=False, indent=1), "application/feed+json; charset=utf-8"


WRITERS: Final[dict[str, Callable[[Feed], tuple[str, str]]]] = {
    "rss": rss,
    "atom": atom,
    "json": json_feed,
}


class _ContentRss(Rss201rev2Feed):
    """RSS 2.0 with the whole text beside the summary, as readers' programs look for it."""

    def rss_attributes(self) -> dict[str, str]:
        return {**super().rss_attributes(), "xmlns:content": _CONTENT, "xmlns:dc": _DC}

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("dc:creator", item["told_by"])
        if item["html"]:
            handler.addQuickElement("content:encoded", item["html"])


class _ContentAtom(Atom1Feed):
    """Atom 1.0 with the whole text beside the summary."""

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        if item["html"]:
            handler.addQuickElement("content", item["html"], {"type": "html"})


_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_DC = "http://purl.org/dc/elements/1.1/"


def _xml(kind: type[SyndicationFeed], feed: Feed) -> str:
    is_rss = issubclass(kind, Rss201rev2Feed)
    written = kind(
        title=feed.title,
        link=feed.page_url,
        description=feed.description,
        language=settings.LANGUAGE_CODE,
        feed_url=feed.feed_url,
        subtitle=None if is_rss else feed.description,
    )
    for entry in feed.entries:
        _add(written, entry, is_rss=is_rss)
    return str(written.writeString("utf-8"))


def _add(written: SyndicationFeed, entry: Entry, *, is_rss: bool) -> None:
    enclosures: Iterable[Enclosure] = [entry.picture] if entry.picture else []
    written.add_item(
        title=entry.title,
        link=entry.url,
        description=entry.summary,
        unique_id=entry.id,
        unique_id_is_permalink=False,
        # RSS's own author element is an e-mail address; `dc:creator` is a name.
        author_name=None if is_rss else entry.author,
        pubdate=entry.published_at,
        updateddate=entry.updated_at,
        categories=list(entry.categories),
        enclosures=list(enclosures),
        html=entry.html,
        told_by=entry.author,
    )
