"""Everything that staff do with an issue: plan it, send it, hold it, stop it, try it on oneself."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, QuerySet
from wagtail.log_actions import log

from accounts.models import User
from blog import newsletter_content
from blog.models import (
    ArticlePage,
    DeliveryStatus,
    IssueStatus,
    NewsletterIssue,
    Subscriber,
)
from blog.newsletter_status import IssueTransitionRefused, move_issue
from claims.engine import Finding, check
from claims.packs import book
from freshness.changes import changed
from outbox import mail

# Pages that list or show issues show this fact.
ISSUES = "newsletter"
TEST = "newsletter_test"
# Whose rules hold for what an issue says.
JURISDICTIONS = ("eu_uk",)


class NotReady(ValueError):
    """Something is missing without which an issue must not go out."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = list(problems)
        super().__init__(" ".join(problems))


@dataclass(frozen=True)
class Progress:
    """How far an issue has come; ``left`` are those still to be sent."""

    sent: int
    skipped: int
    failed: int
    left: int

    @property
    def total(self) -> int:
        return self.sent + self.skipped + self.failed + self.left

    @property
    def percent(self) -> int:
        return 100 * (self.total - self.left) // self.total if self.total else 0


def recipients(issue: NewsletterIssue) -> "QuerySet[Subscriber]":
    """Return those whom an issue is for: what they ticked decides, and nothing else."""
    confirmed = Subscriber.objects.confirmed()
    topic_ids = [topic.pk for topic in issue.topics.all()]
    if not topic_ids:
        return confirmed
    ticked = Subscriber.topics.through.objects.filter(subscriber_id=OuterRef("pk"))
    return confirmed.filter(~Exists(ticked) | Exists(ticked.filter(topic_id__in=topic_ids)))


def claims_in(issue: NewsletterIssue) -> list[Finding]:
    """Return the sentences that promise more than a cosmetic may; none of them is sent.

    The articles' own words were judged when they were published.
    """
    rich = [newsletter_content.plain(str(text)) for text in (issue.intro, issue.closing)]
    teasers = [each.teaser for each in issue.articles.all()]
    text = "\n\n".join(filter(None, [issue.subject, issue.preheader, *rich, *teasers]))
    return [each for each in check(text, book(JURISDICTIONS)) if each.is_blocking]


def problems_of(issue: NewsletterIssue) -> list[str]:
    """Say what keeps an issue from going out; nothing if it may."""
    chosen = list(issue.articles.values_list("article_id", flat=True))
    readable = set(
        ArticlePage.objects.readable().filter(pk__in=chosen).values_list("pk", flat=True)
    )
    problems = []
    if not chosen and not str(issue.intro):
        problems.append("Choose an article or write an introduction.")
    unread = ArticlePage.objects.filter(pk__in=set(chosen) - set(readable))
    problems += [f"“{page.title}” is not published: readers could not open it." for page in unread]
    problems += [
        f"“{each.sentence}” {each.rule.explanation} {each.rule.kinder}" for each in claims_in(issue)
    ]
    if not recipients(issue).exists():
        problems.append("Nobody is subscribed yet.")
    return problems


def plan(*, issue_id: int, send_at: dt.datetime, by: User, at: dt.datetime) -> NewsletterIssue:
    """Have an issue sent by the worker at a moment to come.

    :raises NotReady: if something is missing, or the moment is over.
    :raises IssueTransitionRefused: if it is no draft.
    """
    issue = _ready(issue_id)
    if send_at <= at:
        raise NotReady(["Choose a moment in the future."])
    with transaction.atomic():
        move_issue(issue, IssueStatus.SCHEDULED, send_at=send_at)
        log(instance=issue, action="blog.newsletter_plan", user=by)
    return issue


def unplan(*, issue_id: int, by: User) -> NewsletterIssue:
    """Turn a scheduled issue into a draft again.

    :raises IssueTransitionRefused: if it is not scheduled.
    """
    issue = _issue(issue_id)
    with transaction.atomic():
        move_issue(issue, IssueStatus.DRAFT, send_at=None)
        log(instance=issue, action="blog.newsletter_unplan", user=by)
    return issue


