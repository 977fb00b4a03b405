"""Which mails comments cause, and what each of them says. No mail tells a reader's address."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any, Final

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from blog.comments import closing, links, permissions
from blog.comments.links import Act, Decision, ReplyWish, Wish
from blog.models import Comment, ReplySubscription
from blog.spam import rates
from blog.spam.rates import Limit
from outbox import mail
from outbox.personal_data import forget_recipients, forget_recipients_naming

TO_MODERATE: Final = "comment_to_moderate"
REPORTED: Final = "comment_reported"
CONFIRM_REPLIES: Final = "comment_confirm_replies"
REPLIED: Final = "comment_replied"

# A flood fills the queue, never the moderators' mailboxes.
MODERATION_MAILS: Final = Limit("moderation-mails-1h", 30, dt.timedelta(hours=1))


def tell_moderators(comment: Comment, *, at: dt.datetime) -> None:
    """Write to moderators about a comment that waits, unless staff want no such mails."""
    if not closing.settings_now().mails_to_moderators:
        return
    _write_to_moderators(comment, TO_MODERATE, key="", at=at)


def tell_of_report(comment: Comment, *, at: dt.datetime) -> None:
    """Write to moderators that a public comment was reported for the first time since kept."""
    _write_to_moderators(comment, REPORTED, key=f":{at:%Y%m%d%H%M%S}", at=at)


def ask_to_confirm(subscription: ReplySubscription, comment: Comment, *, at: dt.datetime) -> None:
    """Ask an address whether it wants to hear of replies."""
    mail.queue(
        effect_key=f"replies:{subscription.pk}:confirm",
        event=CONFIRM_REPLIES,
        to=comment.email,
        reference=_reference(comment.pk),
        context={"event": CONFIRM_REPLIES, "subscription": subscription.pk},
        at=at,
    )


def tell_of_reply(subscription: ReplySubscription, reply: Comment, *, at: dt.datetime) -> None:
    """Tell somebody of one reply, once."""
    mail.queue(
        effect_key=f"replies:{subscription.pk}:reply:{reply.pk}",
        event=REPLIED,
        to=subscription.comment.email,
        reference=_reference(subscription.comment_id),
        context={"event": REPLIED, "subscription": subscription.pk, "reply": reply.pk},
        at=at,
    )


def call_off_to(subscription: ReplySubscription) -> None:
    """Tell somebody of no more replies, those included that wait to be told."""
    mail.call_off_naming(event=REPLIED, name="subscription", ids=[subscription.pk])


def call_off_about(comment: Comment) -> None:
    """Tell nobody any more of a reply that was taken away, or of those that went with it."""
    gone = [comment.pk, *comment.replies.values_list("pk", flat=True)]
    mail.call_off_naming(event=REPLIED, name="reply", ids=gone)


def forget_about(comment_ids: Collection[int]) -> None:
    """Name nobody any more whom mails about some comments went to; none that waits goes out."""
    forget_recipients([_reference(comment_id) for comment_id in comment_ids])


def forget_unproved(subscription_ids: Collection[int]) -> None:
    """Do the same with mails that asked an address about replies, and were never answered."""
    forget_recipients_naming(event=CONFIRM_REPLIES, name="subscription", ids=subscription_ids)


def _write_to_moderators(comment: Comment, event: str, *, key: str, at: dt.datetime) -> None:
    for moderator in permissions.people_who_may(permissions.MODERATE):
        try:
            rates.count([(MODERATION_MAILS, str(moderator.pk))], at=at)
        except rates.TooMany:
            continue
        mail.queue(
            effect_key=f"{_reference(comment.pk)}:{event}{key}:{moderator.pk}",
            event=event,
            to=moderator.email,
            reference=_reference(comment.pk),
            context={"event": event, "comment": comment.pk, "moderator": moderator.pk},
            at=at,
        )


def _reference(comment_id: int) -> str:
    return f"comment:{comment_id}"


# --- What they say ------------------------------------------------------------------------


def render_for_moderator(context: Mapping[str, Any]) -> mail.RenderedMail:
    """Write a mail to a moderator, with links that act for this moderator alone."""
    comment = Comment.objects.select_related("article").get(pk=context["comment"])
    moderator = User.objects.get(pk=context["moderator"])
    at = timezone.now()
    acts = {
        str(act): links.decision_url(Decision(comment.pk, moderator.pk, act), at=at) for act in Act
    }
    subject = {
        TO_MODERATE: f"A comment waits: {comment.article.title}",
        REPORTED: f"A comment was reported: {comment.article.title}",
    }[context["event"]]
    return mail.render(
        event=context["event"],
        subject=subject,
        context={
            "comment": comment,
            "article": comment.article,
            "acts": acts,
            "reports": list(comment.reports.filter(is_open=True)),
            "desk_url": settings.SITE_URL + reverse("comments_desk:inspect", args=[comment.pk]),
        },
    )


def render_for_reader(context: Mapping[str, Any]) -> mail.RenderedMail:
    """Write a mail to a reader, with the link that ends such mails."""
    subscriptions = ReplySubscription.objects.select_related("comment__article")
    subscription = subscriptions.get(pk=context["subscription"])
    reply = Comment.objects.filter(pk=context.get("reply", 0)).first()
    article, at = subscription.comment.article, timezone.now()
    subject = {
        CONFIRM_REPLIES: "Do you want to hear of replies to your comment?",
        REPLIED: f"A reply to your comment on “{article.title}”",
    }[context["event"]]
    return mail.render(
        event=context["event"],
        subject=subject,
        context={
            "name": subscription.comment.name,
            "article": article,
            "reply": reply,
            "reply_url": reply_url(reply) if reply else "",
            "confirm_url": links.replies_url(ReplyWish(subscription.pk, Wish.CONFIRM), at=at),
            "stop_url": links.replies_url(ReplyWish(subscription.pk, Wish.STOP), at=at),
        },
    )


def reply_url(comment: Comment) -> str:
    """Return where a public comment can be read, wherever its page of comments is."""
    return f"{settings.SITE_URL}{reverse('comments:find', args=[comment.pk])}"


def register() -> None:
    """Tell the outbox who writes the mails about comments."""
    for event in (TO_MODERATE, REPORTED):
        mail.register_renderer(event, render_for_moderator)
    for event in (CONFIRM_REPLIES, REPLIED):
        mail.register_renderer(event, render_for_reader)
