"""Whether an article takes comments, and until when."""

import datetime as dt
from typing import TYPE_CHECKING

from blog.models.comment_settings import CommentSettings
from freshness import keeping

if TYPE_CHECKING:
    from blog.models import ArticlePage


class CommentsClosed(Exception):
    """The article takes no comments, or none any more."""

    def __init__(self) -> None:
        super().__init__("Comments on this article are closed.")


def settings_now(*, since: int | None = None) -> CommentSettings:
    """Return what staff decided about comments; kept with other parts of pages.

    :param since: `as_of` of the page that is built; nothing is kept without it.
    """
    return keeping.keep(("comment settings",), _read, since=since)


def closes_at(article: "ArticlePage", decided: CommentSettings) -> dt.datetime | None:
    """Return when time alone closes the comments of an article, if it does."""
    if decided.close_after_days is None or article.first_published_at is None:
        return None
    end: dt.datetime = article.first_published_at + dt.timedelta(days=decided.close_after_days)
    return end


def are_open(article: "ArticlePage", decided: CommentSettings, *, at: dt.datetime) -> bool:
    """Tell whether readers may comment on an article now."""
    end = closes_at(article, decided)
    is_in_time = end is None or at < end
    return article.takes_comments and decided.readers_may_comment and is_in_time


def check_open(article: "ArticlePage", *, at: dt.datetime) -> None:
    """Make sure that readers may comment now.

    :raises CommentsClosed: if they may not.
    """
    if not are_open(article, settings_now(), at=at):
        raise CommentsClosed


def _read() -> CommentSettings:
    return CommentSettings.objects.order_by("pk").first() or CommentSettings()