def start(
    *, issue_id: int, by: User | None, at: dt.datetime, only_if_due: bool = False
) -> NewsletterIssue:
    """Fix what an issue says and hand it to the worker.

    :param only_if_due: start it only if it is scheduled for this moment or an earlier one.
    :raises NotReady: if something is missing.
    :raises IssueTransitionRefused: if it was started already.
    """
    issue = _ready(issue_id)
    composed = newsletter_content.compose(issue)
    with transaction.atomic():
        move_issue(
            issue,
            IssueStatus.SENDING,
            only_if_due=at if only_if_due else None,
            started_at=at,
            sent_text=composed.text,
            sent_html=composed.html,
        )
        log(instance=issue, action="blog.newsletter_send", user=by)
        changed(ISSUES)
    return issue


def pause(*, issue_id: int, by: User) -> NewsletterIssue:
    """Send no further mail of an issue until it is resumed; one may be on its way already.

    :raises IssueTransitionRefused: if it is not being sent.
    """
    issue = _issue(issue_id)
    with transaction.atomic():
        move_issue(issue, IssueStatus.PAUSED)
        log(instance=issue, action="blog.newsletter_pause", user=by)
    return issue


def resume(*, issue_id: int, by: User) -> NewsletterIssue:
    """Go on where an issue was paused.

    :raises IssueTransitionRefused: if it is not paused.
    """
    issue = _issue(issue_id)
    if issue.status != IssueStatus.PAUSED:
        raise IssueTransitionRefused(issue, IssueStatus.SENDING)
    with transaction.atomic():
        move_issue(issue, IssueStatus.SENDING)
        log(instance=issue, action="blog.newsletter_resume", user=by)
    return issue


def cancel(*, issue_id: int, by: User, at: dt.datetime) -> NewsletterIssue:
    """Stop an issue for good; whoever has got it has got it.

    :raises IssueTransitionRefused: if it is neither being sent nor paused.
    """
    issue = _issue(issue_id)
    with transaction.atomic():
        move_issue(issue, IssueStatus.CANCELLED, finished_at=at)
        log(instance=issue, action="blog.newsletter_cancel", user=by)
    return issue


def send_test(*, issue_id: int, by: User, at: dt.datetime) -> None:
    """Send an issue as it stands to whoever asks, and to nobody else."""
    issue = _issue(issue_id)
    mail.queue(
        effect_key=f"newsletter-test:{issue.pk}:{uuid.uuid4().hex}",
        event=TEST,
        to=by.email,
        reference=f"newsletter:{issue.pk}",
        context={"issue": issue.pk},
        at=at,
    )


def progress(issue: NewsletterIssue) -> Progress:
    """Count how far an issue has come; one query."""
    return progress_of([issue.pk])[issue.pk]


def progress_of(issue_ids: Sequence[int]) -> dict[int, Progress]:
    """Count how far some issues have come; one query for all."""
    counts: Counter[tuple[int, str]] = Counter()
    rows = NewsletterIssue.objects.filter(pk__in=issue_ids, deliveries__isnull=False)
    for pk, status, many in rows.values_list("pk", "deliveries__status").annotate(
        many=Count("deliveries")
    ):
        counts[pk, status] = many
    status = DeliveryStatus
    return {
        pk: Progress(
            sent=counts[pk, status.SENT],
            skipped=counts[pk, status.SKIPPED],
            failed=counts[pk, status.FAILED],
            left=counts[pk, status.QUEUED] + counts[pk, status.SENDING],
        )
        for pk in issue_ids
    }


def _issue(issue_id: int) -> NewsletterIssue:
    found: NewsletterIssue = NewsletterIssue.objects.get(pk=issue_id)
    return found


def _ready(issue_id: int) -> NewsletterIssue:
    issue = _issue(issue_id)
    if problems := problems_of(issue):
        raise NotReady(problems)
    return issue
