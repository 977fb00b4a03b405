"""Send issues to subscribers, each once, however often the worker dies.

Who gets an issue is written down first, a unique row each, a few hundred at a time. A row is then
claimed with a lease, sent, and noted. As in `outbox.mail` a mail goes out twice only when the
process dies between the mail server's "accepted" and our note, and both carry one Message-ID.
"""

import datetime as dt
import logging
import time
from smtplib import SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When

from blog import newsletter_bounces, newsletter_content, newsletter_issues, newsletter_links
from blog.models import (
    DeliveryStatus,
    IssueDelivery,
    IssueStatus,
    NewsletterIssue,
    SendingPace,
    SubscriberStatus,
)
from blog.newsletter_status import IssueTransitionRefused, move_issue
from freshness.changes import changed
from outbox import mail
from outbox.mail import LEASE, MAX_ATTEMPTS, RETRY_DELAYS, RenderedMail

logger = logging.getLogger(__name__)

ENLISTED_AT_ONCE = 500
SENT_AT_ONCE = 200
# A batch ends well before a lease does, whatever the mail server's mood.
BATCH_SECONDS = 30.0
# What a mail server says of an address that is not there (RFC 5321, 4.2.3).
_NO_SUCH_ADDRESS = {550, 551, 553}


class _PaceReached(Exception):
    """As many mails have left in this minute as may."""


def work(*, at: dt.datetime) -> int:
    """Start what is due, go on with what is under way; return how many mails were accepted."""
    _start_due(at=at)
    under_way = NewsletterIssue.objects.filter(status=IssueStatus.SENDING)
    for issue in under_way.filter(enlisted_at__isnull=True).order_by("started_at"):
        enlist(issue, at=at)
    sent = send_due(at=at)
    for issue in under_way.filter(enlisted_at__isnull=False):
        _finish(issue, at=at)
    return sent


def enlist(issue: NewsletterIssue, *, at: dt.datetime) -> None:
    """Write down who gets an issue; broken off anywhere, the next call goes on."""
    while _enlist_some(issue.pk, at=at):
        pass


def send_due(*, at: dt.datetime, limit: int = SENT_AT_ONCE) -> int:
    """Send what is due and return how many mails the server accepted.

    Several workers may run it at once: each mail is claimed by a conditional update first.
    """
    started = time.monotonic()
    due = IssueDelivery.objects.due(at).filter(issue__status=IssueStatus.SENDING)
    ids = list(due.order_by("issue_id", "next_try_at", "pk").values_list("pk", flat=True)[:limit])
    if not ids:
        return 0
    issues = {one.pk: one for one in NewsletterIssue.objects.filter(status=IssueStatus.SENDING)}
    sent = 0
    # A mail server that does not answer costs no mail a try: nothing was claimed yet.
    with get_connection() as connection:
        for delivery_id in ids:
            elapsed = time.monotonic() - started
            if elapsed > BATCH_SECONDS:
                break
            try:
                delivery = _claim(delivery_id, at=at + dt.timedelta(seconds=elapsed))
            except _PaceReached:
                break
            if delivery is not None and delivery.issue_id in issues:
                sent += _send_claimed(delivery, issues[delivery.issue_id], connection, at=at)
    return sent


def _start_due(*, at: dt.datetime) -> None:
    due = NewsletterIssue.objects.filter(status=IssueStatus.SCHEDULED, send_at__lte=at)
    for issue in due:
        try:
            newsletter_issues.start(issue_id=issue.pk, by=None, at=at, only_if_due=True)
        except IssueTransitionRefused:
            continue  # Another worker was faster, or staff took it back.
        except newsletter_issues.NotReady:
            logger.warning("Issue %s was planned and is not ready; it is a draft again.", issue.pk)
            move_issue(issue, IssueStatus.DRAFT, send_at=None)


def _enlist_some(issue_id: int, *, at: dt.datetime) -> bool:
    """Write down the next few recipients; False once there is nobody left."""
    with transaction.atomic():
        issue = (
            NewsletterIssue.objects.select_for_update()
            .filter(pk=issue_id, status=IssueStatus.SENDING, enlisted_at__isnull=True)
            .first()
        )
        if issue is None:
            return False
        here = NewsletterIssue.objects.filter(pk=issue_id)
        wanted = newsletter_issues.recipients(issue).filter(
            pk__gt=issue.enlisted_up_to, confirmed_at__lte=issue.started_at
        )
        ids = list(wanted.order_by("pk").values_list("pk", flat=True)[:ENLISTED_AT_ONCE])
        if not ids:
            here.update(enlisted_at=at)
            return False
        IssueDelivery.objects.bulk_create(
            [IssueDelivery(issue=issue, subscriber_id=pk, next_try_at=at) for pk in ids],
            ignore_conflicts=True,
        )
        here.update(enlisted_up_to=ids[-1])
    return True


