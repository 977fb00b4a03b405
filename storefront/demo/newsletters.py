"""The demo's newsletter: readers, an issue that has gone out, and one that is being written."""

import datetime as dt

from blog import newsletter, newsletter_consent, newsletter_issues
from blog.models import ArticlePage, IssueArticle, NewsletterIssue, Subscriber
from outbox import mail
from storefront.demo import content, people


def seed(at: dt.datetime) -> None:
    """Subscribe the demo's readers over some weeks, and hand the first issue to the worker."""
    facts = content.facts("newsletter")
    for reader in facts["reader"]:
        _subscribe(reader, at=at - dt.timedelta(days=reader["days_ago"]))
    first, _draft = [_write(issue) for issue in facts["issue"]]
    newsletter_issues.start(issue_id=first.pk, by=people.marketer(), at=at)


def _subscribe(reader: content.Facts, *, at: dt.datetime) -> None:
    asked = newsletter.Asked(email=reader["email"], source=reader["source"])
    newsletter.sign_up(asked, consent_version=newsletter_consent.VERSION, at=at)
    subscriber = Subscriber.objects.get(email=reader["email"])
    key = subscriber.key
    if reader.get("confirms", True):
        newsletter.confirm(key=key, at=at)
    if reader.get("leaves", False):
        newsletter.leave(key=key, means="one click in the mail program", at=at)
    # They had their mails weeks ago.
    mail.call_off(reference=subscriber.reference)


def _write(facts: content.Facts) -> NewsletterIssue:
    readable = ArticlePage.objects.readable().filter(slug__in=facts["articles"])
    pages = {page.slug: page for page in readable}
    issue = NewsletterIssue(**{name: facts[name] for name in ("subject", "preheader", "intro")})
    issue.closing = facts.get("closing", "")
    issue.articles.set(
        [
            IssueArticle(article=pages[slug], sort_order=order)
            for order, slug in enumerate(facts["articles"])
            if slug in pages
        ]
    )
    issue.save()
    return issue
