"""Tell readers of replies: only who asked for it, and proved the address."""

import datetime as dt
from typing import Final

from django.db import transaction

from blog.comments import mails
from blog.models import Comment, CommentStatus, ReplySubscription
from blog.spam import rates, tries
from blog.spam.rates import Limit

# Whoever types somebody else's address can have them bothered this often.
CONFIRMATIONS: Final = Limit("confirm-1d", 3, dt.timedelta(days=1))


class NoSuchWish(Exception):
    """The comment is gone, and with it whoever wanted to hear of replies."""

    def __init__(self) -> None:
        super().__init__("The comment that this was about is no longer there.")


def ask(comment: Comment, *, at: dt.datetime) -> None:
    """Note that somebody wants to hear of replies, and ask the address whether that is so."""
    subscription = ReplySubscription.objects.create(comment=comment, asked_at=at)
    try:
        rates.count([(CONFIRMATIONS, tries.mailbox(comment.email))], at=at)
    except rates.TooMany:
        return
    mails.ask_to_confirm(subscription, comment, at=at)


@transaction.atomic
def confirm(*, subscription_id: int, at: dt.datetime) -> ReplySubscription:
    """Take the address as proved; replies that came meanwhile are told of now.

    :raises NoSuchWish: if the comment is gone.
    """
    subscription = _locked(subscription_id)
    subscription.confirmed_at = subscription.confirmed_at or at
    subscription.ended_at = None
    subscription.save(update_fields=["confirmed_at", "ended_at"])
    for reply in _replies_since(subscription.comment):
        mails.tell_of_reply(subscription, reply, at=at)
    return subscription


@transaction.atomic
def end(*, subscription_id: int, at: dt.datetime) -> ReplySubscription:
    """Tell somebody of no more replies to a comment; twice does it once.

    :raises NoSuchWish: if the comment is gone.
    """
    subscription = _locked(subscription_id)
    subscription.ended_at = subscription.ended_at or at
    subscription.save(update_fields=["ended_at"])
    mails.call_off_to(subscription)
    return subscription


def tell_of(reply: Comment, *, at: dt.datetime) -> None:
    """Write to those of the same talk who asked for it, within the caller's transaction."""
    if reply.parent_id is None:
        return
    talk = ReplySubscription.objects.filter(confirmed_at__isnull=False, ended_at__isnull=True)
    in_talk = talk.filter(comment__pk=reply.parent_id) | talk.filter(
        comment__parent=reply.parent_id, comment__status=CommentStatus.APPROVED
    )
    for subscription in in_talk.select_related("comment").exclude(comment=reply):
        if subscription.comment.email != reply.email:
            mails.tell_of_reply(subscription, reply, at=at)


def _locked(subscription_id: int) -> ReplySubscription:
    rows = ReplySubscription.objects.select_for_update(of=["self"]).select_related("comment")
    found = rows.filter(pk=subscription_id).first()
    if found is None:
        raise NoSuchWish
    return found


def _replies_since(comment: Comment) -> list[Comment]:
    replies = Comment.objects.filter(
        parent=comment.parent_id or comment.pk,
        status=CommentStatus.APPROVED,
        posted_at__gt=comment.posted_at,
    )
    return list(replies.exclude(pk=comment.pk).exclude(email=comment.email).order_by("pk"))
