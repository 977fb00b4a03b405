"""Bring the comments below a site's posts in: who said what, when, in answer to whom.

Talks have one level of answers here, so deeper ones answer whoever began the talk, in the order in
which they were written. Nobody is told of a comment that was brought in, and it teaches the spam
scorer nothing. What the clinic itself answered is read for claims, as it is when written here.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from blog.comments.moderation import claim_in
from blog.html_tree import Element, parse
from blog.models import Comment, CommentStatus, ImportedComment
from blog.models.comments import comments_of
from blog.spam import judging
from blog.wordpress.dates import moment
from blog.wordpress.items import Item, SourceComment
from blog.wordpress.notes import Notes
from freshness.changes import changed

LONGEST_NAME, LONGEST_TEXT = 80, 5_000
NOBODY = "nobody@comment.invalid"
_STATUSES = {"1": CommentStatus.APPROVED, "0": CommentStatus.WAITING}
# What WordPress calls a comment that a person wrote.
_WRITTEN = {"", "comment"}
_BLOCKS = {"blockquote", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ol", "p", "pre", "ul"}
_BLANK_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True)
class PreparedComment:
    """One comment as it will be stored; `root` is the number of the one that began the talk."""

    number: int
    root: int | None
    name: str
    email: str
    text: str
    status: CommentStatus
    is_from_staff: bool
    posted_at: dt.datetime
    thread_at: dt.datetime


@dataclass(frozen=True)
class Talk:
    """The comments of one post, where they belong, and what is to be said of them."""

    article_id: int
    comments: Sequence[PreparedComment]
    notes: Notes


@dataclass(frozen=True)
class Talkers:
    """What has to be known of the old site to read its comments.

    :ivar authors: the numbers of those who wrote its posts and answered signed in; they answer as
        the clinic. An address alone proves nothing: anybody could type it.
    :ivar latest: no comment is younger.
    """

    authors: frozenset[int]
    zone: ZoneInfo
    latest: dt.datetime
    _seen: set[int] = field(default_factory=set)

    def prepare(self, item: Item, notes: Notes) -> list[PreparedComment]:
        """Convert the comments of a post; the notes name what stays behind or is changed."""
        carried = {each.number: each for each in item.comments if self._is_carried(each, notes)}
        texts = {number: _text(each, notes) for number, each in carried.items()}
        for number in [number for number, text in texts.items() if not text]:
            notes.add("comment without words", str(number))
            del carried[number]
        posted = {number: self._posted(each, item, notes) for number, each in carried.items()}
        roots = {number: _root(each, carried, notes) for number, each in carried.items()}
        statuses = {
            number: self._status(each, texts[number], notes) for number, each in carried.items()
        }
        return [
            PreparedComment(
                number=number,
                root=None if roots[number] == number else roots[number],
                name=_name(each, notes),
                email=_email(each, notes),
                text=texts[number],
                status=statuses[number],
                is_from_staff=each.user in self.authors,
                posted_at=posted[number],
                thread_at=posted[roots[number]],
            )
            for number, each in carried.items()
        ]

    def _is_carried(self, comment: SourceComment, notes: Notes) -> bool:
        said = f"{comment.author}: {comment.content}"
        if comment.kind not in _WRITTEN:
            notes.add(f"{comment.kind} of another site", said)
        elif comment.approved not in _STATUSES:
            who = f"{comment.number}, by {comment.author}"
            notes.add(f"comment that was {comment.approved}", who)
        elif not comment.number:
            notes.add("comment without a number", said)
        elif comment.number in self._seen:
            notes.add("comment with the number of another one", said)
        else:
            self._seen.add(comment.number)
            return True
        return False

    def _status(self, comment: SourceComment, text: str, notes: Notes) -> CommentStatus:
        """Keep its state, but let an answer of the clinic that makes a claim wait."""
        status = _STATUSES[comment.approved]
        is_ours = status == CommentStatus.APPROVED and comment.user in self.authors
        if not is_ours or not (claim := claim_in(text)):
            return status
        notes.add("answer of the clinic waits, for it makes a claim", f"{claim} In: {text}")
        return CommentStatus.WAITING

    def _posted(self, comment: SourceComment, item: Item, notes: Notes) -> dt.datetime:
        when = moment(
            gmt=comment.date_gmt,
            local=comment.date,
            zone=self.zone,
            notes=notes,
            name=f"of comment {comment.number}",
            latest=self.latest,
        )
        if when is not None:
            return when
        notes.add("comment without a date stands at the date of its post", str(comment.number))
        of_post = moment(
            gmt=item.date_gmt,
            local=item.date,
            zone=self.zone,
            notes=Notes(),
            name="",
            latest=self.latest,
        )
        return of_post or self.latest


def add(talks: Sequence[Talk], *, site: str, at: dt.datetime) -> int:
    """Store what no earlier run has stored, in the caller's transaction; return how many.

    A comment that was deleted here stays deleted, and so does the talk that it began.
    """
    articles = {each.number: talk.article_id for talk in talks for each in talk.comments}
    known = dict(_known(site, list(articles)))
    new = [each for talk in talks for each in _new_of(talk, known)]
    roots = [each for each in new if each.root is None]
    made = _store(roots, articles, {}, site=site, at=at)
    answers = [each for each in new if each.root is not None]
    _store(answers, articles, {**known, **made}, site=site, at=at)
    changed(*(comments_of(pk) for pk in sorted({articles[each.number] for each in new})))
    return len(new)


def _new_of(talk: Talk, known: Mapping[int, int | None]) -> Iterator[PreparedComment]:
    """Yield what is to be stored of a talk."""
    deleted = {number for number, comment_id in known.items() if comment_id is None}
    for each in talk.comments:
        if each.number in known:
            continue
        if each.root in deleted:
            talk.notes.add("answer to a comment that was deleted here", f"{each.name}: {each.text}")
        else:
            yield each


def count_new(comments: Sequence[PreparedComment], *, site: str) -> int:
    """Count those that no earlier run has stored."""
    known = dict(_known(site, [each.number for each in comments]))
    return sum(1 for each in comments if each.number not in known)


def _known(site: str, numbers: Sequence[int]) -> Iterator[tuple[int, int | None]]:
    rows = ImportedComment.objects.filter(site=site)
    for start in range(0, len(numbers), 500):
        some = rows.filter(number__in=numbers[start : start + 500])
        yield from some.values_list("number", "comment_id")


def _store(
    comments: Sequence[PreparedComment],
    articles: Mapping[int, int],
    parents: Mapping[int, int | None],
    *,
    site: str,
    at: dt.datetime,
) -> dict[int, int | None]:
    """Store comments whose parents are stored; return their keys here by their numbers there."""
    rows = Comment.objects.bulk_create(
        Comment(
            article_id=articles[each.number],
            parent_id=parents.get(each.root) if each.root is not None else None,
            thread_at=each.thread_at,
            name=each.name,
            email=each.email,
            text=each.text,
            status=each.status,
            is_from_staff=each.is_from_staff,
            posted_at=each.posted_at,
            decided_at=at if each.status == CommentStatus.APPROVED else None,
            fingerprint=judging.fingerprint(each.text),
        )
        for each in comments
    )
    ImportedComment.objects.bulk_create(
        ImportedComment(site=site, number=each.number, comment=row)
        for each, row in zip(comments, rows, strict=True)
    )
    return {each.number: row.pk for each, row in zip(comments, rows, strict=True)}


def _root(comment: SourceComment, carried: Mapping[int, SourceComment], notes: Notes) -> int:
    """Return the number of the comment that began the talk, in whatever order they stand."""
    current, seen = comment, {comment.number}
    while current.parent and current.parent not in seen and current.parent in carried:
        seen.add(current.parent)
        current = carried[current.parent]
    if current.parent and current.parent not in carried:
        notes.add("answer to a comment that stays behind begins a talk", str(current.number))
    elif current.parent:
        # They answer each other in a circle: the first of them begins the talk.
        return min(seen)
    elif len(seen) > 2:
        notes.add("answer to an answer now stands below the first", str(comment.number))
    return current.number


def _name(comment: SourceComment, notes: Notes) -> str:
    name = " ".join(parse(comment.author).text().split())
    if not name:
        return "Anonymous"
    if len(name) > LONGEST_NAME:
        notes.add("name that was too long for a comment", name)
    return name[:LONGEST_NAME]


def _email(comment: SourceComment, notes: Notes) -> str:
    email = comment.email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        notes.add("comment without an e-mail address", f"{comment.number}, by {comment.author}")
        return NOBODY
    return email


def _text(comment: SourceComment, notes: Notes) -> str:
    """Return a comment's words without its markup; where a link led stands beside its words."""
    lines = "".join(_pieces(parse(comment.content))).replace("\r", "").split("\n")
    text = _BLANK_LINES.sub("\n\n", "\n".join(line.strip() for line in lines)).strip()
    if len(text) > LONGEST_TEXT:
        notes.add("comment that was too long; the rest of it", text[LONGEST_TEXT:])
    return text[:LONGEST_TEXT]


def _pieces(element: Element) -> Iterator[str]:
    for child in element.children:
        if isinstance(child, str):
            yield child
            continue
        yield from _pieces(child)
        leads_to = child.attributes.get("href", "")
        if leads_to.startswith(("http://", "https://")) and leads_to not in child.text():
            yield f" ({leads_to})"
        if child.tag == "br":
            yield "\n"
        elif child.tag in _BLOCKS:
            yield "\n\n"
