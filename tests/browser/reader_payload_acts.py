"""Attacks in all that readers send, look for and ask the clinic; for `payload_acts`."""

import datetime as dt
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from blog import newsletter_links, private_questions
from blog.comments import mails as comment_mails
from blog.comments.permissions import MODERATE, people_who_may
from blog.models import (
    ArticlePage,
    Comment,
    CommentReport,
    MailTrouble,
    NewsletterConsent,
    Person,
    PrivateQuestion,
    ReplySubscription,
    Subscriber,
)
from blog.models.reviews import ReviewRequest
from blog.review import links as review_links
from blog.review import mails as review_mails
from blog.review.content_hash import content_hash
from freshness.changes import changed
from outbox import mail
from storefront.models import MissingAddress, UnansweredTerm

KEY: Final = "payload-reader"


@dataclass(frozen=True)
class Reading:
    """Where what readers sent is shown: to whom, and in which mails."""

    public: list[str]
    manager: list[str]
    clinician: list[str]
    mails: list[str]


def fill(article: ArticlePage, groups: list[list[str]], reviewer: Person) -> Reading:
    """Let an article's comments, reports and review, and what else readers send, be attacks."""
    at = timezone.now()
    texts = [" ".join(group) for group in groups]
    everything = " ".join(texts)
    comments = [_comment(article, words, at) for words in texts]
    changed(comments[0].tag)
    review = _review(article, reviewer, everything, at)
    subscriber = _subscriber(everything, at)
    question = PrivateQuestion.objects.create(
        article=article,
        name=everything,
        email=everything,
        sealed_text=private_questions.WORDS.seal(everything),
        submission_key=KEY,
        consent_text=everything,
        asked_at=at,
    )
    MissingAddress.objects.create(path=everything, times=9_999, first_at=at, last_at=at)
    address = MissingAddress.objects.get(path=everything)
    UnansweredTerm.objects.create(term=everything, on=timezone.localdate(), times=9_999)
    return Reading(
        public=[
            reverse("comments:report", args=[comments[0].pk]),
            urlsplit(review_links.link_of(review)).path,
            urlsplit(newsletter_links.preferences_url(subscriber.key)).path,
            urlsplit(newsletter_links.unsubscribe_url(subscriber.key)).path,
        ],
        manager=[
            "/admin/comments/?state=ALL",
            *(reverse("comments_desk:inspect", args=[each.pk]) for each in comments),
            reverse("subscribers:index"),
            reverse("subscribers:inspect", args=[subscriber.pk]),
            reverse("missing_addresses:index"),
            reverse("missing_addresses:lead", args=[address.pk]),
            reverse("unanswered_terms_report"),
        ],
        clinician=[
            reverse("private_questions:index"),
            reverse("private_questions:inspect", args=[question.pk]),
        ],
        mails=[
            *(html for each in comments for html in _mails_about(each)),
            _mail(review_mails.ASKED, request=review.pk),
            _mail(review_mails.ANSWERED, request=review.pk),
        ],
    )


def empty() -> None:
    """Take away what does not go with the article; consents stay, as they must."""
    Subscriber.objects.filter(key=KEY).delete()
    PrivateQuestion.objects.filter(submission_key=KEY).delete()
    MissingAddress.objects.filter(times=9_999).delete()
    UnansweredTerm.objects.filter(times=9_999).delete()


def _comment(article: ArticlePage, words: str, at: dt.datetime) -> Comment:
    comment = Comment.objects.create(
        article=article,
        name=words,
        email="crowd@example.com",
        text=words,
        status="APPROVED",
        posted_at=at,
        thread_at=at,
        spam_reasons=[words],
        open_reports=1,
    )
    CommentReport.objects.create(comment=comment, reason="OTHER", note=words, reported_at=at)
    ReplySubscription.objects.create(comment=comment, asked_at=at, confirmed_at=at)
    return comment


def _mails_about(comment: Comment) -> list[str]:
    moderator = people_who_may(MODERATE)[0].pk
    wish = comment.reply_subscription.pk
    return [
        _mail(comment_mails.TO_MODERATE, comment=comment.pk, moderator=moderator),
        _mail(comment_mails.REPORTED, comment=comment.pk, moderator=moderator),
        _mail(comment_mails.CONFIRM_REPLIES, subscription=wish, reply=comment.pk),
        _mail(comment_mails.REPLIED, subscription=wish, reply=comment.pk),
    ]


def _mail(event: str, **ids: int) -> str:
    """Write a mail as the outbox would."""
    return mail.inline_css(mail._renderers[event]({"event": event, **ids}).html)


def _review(article: ArticlePage, reviewer: Person, words: str, at: dt.datetime) -> ReviewRequest:
    nonce = review_links.new_nonce()
    revision = article.latest_revision
    revision.object_str = words
    revision.save(update_fields=["object_str"])
    return ReviewRequest.objects.create(
        page=article,
        revision=revision,
        content_hash=content_hash(revision.as_object()),
        reviewer=reviewer,
        requested_by=User.objects.filter(is_staff=True)[0],
        message=words,
        remarks=words,
        requested_at=at,
        expires_at=at + review_links.LINK_LIFE,
        nonce=nonce,
        token_digest=review_links.digest_of(review_links.token_of(nonce)),
    )


def _subscriber(words: str, at: dt.datetime) -> Subscriber:
    subscriber = Subscriber.objects.create(
        key=KEY, email=words, status="CONFIRMED", reason=words, source=words,
        asked_at=at, confirmed_at=at,
    )  # fmt: skip
    MailTrouble.objects.create(
        subscriber=subscriber, kind="SOFT_BOUNCE", event_key=KEY, note=words, happened_at=at
    )
    NewsletterConsent.objects.create(
        subscriber_key=KEY, kind="ASKED", text=words, source=words, means=words, topics=[words],
        happened_at=at,
    )  # fmt: skip
    return subscriber
