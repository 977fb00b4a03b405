"""What readers of the demo's guide said, posted and answered by the shop's own verbs."""

import datetime as dt

from blog.comments import moderation, posting
from blog.models import ArticlePage, Comment, CommentSettings
from blog.spam.networks import Origin
from storefront.demo import content, people

ANSWERED_AFTER = dt.timedelta(hours=20)


def seed(at: dt.datetime) -> None:
    """Let readers comment and staff answer; no mail is sent about what is past."""
    facts = content.facts("comments")
    decided, _ = CommentSettings.objects.update_or_create(
        pk=1, defaults={"mails_to_moderators": False}
    )
    for said in facts["comment"]:
        posted_at = at - dt.timedelta(days=said["days_ago"])
        comment = _post(said, at=posted_at)
        _decide(comment, said, at=posted_at + ANSWERED_AFTER)
    for said in [*facts["spam"], *facts["waiting"]]:
        _post(said, at=at - dt.timedelta(hours=said["hours_ago"]))
    decided.mails_to_moderators = True
    decided.save()


def _post(said: content.Facts, *, at: dt.datetime) -> Comment:
    draft = posting.Draft(
        name=said["name"],
        email=said["email"],
        text=said["text"].strip(),
        submission_key=f"demo-{said['email']}",
    )
    # Every reader of the demo lives somewhere else.
    sender = posting.Sender(Origin(address=said["email"][:30], network=said["email"][:30]))
    article = ArticlePage.objects.get(slug=said["article"])
    return posting.post(article=article, draft=draft, sender=sender, at=at)


def _decide(comment: Comment, said: content.Facts, *, at: dt.datetime) -> None:
    by = people.marketer()
    if "reply" in said:
        moderation.reply(comment_id=comment.pk, text=said["reply"], by=by, at=at)
    else:
        moderation.approve(comment_id=comment.pk, by=by, at=at)
