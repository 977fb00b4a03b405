"""What happens to the guide behind the readers' backs; imported by `tests.browser.backstage`."""

from typing import Any
from urllib.parse import urlsplit

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from blog import newsletter_issues, newsletter_links, newsletter_sending
from blog.models import (
    ArticlePage,
    Comment,
    IssueArticle,
    NewsletterIssue,
    Subscriber,
)
from blog.models.reviews import ReviewRequest
from storefront import jobs, publishing


def draft(slug: str) -> dict[str, Any]:
    """Say where the draft of an article is, or will be, and what its last review is called."""
    article = ArticlePage.objects.get(slug=slug)
    asked = ReviewRequest.objects.filter(page=article.pk).order_by("-pk").first()
    return {"id": article.pk, "url": str(article.url), "request_id": asked.pk if asked else None}


def let_its_moment_come(slug: str) -> bool:
    """Let the moment of a planned article be now, do the worker's job; say whether it is live."""
    at = timezone.now()
    article = ArticlePage.objects.get(slug=slug)
    planned = article.scheduled_revision
    if planned is not None:
        planned.content["go_live_at"] = at.isoformat()
        planned.approved_go_live_at = at
        planned.save(update_fields=["content", "approved_go_live_at"])
    next(job for job in jobs.JOBS if job.name == publishing.JOB).run(timezone.now())
    return bool(ArticlePage.objects.get(slug=slug).live)


def send_issue(subject: str) -> int:
    """Write an issue of the newsletter and send it to everybody; return how many mails left."""
    issue = NewsletterIssue(subject=subject, intro="<p>Hello,</p><p>one article this time.</p>")
    article = ArticlePage.objects.readable().order_by("pk").first()
    issue.articles.set([IssueArticle(article=article, sort_order=0)])
    issue.save()
    marketer = User.objects.get(email="marketing@galea.example")
    newsletter_issues.start(issue_id=issue.pk, by=marketer, at=timezone.now())
    return newsletter_sending.work(at=timezone.now())


def subscription(email: str) -> str:
    """Say how somebody stands to the newsletter."""
    return str(Subscriber.objects.get(email=email).status)


def addresses_of_readers() -> list[str]:
    """Say where a subscriber chooses and leaves, and where a comment is reported."""
    key = Subscriber.objects.confirmed().order_by("pk")[0].key
    comment = Comment.objects.shown().order_by("pk")[0]
    links = (newsletter_links.preferences_url(key), newsletter_links.unsubscribe_url(key))
    return [*(urlsplit(link).path for link in links), reverse("comments:report", args=[comment.pk])]
