"""Take a reader's complaint about a public comment."""

import datetime as dt
from typing import Final

from django.db import transaction
from django.db.models import F

from blog.comments import mails
from blog.models import Comment, CommentReport
from blog.spam import rates
from blog.spam.networks import Origin
from blog.spam.rates import Limit

LIMITS: Final = (
    Limit("report-10m", 5, dt.timedelta(minutes=10)),
    Limit("report-1d", 20, dt.timedelta(days=1)),
)
# More say nothing new.
MOST_OPEN: Final = 20


class NotPublic(Exception):
    """A comment that nobody can read cannot be reported."""

    def __init__(self) -> None:
        super().__init__("This comment is no longer public.")


def report(*, comment_id: int, reason: str, note: str, origin: Origin, at: dt.datetime) -> None:
    """Note a complaint, and let moderators know of the first one.

    :raises TooMany: if the sender complained a lot lately.
    :raises NotPublic: if the comment is not public any more.
    """
    rates.count([(limit, origin.address) for limit in LIMITS], at=at)
    with transaction.atomic():
        reportable = Comment.objects.reportable().select_for_update(of=["self"])
        comment = reportable.filter(pk=comment_id).first()
        if comment is None:
            raise NotPublic
        if comment.open_reports >= MOST_OPEN:
            return
        CommentReport.objects.create(comment=comment, reason=reason, note=note, reported_at=at)
        Comment.objects.filter(pk=comment_id).update(open_reports=F("open_reports") + 1)
        if not comment.open_reports:
            mails.tell_of_report(comment, at=at)
