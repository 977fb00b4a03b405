"""What a professional sees behind their link: the article as readers would, and two buttons."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from blog.models import ReviewRequest
from blog.review import answers
from blog.review.content_hash import content_hash
from blog.review.forms import ReviewForm
from blog.review.links import TooManyGuesses, request_behind
from blog.review.parts import parts_of
from blog.review.requests import NotWaiting

_REFUSALS = (
    answers.NotSigned,
    answers.ContentChanged,
    answers.ReviewTooSoon,
    PermissionDenied,
)


class NotTheReviewer(PermissionDenied):
    """Somebody else's account is signed in."""

    def __init__(self, name: str) -> None:
        super().__init__(f"You are signed in here as somebody else. Only {name} can answer.")


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, token: str) -> HttpResponse:
    """Show one draft to the professional who was asked about it, and take their answer."""
    try:
        asked = request_behind(request, token, at=timezone.now())
    except TooManyGuesses:
        return _too_many(request)
    draft = asked.revision.as_object()
    if content_hash(draft) != asked.content_hash:
        # What they were asked about is no longer there to be shown.
        raise Http404("No review is found here.")
    form = ReviewForm(
        request.POST or None, parts=parts_of(draft.body), reviewer_name=asked.reviewer.name
    )
    if request.method == "POST" and form.is_valid() and _take_answer(request, asked, form):
        return private(HttpResponseRedirect(reverse("blog:review_thanks"), status=303))
    return private(_page(request, asked, draft, form, token))


@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    """Say that an answer has arrived; the link that led here is used up."""
    return private(render(request, "blog/review_thanks.html"))


def _take_answer(request: HttpRequest, asked: ReviewRequest, form: ReviewForm) -> bool:
    at = timezone.now()
    by = request.user if request.user.is_authenticated else None
    try:
        if by is not None and by.pk != asked.reviewer.user_id:
            raise NotTheReviewer(asked.reviewer.name)
        if form.is_approval:
            answers.approve(
                request_id=asked.pk,
                answer=form.answer(),
                next_review_on=form.next_review,
                at=at,
                by=by,
            )
        else:
            answers.ask_for_changes(request_id=asked.pk, answer=form.answer(), at=at, by=by)
    except NotWaiting as refusal:
        raise Http404("No review is found here.") from refusal
    except answers.NotSigned as refusal:
        form.add_error("signed_as", str(refusal))
    except answers.ReviewTooSoon as refusal:
        form.add_error("next_review_on", str(refusal))
    except _REFUSALS as refusal:
        form.add_error(None, str(refusal))
    return not form.errors


def _page(
    request: HttpRequest, asked: ReviewRequest, draft: Any, form: ReviewForm, token: str
) -> HttpResponse:
    request.is_preview = True  # type: ignore[attr-defined]
    context = {
        **draft.get_context(request),
        "review": asked,
        "form": form,
        "token": token,
    }
    return render(request, "blog/review_page.html", context)


def _too_many(request: HttpRequest) -> HttpResponse:
    response = private(render(request, "429.html", status=429))
    response["Retry-After"] = "300"
    return response


def private(response: HttpResponse) -> HttpResponse:
    """Keep a page out of every cache and its address out of every referrer and index."""
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
