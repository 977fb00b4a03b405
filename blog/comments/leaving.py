"""Take back what somebody wrote who leaves for good; what others answered stays."""

from collections.abc import Collection
from typing import Final

from django.db import transaction

from blog.models import Comment, CommentReport, CommentStatus, ReplySubscription
from blog.spam import words
from freshness.changes import changed

NAME: Final = "Somebody who has left"
TEXT: Final = "This comment was taken back by its writer."
_NOBODY: Final = "deleted-comment@deleted.invalid"


@transaction.atomic
def take_back_all(*, emails: Collection[str]) -> None:
    """Delete the comments of some addresses; where others answered, an empty place is left."""
    written = Comment.objects.select_for_update().filter(email__in=emails, is_from_staff=False)
    for comment in written.order_by("pk"):
        if comment.learned_as:
            words.unlearn(f"{comment.name} {comment.text}", was=comment.learned_as)
        if comment.status == CommentStatus.APPROVED:
            changed(comment.tag)
        if comment.replies.exclude(email__in=emails).exists():
            _empty(comment)
        else:
            # Answers that are one's own go along.
            comment.delete()


def _empty(comment: Comment) -> None:
    ReplySubscription.objects.filter(comment=comment).delete()
    CommentReport.objects.filter(comment=comment).delete()
    comment.name, comment.email, comment.text = NAME, _NOBODY, TEXT
    comment.fingerprint = comment.network = comment.learned_as = ""
    comment.spam_reasons, comment.open_reports = [], 0
    comment.submission_key = None
    comment.save()
