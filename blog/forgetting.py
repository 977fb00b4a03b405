"""What of readers is forgotten, and when: nothing is kept that nobody needs any more."""

import datetime as dt
from typing import Final

from django.db.models import Q

from blog import private_questions
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
        Comment.objects.filter(pk__in=rows).delete()
    ReplySubscription.objects.filter(
        confirmed_at__isnull=True, asked_at__lt=at - UNPROVED_KEPT
    ).delete()
    private_questions.forget_old(at=at)
    rates.forget(at=at)
    networks.forget_salts(at=at)
