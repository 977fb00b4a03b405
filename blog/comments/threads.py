"""The comments below an article as its page shows them, in one query."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Window

from blog.comments import closing
from blog.models.comment_settings import CommentSettings
from blog.models.comments import Comment, comments_of
from freshness.answers import shows

if TYPE_CHECKING:
    from blog.models import ArticlePage

PER_PAGE = 40
MOST_PAGES = 10_000
PARAMETER = "comments"
_LINK = re.compile(r"https?://[^\s<>\"'`]{1,300}", re.IGNORECASE)
_NOT_PART_OF_LINK = ".,;:!?)]}"
_BLANK_LINE = re.compile(r"\n\s*\n")


@dataclass(frozen=True)
class Piece:
    """Plain words, or words that lead elsewhere."""

    text: str
    href: str = ""


@dataclass(frozen=True)
class ShownComment:
    """One public comment; nothing of it tells the writer's address."""

    pk: int
    name: str
    paragraphs: list[list[Piece]]
    posted_at: dt.datetime
    is_from_staff: bool
    is_reply: bool
    # Whom it answers, where the comment itself stands on an earlier page.
    answers: str


@dataclass(frozen=True)
class Discussion:
    """What an article's page shows of its comments."""

    comments: list[ShownComment]
    total: int
    page: int
    has_more: bool
    are_open: bool


def discussion(
    article: "ArticlePage", *, page: int, at: dt.datetime, since: int | None = None
) -> Discussion:
    """Read one page of an article's comments; a page that does not exist shows the first.

    :param since: `as_of` of the page that is built.
    """
    decided = closing.settings_now(since=since)
    shows(comments_of(article.pk), until=_closes_later(article, decided, at))
    rows = _rows(article, page)
    if not rows and page > 1:
        page, rows = 1, _rows(article, 1)
    return Discussion(
        comments=list(_shown(rows[:PER_PAGE])),
        total=vars(rows[0])["total"] if rows else 0,
        page=page,
        has_more=len(rows) > PER_PAGE,
        are_open=closing.are_open(article, decided, at=at),
    )


def page_number(typed: str | None) -> int:
    """Return the page that an address names; the first for whatever is none."""
    is_number = typed is not None and typed.isascii() and typed.isdigit() and len(typed) < 6
    return min(MOST_PAGES, max(1, int(typed or 1))) if is_number else 1


def page_of(comment: Comment) -> int:
    """Return on which page of its article a public comment stands."""
    before = Comment.objects.shown_on(comment.article_id).values_list("pk", flat=True)
    for place, pk in enumerate(before.iterator(chunk_size=500)):
        if pk == comment.pk:
            return place // PER_PAGE + 1
    return 1


def paragraphs(text: str) -> list[list[Piece]]:
    """Split what somebody wrote into paragraphs, and find the links in it."""
    parts = _BLANK_LINE.split(text.replace("\r\n", "\n").strip())
    return [list(_pieces(part)) for part in parts if part.strip()]


def _pieces(text: str) -> Iterator[Piece]:
    end = 0
    for match in _LINK.finditer(text):
        link = match[0].rstrip(_NOT_PART_OF_LINK)
        if match.start() > end:
            yield Piece(text[end : match.start()])
        yield Piece(link, href=link)
        end = match.start() + len(link)
    if end < len(text):
        yield Piece(text[end:])


def _rows(article: "ArticlePage", page: int) -> list[Comment]:
    start = (page - 1) * PER_PAGE
    shown = Comment.objects.shown_on(article.pk).select_related("parent")
    counted = shown.annotate(total=Window(Count("pk"))).defer("parent__text")
    return list(counted[start : start + PER_PAGE + 1])


def _shown(rows: list[Comment]) -> Iterator[ShownComment]:
    on_page = {row.pk for row in rows}
    for row in rows:
        answers = row.parent.name if row.parent and row.parent.pk not in on_page else ""
        yield ShownComment(
            pk=row.pk,
            name=row.name,
            paragraphs=paragraphs(row.text),
            posted_at=row.posted_at,
            is_from_staff=row.is_from_staff,
            is_reply=row.parent_id is not None,
            answers=answers,
        )


def _closes_later(
    article: "ArticlePage", decided: CommentSettings, at: dt.datetime
) -> dt.datetime | None:
    end = closing.closes_at(article, decided)
    return end if end is not None and end > at else None
