"""Writing a comment: the form, what is asked before it is taken, and the word of thanks."""

import datetime as dt
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from blog import health_talk, private_questions
from blog.comments import closing, own_cookie, posting, stamps, threads
from blog.comments.forms import CommentForm, PrivateQuestionForm, WrittenForm
from blog.comments.views.answers import SeeOther, own_page
from blog.models import ArticlePage, Comment, CommentStatus
from blog.spam import networks, rates

# How long a reader still sees that their comment waits.
SHOWN_AS_WAITING = dt.timedelta(days=30)
CHECK = "Your comment is not sent yet. Please check it, then send it."


@own_page
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, article_id: int) -> HttpResponse:
    """Show the form, or take what was written in it."""
    article = readable(article_id)
    if request.method == "POST":
        return _take(request, article)
    form = CommentForm()
    return _form_page(request, article, form, parent=_parent(article, request.GET.get("to")))


@own_page
@require_POST
def ask_in_private(request: HttpRequest, article_id: int) -> HttpResponse:
    """Take what would have told of somebody's health as a question for the clinic alone."""
    article = readable(article_id)
    form = PrivateQuestionForm(request.POST)
    at = timezone.now()
    try:
        stamp = stamps.read(request.POST.get("stamp", ""), article_id=article.pk, at=at)
    except (stamps.NoStamp, stamps.TooFast):
        stale = ValueError("This page stood open for too long. Please send it once more.")
        return _offer_page(request, article, form, refusal=stale, status=422)
    if not form.is_valid():
        return _offer_page(request, article, form, status=422)
    typed = form.cleaned_data
    question = private_questions.Question(
        typed["name"], typed["email"], typed["text"], submission_key=stamp.key
    )
    try:
        origin = networks.origin_of(request, at=at)
        private_questions.ask(article=article, question=question, origin=origin, at=at)
    except rates.TooMany as refusal:
        return _offer_page(request, article, form, refusal=refusal, status=429)
    return SeeOther(reverse("comments:thanks", args=[article.pk]) + "?in=private")


@own_page
@require_safe
def thanks(request: HttpRequest, article_id: int) -> HttpResponse:
    """Say what becomes of what was sent, and show it."""
    article = readable(article_id)
    context = {
        "article": article,
        "is_private": request.GET.get("in") == "private",
        "own": _own_waiting(request, article),
    }
    return render(request, "blog/comments/thanks.html", context)


@own_page
@require_safe
def mine(request: HttpRequest, article_id: int) -> HttpResponse:
    """Give the part of an article's page that is the reader's own: a stamp, and what waits."""
    article = readable(article_id)
    context = {
        "stamp": stamps.make(article_id=article.pk, at=timezone.now()),
        "own": _own_waiting(request, article),
    }
    return render(request, "blog/comments/_mine.html", context)


@own_page
@require_safe
def find(_request: HttpRequest, comment_id: int) -> HttpResponse:
    """Lead to a public comment, on whatever page of its article it stands by now."""
    comment = get_object_or_404(
        Comment.objects.select_related("article"),
        Q(parent__isnull=True) | Q(parent__status=CommentStatus.APPROVED),
        pk=comment_id,
        status=CommentStatus.APPROVED,
    )
    address = readable(comment.article_id).url or "/"
    page = threads.page_of(comment)
    query = f"?{threads.PARAMETER}={page}" if page > 1 else ""
    return redirect(f"{address}{query}#{comment.anchor}")


def readable(article_id: int) -> ArticlePage:
    """Return an article that everybody may read.

    :raises Http404: if there is none.
    """
    found: ArticlePage = get_object_or_404(ArticlePage.objects.readable(), pk=article_id)
    return found


def _take(request: HttpRequest, article: ArticlePage) -> HttpResponse:
    """Take a comment, or say what is in its way with everything that was typed."""
    form, at = CommentForm(request.POST), timezone.now()
    parent = _parent(article, request.POST.get("to"))
    if not form.is_valid():
        return _form_page(request, article, form, parent=parent, status=422)
    try:
        stamp = stamps.read(request.POST.get("stamp", ""), article_id=article.pk, at=at)
    except stamps.NoStamp:
        return _form_page(request, article, form, parent=parent, notice=CHECK)
    except stamps.TooFast as refusal:
        return _form_page(request, article, form, parent=parent, notice=str(refusal), status=422)
    is_meant = request.POST.get("post_anyway") == "1"
    if not is_meant and health_talk.reads_as_own_health(form.cleaned_data["text"]):
        return _offer_page(request, article, form, parent=parent)
    return _post(request, article, form, parent=parent, stamp=stamp, at=at)