def _claim(delivery_id: int, *, at: dt.datetime) -> IssueDelivery | None:
    """Take the lease of a due delivery; nothing if it is somebody else's or must not be sent.

    :raises _PaceReached: if no further mail may leave in this minute; nothing changes.
    """
    # The issue is asked about in a subquery: a join would let two workers claim the same row.
    is_sent_now = Exists(
        NewsletterIssue.objects.filter(pk=OuterRef("issue_id"), status=IssueStatus.SENDING)
    )
    claimable = IssueDelivery.objects.due(at).filter(is_sent_now, pk=delivery_id)
    with transaction.atomic(durable=True):
        claimed = claimable.filter(attempts__lt=MAX_ATTEMPTS).update(
            status=DeliveryStatus.SENDING, lease_until=at + LEASE, attempts=F("attempts") + 1
        )
        if not claimed:
            # The worker died over it every time: somebody has to look at it.
            claimable.update(
                status=DeliveryStatus.FAILED, lease_until=None, error="The worker stopped over it."
            )
            return None
        delivery = IssueDelivery.objects.select_related("subscriber").get(pk=delivery_id)
        if delivery.subscriber.status != SubscriberStatus.CONFIRMED:
            _note(delivery, status=DeliveryStatus.SKIPPED)
            return None
        if not _take_one(at=at):
            raise _PaceReached
    return delivery


def _take_one(*, at: dt.datetime) -> bool:
    """Count one mail of this minute, if there is room for it; one conditional update."""
    minute = at.replace(second=0, microsecond=0)
    has_room = Q(minute__lt=minute) | Q(minute=minute, used__lt=settings.NEWSLETTER_PER_MINUTE)
    used = Case(When(minute=minute, then=F("used") + 1), default=Value(1))
    if SendingPace.objects.filter(has_room, pk=1).update(minute=minute, used=used):
        return True
    _, is_new = SendingPace.objects.get_or_create(pk=1, defaults={"minute": minute, "used": 1})
    return is_new


def _send_claimed(
    delivery: IssueDelivery,
    issue: NewsletterIssue,
    connection: BaseEmailBackend,
    *,
    at: dt.datetime,
) -> bool:
    try:
        _deliver(delivery, issue, connection)
    except SMTPRecipientsRefused as refusal:
        _note_refused(delivery, refusal, at=at)
        return False
    except Exception as problem:  # noqa: BLE001 - one broken mail must not hold up the others.
        # The text of a mail server's refusal may name the recipient: it stays out of the log.
        logger.warning("Delivery %s was not sent: %s", delivery.pk, type(problem).__name__)
        _note_failure(delivery, type(problem).__name__, at=at)
        # What is left of the conversation is not worth trusting; the next mail begins a new one.
        connection.close()
        return False
    _note(delivery, status=DeliveryStatus.SENT, sent_at=at, error="")
    return True


def _deliver(delivery: IssueDelivery, issue: NewsletterIssue, connection: BaseEmailBackend) -> None:
    subscriber = delivery.subscriber
    composed = RenderedMail(subject=issue.subject, text=issue.sent_text, html=issue.sent_html)
    leave_url = newsletter_links.unsubscribe_url(subscriber.key)
    mail.deliver(
        newsletter_content.addressed(composed, key=subscriber.key),
        to=subscriber.email,
        headers={
            "Message-ID": mail.message_id(f"issue-{issue.pk}-{subscriber.key.lower()}"),
            "List-Unsubscribe": f"<{leave_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Precedence": "bulk",
        },
        connection=connection,
    )


def _note_refused(
    delivery: IssueDelivery, refusal: SMTPRecipientsRefused, *, at: dt.datetime
) -> None:
    """The server knows the address and will not have it, for good or for now."""
    codes = {code for code, _ in refusal.recipients.values()}
    if codes <= _NO_SUCH_ADDRESS:
        with transaction.atomic():
            _note(delivery, status=DeliveryStatus.FAILED, error="No such address")
            newsletter_bounces.note_hard(
                subscriber_id=delivery.subscriber_id,
                event_key=f"delivery:{delivery.pk}",
                note="Refused by the mail server",
                at=at,
            )
    else:
        _note_failure(delivery, "SMTPRecipientsRefused", at=at)


def _note_failure(delivery: IssueDelivery, problem: str, *, at: dt.datetime) -> None:
    if delivery.attempts >= MAX_ATTEMPTS:
        _note(delivery, status=DeliveryStatus.FAILED, error=problem)
        return
    delay = RETRY_DELAYS[delivery.attempts - 1]
    _note(delivery, status=DeliveryStatus.QUEUED, next_try_at=at + delay, error=problem)


def _note(delivery: IssueDelivery, **changes: object) -> None:
    """Write down how it went, unless the lease ran out and the mail is somebody else's."""
    ours = IssueDelivery.objects.filter(
        pk=delivery.pk, status=DeliveryStatus.SENDING, lease_until=delivery.lease_until
    )
    if not ours.update(lease_until=None, **changes):
        logger.warning("Delivery %s took longer than its lease.", delivery.pk)


def _finish(issue: NewsletterIssue, *, at: dt.datetime) -> None:
    """Close an issue once nothing of it is open."""
    if issue.deliveries.open().exists():
        return
    try:
        with transaction.atomic():
            move_issue(issue, IssueStatus.SENT, finished_at=at)
            changed(newsletter_issues.ISSUES)
    except IssueTransitionRefused:
        return
