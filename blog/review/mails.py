"""What is written about reviews: to the professional who is asked, and to whoever asked."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse

from blog.models import ArticlePage, Person
from blog.models.reviews import Approval, ReviewRequest
from blog.review.links import link_of
from outbox import mail

ASKED = "review_asked"
ANSWERED = "review_answered"
DUE = "review_due"
HELD_BACK = "review_held_back"


def register() -> None:
    """Say what the mails read like; called once, when the app is ready."""
    mail.register_renderer(ASKED, _render_asked)
    mail.register_renderer(ANSWERED, _render_answered)
    mail.register_renderer(DUE, _render_due)
    mail.register_renderer(HELD_BACK, _render_held_back)


def address_of(person: Person) -> str:
    """Return where a person can be reached; empty if nowhere."""
    return person.email or (person.user.email if person.user else "")


def ask(request: ReviewRequest, *, at: dt.datetime) -> None:
    """Queue the mail with the link; a new link is a new mail."""
    mail.queue(
        effect_key=f"review-asked:{request.pk}:{request.nonce[:8]}",
        event=ASKED,
        to=address_of(request.reviewer),
        reference=_reference(request.page_id),
        context={"request": request.pk},
        at=at,
    )


def tell_answer(request: ReviewRequest, *, at: dt.datetime) -> None:
    """Queue the answer for whoever asked."""
    mail.queue(
        effect_key=f"review-answered:{request.pk}",
        event=ANSWERED,
        to=request.requested_by.email,
        reference=_reference(request.page_id),
        context={"request": request.pk},
        at=at,
    )


def tell_due(approval: Approval, *, to: str, at: dt.datetime) -> bool:
    """Queue the reminder that a review is due, once for each approval."""
    return mail.queue(
        effect_key=f"review-due:{approval.pk}",
        event=DUE,
        to=to,
        reference=_reference(approval.page_id),
        context={"approval": approval.pk},
        at=at,
    )


def tell_held_back(page: ArticlePage, *, revision_id: int, to: str, at: dt.datetime) -> None:
    """Queue the news that the schedule did not publish an article."""
    mail.queue(
        effect_key=f"review-held-back:{revision_id}",
        event=HELD_BACK,
        to=to,
        reference=_reference(page.pk),
        context={"page": page.pk},
        at=at,
    )


def _render_asked(context: Mapping[str, Any]) -> mail.RenderedMail:
    request = _request(context)
    names = {"review": request, "review_url": link_of(request), "title": _title(request)}
    return mail.render(event=ASKED, subject=f"Please review: {_title(request)}", context=names)


def _render_answered(context: Mapping[str, Any]) -> mail.RenderedMail:
    request = _request(context)
    said = "approved" if request.approval_id else "asks for changes to"
    subject = f"{request.reviewer.name} {said} “{_title(request)}”"
    names = {
        "review": request,
        "title": _title(request),
        "is_approved": request.approval_id is not None,
        "edit_url": _edit_url(request.page_id),
    }
    return mail.render(event=ANSWERED, subject=subject, context=names)


def _render_due(context: Mapping[str, Any]) -> mail.RenderedMail:
    approval = Approval.objects.get(pk=context["approval"])
    names = {
        "approval": approval,
        "ask_url": f"{settings.SITE_URL}{reverse('reviews:ask', args=[approval.page_id])}",
    }
    subject = f"Review due: {approval.page_title}"
    return mail.render(event=DUE, subject=subject, context=names)


def _render_held_back(context: Mapping[str, Any]) -> mail.RenderedMail:
    page = ArticlePage.objects.get(pk=context["page"])
    names = {"title": page.draft_title, "edit_url": _edit_url(page.pk)}
    subject = f"Not published: {page.draft_title}"
    return mail.render(event=HELD_BACK, subject=subject, context=names)


def _request(context: Mapping[str, Any]) -> ReviewRequest:
    requests = ReviewRequest.objects.select_related("page", "reviewer", "requested_by", "revision")
    return requests.get(pk=context["request"])


def _title(request: ReviewRequest) -> str:
    return str(request.revision.object_str or request.page.draft_title)


def _edit_url(page_id: int) -> str:
    return f"{settings.SITE_URL}{reverse('wagtailadmin_pages:edit', args=[page_id])}"


def _reference(page_id: int) -> str:
    return f"article:{page_id}"
