"""The gate: no article can be read unless somebody has approved exactly what it says.

Every way of publishing ends in `ArticlePage.save`, which asks here: the editor's button, workflows,
the schedule, older revisions, copies, aliases, translations, bulk actions, scripts.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from blog.models.reviews import Approval
from blog.review.content_hash import NOT_TOLD, content_hash

if TYPE_CHECKING:
    from blog.models import ArticlePage

# Written here alone, from the approval that the live content stands on.
OF_THE_APPROVAL = ("approval", "reviewer", "last_reviewed_on", "next_review_on")
_CHANGES_NOTHING = NOT_TOLD - {"live"}


class NotApproved(PermissionDenied):
    """Nobody has approved what this article says now."""

    def __init__(self, title: str) -> None:
        super().__init__(f"“{title}” is not published: what it says now has no clinical approval.")


def approval_of(page: "ArticlePage") -> Approval | None:
    """Return what allows this page, or draft of one, to be read as it is; two queries."""
    return approval_of_content(content_hash(page))


def approval_of_content(digest: str) -> Approval | None:
    """Return the newest approval of a content; a review counts for more than being let through."""
    approvals = Approval.objects.filter(content_hash=digest).select_related("reviewer")
    # “REVIEWED” comes after “LET_THROUGH”.
    return approvals.order_by("-kind", "-approved_at", "-pk").first()


def may_be_published(page: "ArticlePage") -> bool:
    """Whether the gate would let this page, or draft of one, through."""
    return not settings.ARTICLES_NEED_REVIEW or approval_of(page) is not None


def check(page: "ArticlePage", *, update_fields: Collection[str] | None) -> Collection[str] | None:
    """Note on a page that is about to be stored what it stands on; return the fields to store.

    :raises NotApproved: if it would be live and nobody has approved what it says.
    """
    if update_fields is None:
        _stand(page)
        return None
    if _CHANGES_NOTHING.issuperset(update_fields):
        return update_fields
    stored = _as_it_will_be(page, update_fields)
    _stand(stored)
    for name in OF_THE_APPROVAL:
        setattr(page, name, getattr(stored, name))
    return {*update_fields, *OF_THE_APPROVAL}


def stand_on(page: "ArticlePage", approval: Approval | None) -> None:
    """Note on a page which approval it stands on, and what readers are told of it."""
    review = approval if approval is not None and approval.is_review else None
    page.approval = approval
    page.reviewer = review.reviewer if review else None
    page.last_reviewed_on = timezone.localdate(review.approved_at) if review else None
    page.next_review_on = review.next_review_on if review else None


def _stand(page: "ArticlePage") -> None:
    approval = approval_of(page) if page.live else None
    if page.live and approval is None and settings.ARTICLES_NEED_REVIEW:
        raise NotApproved(page.title)
    if approval is not None or settings.ARTICLES_NEED_REVIEW:
        stand_on(page, approval)


def _as_it_will_be(page: "ArticlePage", update_fields: Collection[str]) -> "ArticlePage":
    """Return the stored page with some fields of another copy of it."""
    stored: ArticlePage = type(page).objects.get(pk=page.pk)
    relations = {relation.get_accessor_name() for relation in page._meta.related_objects}
    for name in update_fields:
        value = getattr(page, name)
        setattr(stored, name, value.all() if name in relations else value)
    return stored
