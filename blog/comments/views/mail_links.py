"""What the links in mails open: a page that says what a button will do, and the button."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.models import User
from blog.comments import links, moderation, permissions, subscriptions, threads
from blog.comments.links import Act, LinkExpired, LinkInvalid, Wish
from blog.comments.views.answers import secret_page
from blog.models import Comment, ReplySubscription

VERBS = {
    Act.APPROVE: moderation.approve,
    Act.REJECT: moderation.reject,
    Act.SPAM: moderation.mark_spam,
}
_SECURE_METHODS = ["GET", "HEAD", "POST"]


@secret_page
@require_http_methods(_SECURE_METHODS)
def decide(request: HttpRequest, token: str) -> HttpResponse:
    """Let a moderator do the one thing that the link is for; looking at it does nothing."""
    at = timezone.now()
    try:
        decision = links.read_decision(token, at=at)
    except LinkInvalid as refusal:
        return _problem(request, refusal, status=404)
    except LinkExpired as refusal:
        return _problem(request, refusal, status=410)
    moderator = User.objects.filter(pk=decision.moderator_id).first()
    comment = Comment.objects.select_related("article").filter(pk=decision.comment_id).first()
    if comment is None or moderator is None or not permissions.may_moderate(moderator):
        return _problem(request, LinkExpired(), status=410)
    context = {
        "act": str(decision.act),
        "comment": comment,
        "paragraphs": threads.paragraphs(comment.text),
        "is_settled": comment.status not in _from(decision.act),
        "is_done": False,
    }
    if request.method != "POST":
        return render(request, "blog/comments/decide.html", context)
    try:
        context["comment"] = VERBS[decision.act](comment_id=comment.pk, by=moderator, at=at)
        context["is_done"] = True
    except moderation.TransitionRefused as refusal:
        context |= {"comment": refusal.comment, "is_settled": True}
    status = 200 if context["is_done"] else 409
    return render(request, "blog/comments/decide.html", context, status=status)


@secret_page
@require_http_methods(_SECURE_METHODS)
def replies(request: HttpRequest, token: str) -> HttpResponse:
    """Let a reader confirm that they want to hear of replies, or end it."""
    at = timezone.now()
    try:
        asked = links.read_replies(token, at=at)
    except LinkInvalid as refusal:
        return _problem(request, refusal, status=404)
    except LinkExpired as refusal:
        return _problem(request, refusal, status=410)
    found = ReplySubscription.objects.select_related("comment__article")
    subscription = found.filter(pk=asked.subscription_id).first()
    if subscription is None:
        return _problem(request, subscriptions.NoSuchWish(), status=410)
    context = {
        "article": subscription.comment.article,
        "is_stopping": asked.wish == Wish.STOP,
        "is_done": False,
    }
    if request.method == "POST":
        verb = subscriptions.end if asked.wish == Wish.STOP else subscriptions.confirm
        try:
            verb(subscription_id=subscription.pk, at=at)
        except subscriptions.NoSuchWish as refusal:
            return _problem(request, refusal, status=410)
        context["is_done"] = True
    return render(request, "blog/comments/replies.html", context)


def _from(act: Act) -> set[str]:
    """Return the statuses that an act can begin from."""
    to = {Act.APPROVE: "APPROVED", Act.REJECT: "REJECTED", Act.SPAM: "SPAM"}[act]
    return {str(was) for was, nexts in moderation.NEXT.items() if to in nexts}


def _problem(request: HttpRequest, refusal: Exception, *, status: int) -> HttpResponse:
    context = {"problem": str(refusal)}
    return render(request, "blog/comments/link_problem.html", context, status=status)
