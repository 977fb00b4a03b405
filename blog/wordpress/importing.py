"""Bring the posts and pages of an export in, some at a time, so that a kill loses next to nothing.

Everything is converted and every picture fetched before a transaction begins. What an earlier run
wrote is known by the post's number: it is left as it is, or gets a new draft if the post was
edited and the page was not.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from wagtail.models import Page

from accounts.models import User
from blog.models import ImportedPost
from blog.wordpress import discussions, reading, writing
from blog.wordpress.bodies import stored_body
from blog.wordpress.dates import moment
from blog.wordpress.discussions import PreparedComment
from blog.wordpress.fetching import Fetcher
from blog.wordpress.items import Item
from blog.wordpress.markup import WantedPicture
from blog.wordpress.notes import Notes
from blog.wordpress.people import People
from blog.wordpress.pictures import Pictures
from blog.wordpress.plan import Plan, Shelf, make_plan
from blog.wordpress.posts import ConvertedPost, convert
from blog.wordpress.report import Outcome, Report
from blog.wordpress.writing import PreparedPost
from claims.checking import ClaimsRefused

BATCH = 100
LONGEST_SEARCH_TITLE = 255

# What each state becomes; all else of WordPress's is no post at all.
_STATES = {"publish", "future", "draft", "pending", "private"}
_LEFT_BEHIND = {"trash", "auto-draft", "inherit"}
# Kinds that are read elsewhere, or that nobody misses.
_ELSEWHERE = {"attachment", "wp_block", "revision", "customize_changeset", "oembed_cache"}


_ADDED = Outcome.ADDED
# An item of the export, what is to be written of it, and what is to be said.
Waiting = tuple[Item, PreparedPost, Notes]


@dataclass(frozen=True)
class Choices:
    """What whoever imports has decided.

    :ivar shelves: where posts and pages go; a kind that is missing stays behind.
    :ivar hosts: where files may be fetched from.
    :ivar publish_because: why what was public there may be read here without a clinical review;
        empty leaves everything a draft. It needs `by`, who answers for it.
    """

    shelves: Mapping[str, Shelf]
    zone: ZoneInfo
    at: dt.datetime
    by: User | None = None
    uploads: Path | None = None
    hosts: frozenset[str] = frozenset()
    is_dry_run: bool = False
    publish_because: str = ""


@dataclass
class Import:
    """One run over one export."""

    path: Path
    choices: Choices
    tell: Callable[[str, int], None] = lambda _stage, _bytes: None
    report: Report = field(init=False)
    _plan: Plan = field(init=False)
    _people: People = field(init=False)
    _pictures: Pictures = field(init=False)
    _talkers: discussions.Talkers = field(init=False)
    _waiting: list[Waiting] = field(default_factory=list)
    _comments_added: int = 0

    def run(self) -> Report:
        """Read the file twice: to its end, to know that it can be trusted, and then to import it.

        :raises ExportRefused: before anything is written, if it cannot be.
        """
        facts = reading.read_facts(self.path, lambda read: self.tell("Checking", read))
        self._plan = make_plan(facts, self.choices.shelves)
        self._people = People(facts, writes=not self.choices.is_dry_run)
        self._pictures = Pictures(
            self._plan.site,
            facts.attachments,
            self.choices.uploads,
            self._fetcher(),
            writes=not self.choices.is_dry_run,
        )
        self._talkers = discussions.Talkers(
            authors=frozenset(each.number for each in facts.authors.values() if each.number),
            zone=self.choices.zone,
            latest=self.choices.at + dt.timedelta(days=1),
        )
        self.report = Report(facts.address, self.choices.is_dry_run)
        for item in reading.read_items(self.path, lambda read: self.tell("Importing", read)):
            self._take(item)
        self._write()
        self._count()
        return self.report

    @property
    def _site(self) -> str:
        return self._plan.facts.address

    def _fetcher(self) -> Fetcher | None:
        if not self.choices.hosts:
            return None
        return Fetcher(self.choices.hosts, settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE)

    def _take(self, item: Item) -> None:
        notes = Notes()
        if (why := self._why_left_behind(item)) is not None:
            if why:
                notes.add(why, item.title)
                self.report.add(item, Outcome.SKIPPED, "", notes)
            return
        converted = convert(item, self._plan.facts, self._plan.site)
        prepared = self._prepare(item, converted)
        self._waiting.append((item, prepared, converted.notes))
        if len(self._waiting) >= BATCH:
            self._write()

    def _why_left_behind(self, item: Item) -> str | None:
        """Say why an item does not become a page: None if it does, nothing if nobody misses it."""
        if item.kind in _ELSEWHERE:
            return ""
        if self._plan.shelf_of(item) is None:
            return f"{item.kind or 'item without a kind'} that has no place here"
        if item.status in _LEFT_BEHIND:
            return f"{item.kind} that was {item.status}"
        if item.status not in _STATES:
            return f"{item.kind} in a state of its own ({item.status})"
        if not item.number:
            return f"{item.kind} without a number"
        return None

    def _prepare(self, item: Item, converted: ConvertedPost) -> PreparedPost:
        notes = converted.notes
        self._note_state(item, notes)
        shelf = self._plan.shelves[item.kind]
        find = self._finder(converted.title, notes)
        blocks = list(converted.blocks)
        fields: dict[str, Any] = {
            "title": converted.title,
            "intro": converted.intro,
            "seo_title": converted.seo_title[:LONGEST_SEARCH_TITLE],
            "search_description": converted.description,
        }
        if shelf.holds_articles:
            fields["hero_image_id"] = find(converted.featured) if converted.featured else None
        elif converted.featured:
            value = {"image": converted.featured, "alt": converted.featured.alt, "caption": ""}
            blocks.insert(0, ("figure", value))
        source = f"{self._site}/{item.number}"
        return PreparedPost(
            number=item.number,
            slug=self._plan.slugs[item.number],
            link=item.link,
            fields=fields,
            body=stored_body(blocks, source=source, find=find),
            state=item.status,
            author=self._people.author(item.creator, notes) if shelf.holds_articles else None,
            is_public=item.status in {"publish", "future"} and not item.password,
            topics=self._people.topics(item.terms, notes) if shelf.holds_articles else [],
            tags=self._people.tags(item.terms, notes) if shelf.holds_articles else [],
            comments=self._comments(item, shelf, notes),
            **self._moments(item, notes),
        )

    def _comments(self, item: Item, shelf: Shelf, notes: Notes) -> list[PreparedComment]:
        if shelf.holds_articles:
            return self._talkers.prepare(item, notes)
        for each in item.comments:
            notes.add("comment on a page, which has none here", f"{each.author}: {each.content}")
        return []

    def _finder(self, title: str, notes: Notes) -> Callable[[WantedPicture], int | None]:
        return lambda wanted: self._pictures.find(wanted, title, notes)

    def _moments(self, item: Item, notes: Notes) -> dict[str, dt.datetime | None]:
        is_planned = item.status == "future"
        posted = moment(
            gmt=item.date_gmt,
            local=item.date,
            zone=self.choices.zone,
            notes=notes,
            name="posted",
            latest=None if is_planned else self.choices.at + dt.timedelta(days=1),
        )
        if is_planned:
            is_ahead = posted is not None and posted > self.choices.at
            return {"published_at": None, "go_live_at": posted if is_ahead else None}
        is_public = item.status == "publish"
        return {"published_at": posted if is_public else None, "go_live_at": None}

    def _note_state(self, item: Item, notes: Notes) -> None:
        if item.status == "private":
            notes.add("private post became a draft")
        if item.password:
            notes.add("post with a password became a draft; its password is not carried over")
        if item.is_sticky:
            notes.add("post that stood on top of the list")
        if item.parent:
            notes.add("page below another page now stands beside it", str(item.parent))
        if item.number in self._plan.renamed:
            notes.add("address that was taken", self._plan.renamed[item.number])

    def _write(self) -> None:
        waiting, self._waiting = self._waiting, []
        if self.choices.is_dry_run:
            for item, post, notes in waiting:
                self._report(item, self._outcome(item, post, notes), notes)
                self._comments_added += discussions.count_new(post.comments, site=self._site)
            return
        outcomes = [self._outcome(*each) for each in waiting]
        with transaction.atomic():
            self._add([each for each, it in zip(waiting, outcomes, strict=True) if it is _ADDED])
            for (item, post, _), outcome in zip(waiting, outcomes, strict=True):
                if outcome is Outcome.UPDATED:
                    self._update(item, post)
            self._add_comments(waiting)
        for (item, _, notes), outcome in zip(waiting, outcomes, strict=True):
            self._report(item, outcome, notes)

    def _add(self, new: list[Waiting]) -> None:
        site, by, at = self._site, self.choices.by, self.choices.at
        for kind, shelf in self.choices.shelves.items():
            some = [each for each in new if each[0].kind == kind]
            if not some:
                continue
            posts = [post for _, post, _ in some]
            pages = writing.add(posts, shelf, site=site, by=by, at=at)
            for page, (_, post, notes) in zip(pages, some, strict=True):
                if post.is_public:
                    self._publish(page, notes)

    def _add_comments(self, waiting: list[Waiting]) -> None:
        """Store the comments of posts that have a page, whenever their pages came."""
        numbers = [post.number for _, post, _ in waiting if post.comments]
        pages = ImportedPost.objects.filter(site=self._site, number__in=numbers)
        ids = dict(pages.exclude(page=None).values_list("number", "page_id"))
        talks = [
            discussions.Talk(ids[post.number], post.comments, notes)
            for _, post, notes in waiting
            if post.number in ids
        ]
        self._comments_added += discussions.add(talks, site=self._site, at=self.choices.at)

    def _publish(self, page: Page, notes: Notes) -> None:
        """Publish what was public, if whoever imports answers for it and it promises nothing."""
        reason, by = self.choices.publish_because, self.choices.by
        if not reason or by is None:
            return
        try:
            with transaction.atomic():
                writing.publish(page, reason=reason, by=by, at=self.choices.at)
        except ClaimsRefused as refusal:
            notes.add("post with claims that nobody has allowed stays a draft", str(refusal))

    def _update(self, item: Item, post: PreparedPost) -> None:
        site, by, at = self._site, self.choices.by, self.choices.at
        page_id = self._plan.known[item.number].page_id
        writing.update(post, page_id or 0, site=site, by=by, at=at)

    def _outcome(self, item: Item, post: PreparedPost, notes: Notes) -> Outcome:
        """Decide what is to be done with a post, by what an earlier run has left."""
        known = self._plan.known.get(item.number)
        if known is None:
            return Outcome.ADDED
        if known.page_id is None:
            notes.add("page that was deleted here")
            return Outcome.LEFT
        if known.fingerprint == post.fingerprint():
            return Outcome.UNCHANGED
        newest = Page.objects.filter(pk=known.page_id).values_list("latest_revision", flat=True)
        if newest.get() != known.revision:
            notes.add("post that was edited on both sites: the page here stays as it is")
            return Outcome.LEFT
        return Outcome.UPDATED

    def _report(self, item: Item, outcome: Outcome, notes: Notes) -> None:
        self.report.add(item, outcome, self._plan.address_of(item), notes)

    def _count(self) -> None:
        made = {
            **self._people.made,
            "pictures": self._pictures.stored,
            "comments": self._comments_added,
        }
        for name, number in made.items():
            self.report.counts[f"{name} added"] = number
        self.report.counts = +self.report.counts  # Nothing is said of what came to nothing.
