"""Take a reader's comment: count the tries, weigh the words, and let it wait for a moderator."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.models import User
from blog.comments import closing, mails, subscriptions
from blog.models import ArticlePage, Comment, CommentStatus, Person
from blog.spam import akismet, judging, tries
from blog.spam.networks import Origin

# Nobody says the same twice within a day on purpose.
SAID_TWICE_WITHIN: Final = dt.timedelta(days=1)


@dataclass(frozen=True)
class Draft:
    """What a reader wrote; checked by the form already."""

    name: str
    email: str
    text: str
    submission_key: str
    parent_id: int | None = None
    wants_replies: bool = False


@dataclass(frozen=True)
class Sender:
    """Where it came from: hashes that may be kept, and what only Akismet is ever told."""

    origin: Origin
    address: str = ""
    user_agent: str = ""


class NothingToReplyTo(Exception):
    """The comment that was to be answered is not public, or belongs to another article."""

    def __init__(self) -> None:
        super().__init__("The comment that you answer is no longer there. Yours can stand alone.")


def post(*, article: ArticlePage, draft: Draft, sender: Sender, at: dt.datetime) -> Comment:
    """Store a comment as waiting, or as spam, and let moderators know of one that waits.

    Sending the same form twice, or the same words within a day, stores one comment.

    :raises CommentsClosed: if the article takes none.
    :raises NothingToReplyTo: if the parent is not public.
    :raises TooMany: if the address, its network or the mailbox sent too much lately.
    """
    closing.check_open(article, at=at)
    root = _root(article, draft.parent_id)
    earlier = _said_already(article, draft, at)
    if earlier is not None:
        return earlier
    tries.count(sender.origin, email=draft.email, at=at)
    verdict = judging.judge(name=draft.name, text=draft.text, at=at)
    if not verdict.is_spam and _is_spam_elsewhere(article, draft, sender):
        verdict = replace(
            verdict, is_spam=True, score=0.99, reasons=[*verdict.reasons, "Akismet says so"]
        )
    _note_borrowed_name(draft, verdict)
    return _store(article, root, draft, sender, verdict, at)


def _root(article: ArticlePage, parent_id: int | None) -> Comment | None:
    """Return the comment that a talk began with: talks have one level of answers."""
    if parent_id is None:
        return None
    shown = Comment.objects.shown_on(article.pk)
    parent = shown.select_related("parent").filter(pk=parent_id).first()
    if parent is None:
        raise NothingToReplyTo
    return parent.parent or parent


def _said_already(article: ArticlePage, draft: Draft, at: dt.datetime) -> Comment | None:
    by_key = Comment.objects.filter(submission_key=draft.submission_key).first()
    if by_key is not None:
        return by_key
    return Comment.objects.filter(
        article=article,
        email=draft.email.lower(),
        fingerprint=judging.fingerprint(draft.text),
        posted_at__gt=at - SAID_TWICE_WITHIN,
    ).first()


def _is_spam_elsewhere(article: ArticlePage, draft: Draft, sender: Sender) -> bool:
    asked = akismet.Asked(
        address=sender.address,
        user_agent=sender.user_agent,
        name=draft.name,
        email=draft.email,
        text=draft.text,
        permalink=article.full_url or "",
    )
    return akismet.is_spam(asked) is True


def _note_borrowed_name(draft: Draft, verdict: judging.Verdict) -> None:
    """Let moderators see that somebody writes under a name of ours."""
    is_shop = draft.name.casefold() == settings.WAGTAIL_SITE_NAME.casefold()
    is_author = Person.objects.filter(name__iexact=draft.name).exists()
    if is_shop or is_author or User.objects.filter(is_staff=True, name__iexact=draft.name).exists():
        verdict.reasons.append("uses the name of somebody of the clinic")


def _store(
    article: ArticlePage,
    root: Comment | None,
    draft: Draft,
    sender: Sender,
    verdict: judging.Verdict,
    at: dt.datetime,
) -> Comment:
    comment = Comment(
        article=article,
        parent=root,
        thread_at=root.thread_at if root else at,
        name=draft.name,
        email=draft.email.lower(),
        text=draft.text,
        status=verdict.status,
        posted_at=at,
        submission_key=draft.submission_key,
        fingerprint=judging.fingerprint(draft.text),
        network=sender.origin.network,
        spam_score=verdict.score,
        spam_reasons=verdict.reasons,
    )
    try:
        with transaction.atomic():
            comment.save(force_insert=True)
            if comment.status == CommentStatus.WAITING:
                mails.tell_moderators(comment, at=at)
                if draft.wants_replies:
                    subscriptions.ask(comment, at=at)
    except IntegrityError:
        # Two clicks at once: the other one has stored it.
        earlier = Comment.objects.filter(submission_key=draft.submission_key).first()
        if earlier is None:
            raise
        return earlier
    return comment
