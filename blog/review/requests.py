"""Ask a professional to review an article; write `ReviewRequest`."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from wagtail.log_actions import log
from wagtail.models import Revision

from accounts.models import User
from blog.models import ArticlePage, Person
from blog.models.reviews import ReviewRequest
from blog.review import mails, workflow
from blog.review.content_hash import content_hash
from blog.review.independence import hands_in, refuse_if_involved
from blog.review.links import LINK_LIFE, digest_of, new_nonce, token_of


class CannotReview(ValueError):
    """This person is no clinical reviewer, or cannot be reached."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name} {why}.")


class NotFinished(ValueError):
    """The draft lacks something that every published article has."""

    def __init__(self, fields: list[str]) -> None:
        super().__init__(f"The article is not finished: look at {', '.join(fields)} first.")


class ScheduledAlready(ValueError):
    """A version of the article waits for its moment to go live."""

    def __init__(self) -> None:
        super().__init__("The article is scheduled. Cancel the schedule before asking again.")


class NotWaiting(ValueError):
    """The request was answered, taken back or has grown too old."""

    def __init__(self) -> None:
        super().__init__("This request was answered, withdrawn or has expired.")


def request_review(
    *, page_id: int, reviewer_id: int, message: str = "", by: User, at: dt.datetime
) -> ReviewRequest:
    """Ask one professional about the newest draft; earlier questions about it are taken back.

    :raises CannotReview: if the person is no reviewer, or has neither address nor account.
    :raises NotIndependent: if they wrote or last edited it.
    :raises NotFinished: if it lacks what a published article needs.
    :raises ScheduledAlready: if a version of it is scheduled.
    """
    with transaction.atomic():
        page = ArticlePage.objects.select_for_update().get(pk=page_id)
        if page.approved_schedule:
            raise ScheduledAlready
        revision = page.get_latest_revision() or page.save_revision(user=by)
        draft = _finished(revision)
        reviewer = Person.objects.select_related("user").get(pk=reviewer_id)
        _refuse_if_unable(reviewer)
        refuse_if_involved(hands_in(draft, revision), reviewer)
        page.review_requests.withdraw()
        nonce = new_nonce()
        request = ReviewRequest.objects.create(
            page=page,
            revision=revision,
            content_hash=content_hash(draft),
            reviewer=reviewer,
            requested_by=by,
            message=message.strip(),
            requested_at=at,
            expires_at=at + LINK_LIFE,
            nonce=nonce,
            token_digest=digest_of(token_of(nonce)),
        )
        workflow.start(page, by)
        mails.ask(request, at=at)
        log(instance=page, action="blog.review.ask", user=by, data={"reviewer": reviewer.name})
    return request


def resend(*, request_id: int, by: User, at: dt.datetime) -> ReviewRequest:
    """Send a new link, good for as long as a first one; the old one leads nowhere from now on.

    :raises NotWaiting: if the request was answered or taken back.
    """
    with transaction.atomic():
        request = ReviewRequest.objects.select_for_update().get(pk=request_id)
        if not request.is_waiting:
            raise NotWaiting
        request.nonce = new_nonce()
        request.token_digest = digest_of(token_of(request.nonce))
        request.expires_at = at + LINK_LIFE
        request.save(update_fields=["nonce", "token_digest", "expires_at"])
        mails.ask(request, at=at)
        log(instance=request.page, action="blog.review.resend", user=by)
    return request


def withdraw(*, request_id: int, by: User, at: dt.datetime) -> None:
    """Take a question back: its link leads nowhere, and the article can be edited again.

    :raises NotWaiting: if it was answered or taken back already.
    """
    with transaction.atomic():
        if not ReviewRequest.objects.filter(pk=request_id).withdraw():
            raise NotWaiting
        request = ReviewRequest.objects.select_related("page").get(pk=request_id)
        ReviewRequest.objects.filter(pk=request_id).update(answered_at=at)
        state = request.page.current_workflow_state
        if state is not None and workflow.is_clinical(request.page.current_workflow_task):
            state.cancel(user=by)
        log(instance=request.page, action="blog.review.withdraw", user=by)


def _finished(revision: Revision) -> ArticlePage:
    draft: ArticlePage = revision.as_object()
    try:
        draft.full_clean()
    except ValidationError as error:
        labels = {ArticlePage._meta.get_field(name).verbose_name for name in error.error_dict}
        raise NotFinished(sorted(map(str, labels))) from error
    return draft


def _refuse_if_unable(reviewer: Person) -> None:
    if not reviewer.may_review:
        raise CannotReview(reviewer.name, "is no clinical reviewer")
    if not mails.address_of(reviewer):
        raise CannotReview(reviewer.name, "has no e-mail address")
