"""The lives of a subscription and of an issue as tables, and the functions that move them."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from blog.models import IssueStatus, NewsletterIssue, Subscriber, SubscriberStatus

S = SubscriberStatus
I = IssueStatus  # noqa: E741 - read beside the table, it is clear

SUBSCRIBER_NEXT: Mapping[SubscriberStatus, frozenset[SubscriberStatus]] = {
    S.PENDING: frozenset({S.CONFIRMED, S.UNSUBSCRIBED, S.SUPPRESSED}),
    S.CONFIRMED: frozenset({S.UNSUBSCRIBED, S.SUPPRESSED}),
    # Somebody who has left may come back by a link in a mail to them.
    S.UNSUBSCRIBED: frozenset({S.CONFIRMED, S.SUPPRESSED}),
    # Staff may let an address in again; whoever owns it has to sign up anew.
    S.SUPPRESSED: frozenset({S.UNSUBSCRIBED}),
}
ISSUE_NEXT: Mapping[IssueStatus, frozenset[IssueStatus]] = {
    I.DRAFT: frozenset({I.SCHEDULED, I.SENDING}),
    I.SCHEDULED: frozenset({I.DRAFT, I.SENDING}),
    I.SENDING: frozenset({I.PAUSED, I.SENT, I.CANCELLED}),
    I.PAUSED: frozenset({I.SENDING, I.CANCELLED}),
    I.SENT: frozenset(),
    I.CANCELLED: frozenset(),
}


class IssueTransitionRefused(ValueError):
    """The issue's status does not lead where it was asked to go."""

    def __init__(self, issue: NewsletterIssue, to: IssueStatus) -> None:
        super().__init__(
            f"This issue is {issue.get_status_display()} and cannot become {to.label}."
        )


def move_subscriber(
    subscriber: Subscriber,
    to: SubscriberStatus,
    *,
    only_from: Collection[SubscriberStatus] = tuple(SubscriberStatus),
    **changes: Any,
) -> SubscriberStatus | None:
    """Move a subscription if its status leads there; return which status it left, or none.

    The database decides: of two that try, one gets the old status and the other none.
    """
    for was in sorted(only_from):
        if to not in SUBSCRIBER_NEXT[was]:
            continue
        if Subscriber.objects.filter(pk=subscriber.pk, status=was).update(status=to, **changes):
            subscriber.refresh_from_db()
            return was
    return None


def move_issue(
    issue: NewsletterIssue, to: IssueStatus, *, only_if_due: dt.datetime | None = None, **more: Any
) -> None:
    """Move an issue to a status, with whatever else the same moment changes.

    :param only_if_due: move it only if it is planned for this moment or an earlier one.
    :raises IssueTransitionRefused: if its status does not lead there; nothing changes.
    """
    sources = [source for source, targets in ISSUE_NEXT.items() if to in targets]
    here = NewsletterIssue.objects.filter(pk=issue.pk, status__in=sources)
    if only_if_due is not None:
        here = here.filter(status=IssueStatus.SCHEDULED, send_at__lte=only_if_due)
    moved = here.update(status=to, **more)
    issue.refresh_from_db(fields=["status", *more])
    if not moved:
        raise IssueTransitionRefused(issue, to)
