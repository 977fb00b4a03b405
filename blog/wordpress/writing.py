"""Write the page of one post, its redirect, and the note of where it came from."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from taggit.models import Tag
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Revision

from accounts.models import User
from blog.models import ArticlePage, ArticleTag, ImportedPost, Person, Topic
from blog.review.answers import let_through
from blog.wordpress.discussions import PreparedComment
from blog.wordpress.page_rows import add_drafts
from blog.wordpress.plan import Shelf
from freshness.changes import SITE, changed

LONGEST_PATH = 255


@dataclass(frozen=True)
class PreparedPost:
    """All that a page is made of, and what was said below it; pictures alone are stored."""

    number: int
    slug: str
    link: str
    fields: Mapping[str, Any]
    body: list[dict[str, Any]]
    state: str
    is_public: bool = False
    author: Person | None = None
    topics: list[Topic] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)
    published_at: dt.datetime | None = None
    go_live_at: dt.datetime | None = None
    comments: Sequence[PreparedComment] = ()

    def fingerprint(self) -> str:
        """Name what would be written: it differs when the post, or a file it shows, has changed."""
        said = {
            **self.fields,
            "body": self.body,
            "state": self.state,
            "author": self.author.pk if self.author else None,
            "topics": sorted(topic.pk for topic in self.topics),
            "tags": sorted(tag.pk for tag in self.tags),
            "published_at": str(self.published_at),
            "go_live_at": str(self.go_live_at),
        }
        written = json.dumps(said, sort_keys=True, ensure_ascii=True)
        return hashlib.sha256(written.encode()).hexdigest()


def add(
    posts: Sequence[PreparedPost], shelf: Shelf, *, site: str, by: User | None, at: dt.datetime
) -> list[Page]:
    """Add the pages of posts as drafts, in the caller's transaction."""
    pages = [_new_page(post, shelf, by=by) for post in posts]
    add_drafts(pages, shelf.parent, by=by, at=at)
    ImportedPost.objects.bulk_create(
        ImportedPost(
            site=site,
            number=post.number,
            page_id=page.pk,
            fingerprint=post.fingerprint(),
            revision=page.latest_revision_id,
            imported_at=at,
        )
        for post, page in zip(posts, pages, strict=True)
    )
    lead_on({post.link: page for post, page in zip(posts, pages, strict=True)})
    return pages


def update(
    post: PreparedPost, page_id: int, *, site: str, by: User | None, at: dt.datetime
) -> Revision:
    """Write what a post has become as a new draft of its page; what is published stays."""
    page = Page.objects.get(pk=page_id).specific.get_latest_revision_as_object()
    _fill(page, post)
    revision: Revision = page.save_revision(user=by, clean=False)
    ImportedPost.objects.filter(site=site, number=post.number).update(
        fingerprint=post.fingerprint(), revision=revision.pk, imported_at=at
    )
    return revision


def publish(page: Page, *, reason: str, by: User, at: dt.datetime) -> None:
    """Publish the page of a post that was public, or plan it as it was planned there.

    An article is let through without a clinical review, for a reason that is kept; it names no
    reviewer.

    :raises ClaimsRefused: if it says what nobody has allowed.
    """
    if isinstance(page, ArticlePage):
        let_through(page=page, reason=reason, at=at, by=by)
    Revision.objects.get(pk=page.latest_revision_id).publish(user=by)


def lead_on(pages: Mapping[str, Page]) -> None:
    """Lead from posts' old paths to their pages, unless something is there already."""
    by_path = {redirect_path(link): page for link, page in pages.items()}
    wanted = {
        path: page
        for path, page in by_path.items()
        if path and path != (page.url or "").rstrip("/")
    }
    there = Redirect.objects.filter(old_path__in=wanted).values_list("old_path", flat=True)
    missing = wanted.keys() - set(there)
    Redirect.objects.bulk_create(
        Redirect(old_path=path, redirect_page=wanted[path], is_permanent=True)
        for path in sorted(missing)
    )
    if missing:
        changed(SITE)


def redirect_path(link: str) -> str:
    """The path that a redirect can lead on from; nothing for `/?p=12`, where the home page is."""
    try:
        path = unquote(urlsplit(link).path)
    except ValueError:
        return ""
    normal: str = Redirect.normalise_path(path) if path.strip("/") else ""
    return normal if 1 < len(normal) <= LONGEST_PATH else ""


def _new_page(post: PreparedPost, shelf: Shelf, *, by: User | None) -> Any:
    page = shelf.model(slug=post.slug, live=False, owner=by)
    _fill(page, post)
    page.first_published_at = post.published_at
    return page


def _fill(page: Page, post: PreparedPost) -> None:
    for name, value in post.fields.items():
        setattr(page, name, value)
    page.draft_title = page.title
    page.body = json.dumps(post.body)
    page.go_live_at = post.go_live_at
    if isinstance(page, ArticlePage):
        page.author = post.author
        page.topics = post.topics
        page.tagged_items = [ArticleTag(tag=tag) for tag in post.tags]
        page.count_reading_minutes()
