"""Articles that are to be reviewed again: shown to staff, and told once by mail."""

import datetime as dt
from email.utils import parseaddr

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from blog.models import ArticlePage, ReviewStatus
from blog.models.reviews import ReviewRequest
from blog.review import mails

# How long before its day a review is put on the list.
AHEAD = dt.timedelta(days=30)
_WORKS_HERE = "wagtailadmin.access_admin"


def soon(today: dt.date) -> QuerySet[ArticlePage]:
    """Return live articles that are due within a month, overdue or never reviewed."""
    articles: QuerySet[ArticlePage] = (
        ArticlePage.objects.live()
        .filter(Q(next_review_on__lte=today + AHEAD) | Q(reviewer=None))
        .select_related("reviewer", "approval", "owner")
        .order_by("next_review_on", "pk")
    )
    return articles


def now_due(today: dt.date) -> QuerySet[ArticlePage]:
    """Return live articles whose day has come."""
    due: QuerySet[ArticlePage] = soon(today).filter(next_review_on__lte=today)
    return due


def state_of(page: ArticlePage) -> str:
    """Say how the review of an article stands."""
    if page.next_review_on is None:
        return "never reviewed"
    today = timezone.localdate()
    if page.next_review_on < today:
        return "overdue"
    return "due today" if page.next_review_on == today else "due soon"


def remind(*, at: dt.datetime) -> int:
    """Tell whoever looks after an article that its review is due; once for each approval."""
    told = 0
    today = timezone.localdate(at)
    for page in now_due(today).iterator():
        if page.approval is not None:
            told += mails.tell_due(page.approval, to=_caretaker(page), at=at)
    return told


def _caretaker(page: ArticlePage) -> str:
    """Return the address of whoever asked for the last review, or owns the page, or the shop's."""
    asked = ReviewRequest.objects.filter(page=page.pk, status=ReviewStatus.APPROVED)
    latest = asked.select_related("requested_by").first()
    if latest is not None and latest.requested_by.has_perm(_WORKS_HERE):
        return latest.requested_by.email
    if page.owner is not None and page.owner.has_perm(_WORKS_HERE):
        return str(page.owner.email)
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