def _post(
    request: HttpRequest,
    article: ArticlePage,
    form: CommentForm,
    *,
    parent: Comment | None,
    stamp: stamps.Stamp,
    at: dt.datetime,
) -> HttpResponse:
    typed = form.cleaned_data
    draft = posting.Draft(
        name=typed["name"],
        email=typed["email"],
        text=typed["text"],
        submission_key=stamp.key,
        parent_id=parent.pk if parent else None,
        wants_replies=typed["wants_replies"],
    )
    sender = posting.Sender(
        networks.origin_of(request, at=at),
        address=networks.address_of(request),
        user_agent=request.headers.get("User-Agent", ""),
    )
    try:
        comment = posting.post(article=article, draft=draft, sender=sender, at=at)
    except rates.TooMany as refusal:
        answer = _form_page(request, article, form, parent=parent, refusal=refusal, status=429)
        answer["Retry-After"] = str(refusal.seconds)
        return answer
    except (closing.CommentsClosed, posting.NothingToReplyTo) as refusal:
        return _form_page(request, article, form, refusal=refusal, status=422)
    response = SeeOther(reverse("comments:thanks", args=[article.pk]))
    own_cookie.remember(request, response, comment_id=comment.pk)
    return response


def _form_page(
    request: HttpRequest,
    article: ArticlePage,
    form: CommentForm,
    *,
    parent: Comment | None = None,
    notice: str = "",
    refusal: Exception | None = None,
    status: int = 200,
) -> HttpResponse:
    at = timezone.now()
    if refusal is not None and form.is_valid():
        form.add_error(None, str(refusal))
    context: dict[str, Any] = {
        "article": article,
        "form": form,
        "parent": parent,
        "parent_paragraphs": threads.paragraphs(parent.text) if parent else [],
        "notice": notice,
        "post_anyway": request.POST.get("post_anyway") == "1",
        "are_open": closing.are_open(article, closing.settings_now(), at=at),
        "stamp": stamps.make(article_id=article.pk, at=at),
    }
    return render(request, "blog/comments/write.html", context, status=status)


def _offer_page(
    request: HttpRequest,
    article: ArticlePage,
    form: WrittenForm,
    *,
    parent: Comment | None = None,
    refusal: Exception | None = None,
    status: int = 200,
) -> HttpResponse:
    """Offer to send in private what tells of somebody's health; what was typed is kept."""
    if refusal is not None and form.is_valid():
        form.add_error(None, str(refusal))
    is_refused = isinstance(form, PrivateQuestionForm)
    fresh = stamps.make(article_id=article.pk, at=timezone.now())
    context = {
        "article": article,
        "parent": parent,
        "private_form": form if is_refused else PrivateQuestionForm(initial=form.cleaned_data),
        "public_form": CommentForm(initial=request.POST.dict(), auto_id="public-%s"),
        "typed": request.POST,
        # The first form was shown long enough for somebody to write all this.
        "stamp": fresh if isinstance(refusal, ValueError) else request.POST.get("stamp", ""),
    }
    return render(request, "blog/comments/health_offer.html", context, status=status)


def _parent(article: ArticlePage, typed: str | None) -> Comment | None:
    """Return the public comment that a form answers; none if it is no longer there."""
    is_number = bool(typed) and str(typed).isascii() and str(typed).isdigit()
    if not is_number or len(str(typed)) > 18:
        return None
    shown = Comment.objects.shown_on(article.pk)
    return shown.filter(pk=int(str(typed))).first()


def _own_waiting(request: HttpRequest, article: ArticlePage) -> list[Comment]:
    """Return what this browser sent that no moderator has decided on; spam looks the same."""
    ids = own_cookie.ids_from(request)
    if not ids:
        return []
    undecided = Comment.objects.filter(
        pk__in=ids,
        article=article,
        status__in=[CommentStatus.WAITING, CommentStatus.SPAM],
        decided_at__isnull=True,
        posted_at__gt=timezone.now() - SHOWN_AS_WAITING,
    )
    return list(undecided.order_by("posted_at"))
