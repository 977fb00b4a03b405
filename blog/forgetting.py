"""What of readers is forgotten, and when: nothing is kept that nobody needs any more."""

import datetime as dt
from typing import Final

from django.db import transaction
from django.db.models import Q

from blog import private_questions
from blog.comments import mails
from blog.models import Comment, CommentStatus, ReplySubscription
from blog.spam import networks, rates

# Long enough for a second look at what was put away.
UNWANTED_KEPT: Final = dt.timedelta(days=30)
UNPROVED_KEPT: Final = dt.timedelta(days=30)
BATCH: Final = 1_000


def forget_old(*, at: dt.datetime) -> None:
    """Drop spam and rejected comments, unproved addresses, private questions, counts and salts."""
    unwanted = Comment.objects.filter(
        Q(decided_at__isnull=True) | Q(decided_at__lt=at - UNWANTED_KEPT),
        status__in=[CommentStatus.SPAM, CommentStatus.REJECTED],
        posted_at__lt=at - UNWANTED_KEPT,
    )
    while rows := list(unwanted.values_list("pk", flat=True)[:BATCH]):
        _forget_comments(rows)
    _forget_unproved(at)
    private_questions.forget_old(at=at)
    rates.forget(at=at)
    networks.forget_salts(at=at)


@transaction.atomic
def _forget_comments(comment_ids: list[int]) -> None:
    """Delete comments with the answers to them, and name nobody in the mails about any."""
    answers = Comment.objects.filter(parent__in=comment_ids).values_list("pk", flat=True)
    mails.forget_about([*comment_ids, *answers])
    Comment.objects.filter(pk__in=comment_ids).delete()


@transaction.atomic
def _forget_unproved(at: dt.datetime) -> None:
    """Drop wishes whose address nobody proved: somebody else may have typed it."""
    old = ReplySubscription.objects.select_for_update().filter(
        confirmed_at__isnull=True, asked_at__lt=at - UNPROVED_KEPT
    )
    ids = list(old.values_list("pk", flat=True))
    mails.forget_unproved(ids)
    ReplySubscription.objects.filter(pk__in=ids).delete()
