"""Keep what a reviewer answers; write `Approval`, and the end of a `ReviewRequest`."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Revision

from accounts.models import User
from blog.models import ArticlePage, Person
from blog.models.reviews import Approval, ApprovalKind, ReviewRequest, ReviewStatus
from blog.review import gate, mails, workflow
from blog.review.content_hash import content_hash
from blog.review.independence import hands_in, refuse_if_involved
from blog.review.requests import CannotReview, NotWaiting

# Health texts are looked at again after a year unless the reviewer says sooner.
USUAL_INTERVAL = dt.timedelta(days=365)


class ContentChanged(ValueError):
    """The article no longer says what somebody was asked about."""

    def __init__(self) -> None:
        super().__init__("The article has changed since the request; ask for a review of it again.")


class NotSigned(ValueError):
    """The name that was typed is not the reviewer's."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Type your name as it stands here: {name}.")


class ReviewTooSoon(ValueError):
    """The next review would be due before this one has ended."""

    def __init__(self) -> None:
        super().__init__("The next review must be due on a later day than today.")


class NoReason(ValueError):
    """Nothing is let through without saying why."""

    def __init__(self) -> None:
        super().__init__("Say why this may be read without a clinical review.")


@dataclass(frozen=True)
class Answer:
    """What a reviewer says, and the name they put under it."""

    signed_as: str
    remarks: str = ""
    remarks_on_parts: Mapping[str, str] = field(default_factory=dict)


def approve(
    *,
    request_id: int,
    answer: Answer,
    next_review_on: dt.date,
    at: dt.datetime,
    by: User | None = None,
) -> Approval:
    """Approve what the request is about; its marketer may publish or schedule it from now on.

    :param by: the account it is answered from; none when it is answered by its link.
    :raises NotWaiting: if it was answered, taken back or has expired.
    :raises NotSigned: if the name is not the reviewer's.
    :raises ContentChanged: if the article says something else now.
    :raises NotIndependent: if the reviewer had a hand in it after all.
    :raises ReviewTooSoon: if the next review is not after today.
    """
    with transaction.atomic():
        request = _answerable(request_id, answer, at=at)
        if request.page.latest_revision_id != request.revision_id:
            _refuse_if_changed(request, request.page.get_latest_revision())
        approval = record_review(
            revision=request.revision,
            reviewer=request.reviewer,
            next_review_on=next_review_on,
            at=at,
            by=by,
        )
        request.approval = approval
        _note_answer(request, ReviewStatus.APPROVED, answer, at=at)
        workflow.end_task(request.page, by, is_approved=True)
        mails.tell_answer(request, at=at)
        data = {"reviewer": approval.reviewer_name}
        log(instance=request.page, action="blog.review.approve", user=by, data=data)
    return approval


def ask_for_changes(
    *, request_id: int, answer: Answer, at: dt.datetime, by: User | None = None
) -> ReviewRequest:
    """Send an article back to its writer with remarks; it can be edited again.

    :raises NotWaiting: if it was answered, taken back or has expired.
    :raises NotSigned: if the name is not the reviewer's.
    """
    with transaction.atomic():
        request = _answerable(request_id, answer, at=at)
        _note_answer(request, ReviewStatus.CHANGES_ASKED, answer, at=at)
        workflow.end_task(request.page, by, is_approved=False)
        mails.tell_answer(request, at=at)
        data = {"reviewer": request.reviewer.name}
        log(instance=request.page, action="blog.review.changes", user=by, data=data)
    return request


def record_review(
    *,
    revision: Revision,
    reviewer: Person,
    next_review_on: dt.date,
    at: dt.datetime,
    by: User | None = None,
) -> Approval:
    """Write down that a professional has approved a revision.

    Pages that show this content already tell of the new review at once.

    :raises CannotReview: if the person is no clinical reviewer.
    :raises NotIndependent: if they had a hand in it.
    :raises ReviewTooSoon: if the next review is not after this one.
    """
    draft = revision.as_object()
    if not reviewer.may_review:
        raise CannotReview(reviewer.name, "is no clinical reviewer")
    refuse_if_involved(hands_in(draft, revision), reviewer, by=by)
    if next_review_on <= timezone.localdate(at):
        raise ReviewTooSoon
    credentials = [reviewer.credentials or reviewer.role, reviewer.registration_number]
    approval = Approval.objects.create(
        kind=ApprovalKind.REVIEWED,
        page_id=draft.pk,
        revision=revision,
        page_title=draft.title,
        content_hash=content_hash(draft),
        reviewer=reviewer,
        reviewer_name=reviewer.name,
        reviewer_credentials=", ".join(filter(None, credentials)),
        by=by,
        approved_at=at,
        next_review_on=next_review_on,
    )
    for live in ArticlePage.objects.filter(live=True, approval__content_hash=approval.content_hash):
        gate.stand_on(live, approval)
        live.save(update_fields=gate.OF_THE_APPROVAL, clean=False)
    return approval


def let_through(
    *, page: ArticlePage, reason: str, at: dt.datetime, by: User | None = None
) -> Approval:
    """Write down that an article may be read without a review, such as one that was moved in.

    Its page names no reviewer. Any edit drops this as it drops a review.

    :raises NoReason: if no reason is given.
    """
    if not reason.strip():
        raise NoReason
    log(instance=page, action="blog.review.let_through", user=by, data={"reason": reason.strip()})
    return Approval.objects.create(
        kind=ApprovalKind.LET_THROUGH,
        page_id=page.pk,
        revision_id=page.latest_revision_id,
        page_title=page.title,
        content_hash=content_hash(page),
        by=by,
        reason=reason.strip(),
        approved_at=at,
    )


def _refuse_if_changed(request: ReviewRequest, revision: Revision) -> None:
    if content_hash(revision.as_object()) != request.content_hash:
        raise ContentChanged


def _answerable(request_id: int, answer: Answer, *, at: dt.datetime) -> ReviewRequest:
    waiting = ReviewRequest.objects.select_for_update(of=("self",)).answerable(at)
    request = waiting.select_related("reviewer", "revision", "page").filter(pk=request_id).first()
    if request is None:
        raise NotWaiting
    if _name(answer.signed_as) != _name(request.reviewer.name):
        raise NotSigned(request.reviewer.name)
    _refuse_if_changed(request, request.revision)
    return request


def _name(text: str) -> str:
    return " ".join(text.replace(".", " ").split()).casefold()


def _note_answer(
    request: ReviewRequest, status: ReviewStatus, answer: Answer, *, at: dt.datetime
) -> None:
    request.status = status
    request.answered_at = at
    request.signed_as = " ".join(answer.signed_as.split())
    request.remarks = answer.remarks.strip()
    said = {part: text.strip() for part, text in answer.remarks_on_parts.items()}
    request.remarks_on_parts = {part: text for part, text in said.items() if text}
    request.save()
