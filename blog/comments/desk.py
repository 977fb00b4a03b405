"""What a moderator sees beside a comment: the talk it belongs to, and who wrote it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from blog.models import Comment, CommentReport, CommentStatus

OTHERS_SHOWN = 20


@dataclass(frozen=True)
class History:
    """How often one address wrote, and what became of it."""

    public: int
    waiting: int
    rejected: int
    spam: int
    others: list[Comment]

    @property
    def is_first(self) -> bool:
        return not (self.public or self.rejected or self.spam)


def workspace(comment: Comment) -> dict[str, Any]:
    """Return what the screen of a comment shows beside it."""
    root = comment.parent_id or comment.pk
    talk = Comment.objects.filter(Q(pk=root) | Q(parent=root)).exclude(pk=comment.pk)
    return {
        "article": comment.article,
        "talk": list(talk.order_by("posted_at", "pk")[:OTHERS_SHOWN]),
        "history": None if comment.is_from_staff else history(comment),
        "reports": list(CommentReport.objects.filter(comment=comment)[:OTHERS_SHOWN]),
    }


def history(comment: Comment) -> History:
    """Return what the writer of a comment wrote before and since."""
    by_person = Comment.objects.by_person(comment.email).exclude(pk=comment.pk)
    counted = dict(by_person.order_by().values_list("status").annotate(count=Count("pk")))
    return History(
        public=counted.get(CommentStatus.APPROVED, 0),
        waiting=counted.get(CommentStatus.WAITING, 0),
        rejected=counted.get(CommentStatus.REJECTED, 0),
        spam=counted.get(CommentStatus.SPAM, 0),
        others=list(by_person.select_related("article")[:OTHERS_SHOWN]),
    )
