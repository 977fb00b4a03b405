"""Subscribers and issues to test with, made by the verbs that make them."""

import datetime as dt
from typing import Any

from blog import newsletter, newsletter_consent
from blog.models import (
    ArticlePage,
    IssueArticle,
    IssueDelivery,
    NewsletterConsent,
    NewsletterIssue,
    Subscriber,
)
from tests.blog.factories import ArticlePageFactory

NOON = dt.datetime(2026, 3, 4, 12, 0, tzinfo=dt.UTC)
SECOND, MINUTE = dt.timedelta(seconds=1), dt.timedelta(minutes=1)


def ask(email: str = "ada@example.com", *, at: dt.datetime = NOON, **more: Any) -> Subscriber:
    """Sign up by the form."""
    asked = newsletter.Asked(email=email, source="/newsletter/", **more)
    newsletter.sign_up(asked, consent_version=newsletter_consent.VERSION, at=at)
    return Subscriber.objects.get(email=newsletter.normal(email))


def subscribe(email: str = "ada@example.com", *, at: dt.datetime = NOON) -> Subscriber:
    """Sign up and confirm."""
    subscriber = ask(email, at=at)
    newsletter.confirm(key=subscriber.key, at=at)
    subscriber.refresh_from_db()
    return subscriber


def many_subscribers(count: int) -> list[Subscriber]:
    """Subscribers who are there without a word about how they came."""
    return Subscriber.objects.bulk_create(
        Subscriber(
            email=f"reader-{number}@example.com",
            status="CONFIRMED",
            asked_at=NOON - MINUTE,
            confirmed_at=NOON - MINUTE,
        )
        for number in range(count)
    )


def write_article(slug: str = "washing", **fields: Any) -> ArticlePage:
    """An article that everybody may read."""
    facts = {"title": slug.title(), "intro": "How often, and with what.", **fields}
    page: ArticlePage = ArticlePageFactory.create(slug=slug, **facts)
    return page


def write_issue(*articles: ArticlePage, **fields: Any) -> NewsletterIssue:
    """A draft that shows some articles."""
    facts: dict[str, Any] = {
        "subject": "Spring on the scalp",
        "preheader": "Three articles.",
        "intro": '<p>Hello, see <a href="/shop/">our shop</a>.</p>',
    }
    issue = NewsletterIssue(**(facts | fields))
    issue.articles.set(
        [IssueArticle(article=page, sort_order=order) for order, page in enumerate(articles)]
    )
    issue.save()
    return issue


def consents(subscriber: Subscriber) -> list[tuple[str, int]]:
    """What was noted of a subscriber, and by how many the list grew."""
    found = NewsletterConsent.objects.filter(subscriber_key=subscriber.key)
    return list(found.values_list("kind", "change"))


def states(issue: NewsletterIssue) -> dict[str, int]:
    """How many deliveries of an issue are in each status."""
    found: dict[str, int] = {}
    for status in IssueDelivery.objects.filter(issue=issue).values_list("status", flat=True):
        found[status] = found.get(status, 0) + 1
    return found
