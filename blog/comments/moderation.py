"""The life of a comment as a table, and what moderators do with one."""

import datetime as dt
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from wagtail.log_actions import log

from accounts.models import User
from blog.comments import mails, subscriptions
from blog.models import Comment, CommentReport, CommentStatus
from blog.spam import judging, words
from claims.checking import check_text, open_findings
from claims.engine import Finding
from cms.card_numbers import refuse_card_number
from freshness.changes import changed

S = CommentStatus

NEXT: Mapping[CommentStatus, frozenset[CommentStatus]] = {
    S.WAITING: frozenset({S.APPROVED, S.REJECTED, S.SPAM}),
    S.APPROVED: frozenset({S.REJECTED, S.SPAM}),
    S.REJECTED: frozenset({S.APPROVED, S.SPAM}),
    S.SPAM: frozenset({S.APPROVED, S.REJECTED}),
}
_ACTIONS = {
    S.APPROVED: "blog.comment.approve",
    S.REJECTED: "blog.comment.reject",
    S.SPAM: "blog.comment.spam",
}
LONGEST_REPLY = 5_000


class TransitionRefused(Exception):
    """The comment's status does not lead where it was asked to go, or its words may not."""

    def __init__(self, comment: Comment, why: str = "") -> None:
        self.comment = comment
        super().__init__(why or f"This comment is {comment.get_status_display()} already.")


class ReplyRefused(ValueError):
    """The answer cannot be published as it is."""


class ReplyMakesClaim(ReplyRefused):
    """A reviewer may allow what the answer says; until then it can wait."""


def approve(*, comment_id: int, by: User, at: dt.datetime) -> Comment:
    """Make a comment public; its next readers see it.

    :raises TransitionRefused: if it is public, or if the clinic's own words make a claim that no
        reviewer has allowed in this very comment.
    """
    return _decide(comment_id, S.APPROVED, by=by, at=at)


def reject(*, comment_id: int, by: User, at: dt.datetime) -> Comment:
    """Keep a comment from readers, or take it away from them.

    :raises TransitionRefused: if it is rejected.
    """
    return _decide(comment_id, S.REJECTED, by=by, at=at)


def mark_spam(*, comment_id: int, by: User, at: dt.datetime) -> Comment:
    """Put a comment away as spam, so that others like it are found.

    :raises TransitionRefused: if it is spam.
    """
    return _decide(comment_id, S.SPAM, by=by, at=at)


@transaction.atomic
def keep(*, comment_id: int, by: User, at: dt.datetime) -> Comment:  # noqa: ARG001
    """Leave a public comment as it is and close the reports about it.

    :raises TransitionRefused: if it is not public.
    """
    comment = Comment.objects.select_for_update().get(pk=comment_id)
    if comment.status != S.APPROVED:
        raise TransitionRefused(comment)
    _close_reports(comment)
    log(instance=comment, action="blog.comment.keep", user=by)
    return comment


@transaction.atomic
def reply(
    *, comment_id: int, text: str, may_wait: bool = False, by: User, at: dt.datetime
) -> Comment:
    """Answer for the clinic, in public; a comment that still waits is approved with it.

    :param may_wait: keeps an answer that makes a claim among the waiting ones, where a reviewer
        can allow it.
    :raises ReplyRefused: if the text is empty, too long or not fit to be published.
    :raises ReplyMakesClaim: if it makes a claim and may not wait.
    :raises TransitionRefused: if the comment was rejected or is spam.
    """
    text = _checked(text)
    waits = bool(claim := claim_in(text))
    if waits and not may_wait:
        raise ReplyMakesClaim(claim)
    comment = Comment.objects.select_for_update().get(pk=comment_id)
    if comment.status == S.WAITING:
        comment = _decide(comment_id, S.APPROVED, by=by, at=at)
    if comment.status != S.APPROVED:
        raise TransitionRefused(comment)
    root = comment.parent or comment
    answer = Comment.objects.create(
        article_id=comment.article_id,
        parent=root,
        thread_at=root.thread_at,
        name=(by.name or "Galea")[:80],
        text=text,
        status=S.WAITING if waits else S.APPROVED,
        is_from_staff=True,
        staff_author=by,
        posted_at=at,
        decided_at=None if waits else at,
        decided_by=None if waits else by,
        fingerprint=judging.fingerprint(text),
    )
    log(instance=comment, action="blog.comment.reply", user=by)
    if not waits:
        changed(answer.tag)
        subscriptions.tell_of(answer, at=at)
    return answer


@transaction.atomic
def _decide(comment_id: int, to: CommentStatus, *, by: User, at: dt.datetime) -> Comment:
    comment = Comment.objects.select_for_update(of=["self"]).get(pk=comment_id)
    was = CommentStatus(comment.status)
    if to not in NEXT[was]:
        raise TransitionRefused(comment)
    if to == S.APPROVED and (claim := open_claim(comment)):
        raise TransitionRefused(comment, claim)
    learned = comment.learned_as
    comment.status, comment.decided_at, comment.decided_by = to, at, by
    comment.learned_as = to if to in {S.APPROVED, S.SPAM} else learned
    comment.save(update_fields=["status", "decided_at", "decided_by", "learned_as"])
    _close_reports(comment)
    if comment.learned_as != learned and not comment.is_from_staff:
        words.learn(
            f"{comment.name} {comment.text}", as_status=comment.learned_as, instead_of=learned
        )
    log(instance=comment, action=_ACTIONS[to], user=by)
    if S.APPROVED in {was, to}:
        changed(comment.tag)
    if to == S.APPROVED:
        subscriptions.tell_of(comment, at=at)
    if was == S.APPROVED:
        mails.call_off_about(comment)
    return comment


def _close_reports(comment: Comment) -> None:
    CommentReport.objects.filter(comment=comment, is_open=True).update(is_open=False)
    if comment.open_reports:
        comment.open_reports = 0
        comment.save(update_fields=["open_reports"])


def _checked(text: str) -> str:
    """Return an answer as it may be published."""
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise ReplyRefused("Write an answer first.")
    if len(text) > LONGEST_REPLY:
        raise ReplyRefused(f"The answer is longer than {LONGEST_REPLY:,} characters.")
    try:
        refuse_card_number(text)
    except ValidationError as refusal:
        raise ReplyRefused(" ".join(refusal.messages)) from refusal
    return text


def open_claim(comment: Comment) -> str:
    """Explain the first claim in the clinic's own words that no reviewer has allowed there."""
    if not comment.is_from_staff:
        return ""
    return next((_worded(found.finding) for found in open_findings(comment)), "")


def claim_in(text: str) -> str:
    """Explain the first claim that keeps words of the clinic from readers; empty without one."""
    return next((_worded(found) for found in check_text(text) if found.is_blocking), "")


def _worded(finding: Finding) -> str:
    kinder = f" Kinder: {finding.rule.kinder}" if finding.rule.kinder else ""
    return f"“{finding.words}”: {finding.rule.title}.{kinder}"
