"""An issue goes to every subscriber once, whatever happens to worker and mail server."""

import datetime as dt
import logging
import os
import re
import signal
import threading
import tracemalloc
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from typing import Any

from django.core import mail as django_mail
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends import locmem
from django.core.mail.backends.dummy import EmailBackend as Nowhere
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
import pytest

from blog import newsletter, newsletter_issues, newsletter_sending
from blog.models import (
    IssueDelivery,
    IssueStatus,
    MailTrouble,
    NewsletterIssue,
    SendingPace,
    Subscriber,
)
from blog.newsletter_status import ISSUE_NEXT, SUBSCRIBER_NEXT, IssueTransitionRefused
from outbox import mail
from tests.accounts.factories import UserFactory
from tests.blog.newsletter.factories import (
    MINUTE,
    NOON,
    SECOND,
    many_subscribers,
    states,
    subscribe,
    write_article,
    write_issue,
)

pytestmark = pytest.mark.django_db
Outbox = list[EmailMultiAlternatives]


def started(count: int = 3) -> NewsletterIssue:
    """An issue that begins to be sent to so many."""
    many_subscribers(count)
    issue = write_issue()
    return newsletter_issues.start(issue_id=issue.pk, by=None, at=NOON)


def test_every_subscriber_gets_the_issue_once_with_links_of_their_own(mailoutbox: Outbox) -> None:
    ada, grace = subscribe("ada@example.com"), subscribe("grace@example.com")
    article = write_article()
    issue = write_issue(article)
    mailoutbox.clear()

    newsletter_issues.start(issue_id=issue.pk, by=UserFactory(), at=NOON)
    sent = [newsletter_sending.work(at=NOON + number * MINUTE) for number in range(3)]

    issue.refresh_from_db()
    assert sent == [2, 0, 0]
    assert (issue.status, issue.finished_at) == ("SENT", NOON)
    assert [message.to for message in mailoutbox] == [[ada.email], [grace.email]]
    links = [re.findall(r"\S+/unsubscribe/\S+/", message.body)[0] for message in mailoutbox]
    assert len(set(links)) == 2
    for message, link in zip(mailoutbox, links, strict=True):
        html = str(message.alternatives[0][0])
        assert message.subject == "Spring on the scalp"
        assert message.extra_headers["List-Unsubscribe"] == f"<{link}>"
        assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert "How often, and with what." in message.body
        assert link in html
        assert ".invalid" not in html + message.body
        assert 'href="http://localhost:8000/shop/"' in html
        assert "<img" not in html


def test_no_mail_watches_its_reader(mailoutbox: Outbox) -> None:
    subscribe()
    issue = write_issue(write_article())
    mailoutbox.clear()

    newsletter_issues.start(issue_id=issue.pk, by=None, at=NOON)
    newsletter_sending.work(at=NOON)

    html = str(mailoutbox[0].alternatives[0][0])
    shared = [
        url for url in re.findall(r'(?:href|src)="([^"]+)"', html) if "newsletter/" not in url
    ]
    assert shared
    assert all("?" not in url for url in shared)
    assert 'width="1"' not in html


def test_whoever_subscribes_after_the_start_gets_the_next_one(mailoutbox: Outbox) -> None:
    issue = started(2)
    late = subscribe("late@example.com", at=NOON + SECOND)
    mailoutbox.clear()

    newsletter_sending.work(at=NOON + MINUTE)

    assert states(issue) == {"SENT": 2}
    assert [late.email] not in [message.to for message in mailoutbox]


def test_whoever_leaves_meanwhile_is_left_out(mailoutbox: Outbox) -> None:
    issue = started(2)
    newsletter_sending.enlist(issue, at=NOON)
    leaver = Subscriber.objects.get(email="reader-0@example.com")
    newsletter.leave(key=leaver.key, means="one click", at=NOON)

    newsletter_sending.work(at=NOON)

    assert states(issue) == {"SENT": 1, "SKIPPED": 1}
    assert [message.to for message in mailoutbox] == [["reader-1@example.com"]]


def test_paused_it_waits_and_resumed_it_goes_on_where_it_was(
    mailoutbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    by = UserFactory()
    issue = started(4)
    monkeypatch.setattr(newsletter_sending, "SENT_AT_ONCE", 2)
    newsletter_sending.enlist(issue, at=NOON)
    newsletter_sending.send_due(at=NOON, limit=2)

    newsletter_issues.pause(issue_id=issue.pk, by=by)
    while_paused = newsletter_sending.work(at=NOON + MINUTE)
    newsletter_issues.resume(issue_id=issue.pk, by=by)
    newsletter_sending.work(at=NOON + 2 * MINUTE)

    issue.refresh_from_db()
    assert while_paused == 0
    assert issue.status == "SENT"
    assert Counter(message.to[0] for message in mailoutbox) == {
        f"reader-{number}@example.com": 1 for number in range(4)
    }


def test_stopped_it_stays_stopped(mailoutbox: Outbox) -> None:
    issue = started(3)
    newsletter_sending.enlist(issue, at=NOON)
    newsletter_sending.send_due(at=NOON, limit=1)

    newsletter_issues.cancel(issue_id=issue.pk, by=UserFactory(), at=NOON)
    newsletter_sending.work(at=NOON + MINUTE)

    with pytest.raises(IssueTransitionRefused):
        newsletter_issues.resume(issue_id=issue.pk, by=UserFactory())
    issue.refresh_from_db()
    assert (issue.status, len(mailoutbox)) == ("CANCELLED", 1)
    assert newsletter_issues.progress(issue).left == 2


def test_started_twice_it_is_sent_once(mailoutbox: Outbox) -> None:
    issue = started(2)

    with pytest.raises(IssueTransitionRefused):
        newsletter_issues.start(issue_id=issue.pk, by=None, at=NOON)
    newsletter_sending.work(at=NOON)

    assert len(mailoutbox) == 2


def test_what_is_not_ready_is_not_sent() -> None:
    draft = write_article()
    draft.unpublish()
    issue = write_issue(draft, intro="")

    with pytest.raises(newsletter_issues.NotReady) as refusal:
        newsletter_issues.start(issue_id=issue.pk, by=None, at=NOON)

    issue.refresh_from_db()
    assert issue.status == "DRAFT"
    assert refusal.value.problems == [
        "“Washing” is not published: readers could not open it.",
        "Nobody is subscribed yet.",
    ]


def test_a_promise_that_a_cosmetic_may_not_make_is_not_sent() -> None:
    many_subscribers(1)
    issue = write_issue(intro="<p>Hello. Our serum regrows hair.</p>")

    with pytest.raises(newsletter_issues.NotReady) as refusal:
        newsletter_issues.start(issue_id=issue.pk, by=None, at=NOON)

    [problem] = refusal.value.problems
    issue.refresh_from_db()
    assert problem.startswith("“Our serum regrows hair.” ")
    assert issue.status == "DRAFT"


def test_a_planned_issue_goes_out_by_itself_at_its_moment(mailoutbox: Outbox) -> None:
    many_subscribers(1)
    issue = write_issue()
    at = NOON + 5 * MINUTE
    newsletter_issues.plan(issue_id=issue.pk, send_at=at, by=UserFactory(), at=NOON)

    early = newsletter_sending.work(at=at - SECOND)
    due = newsletter_sending.work(at=at)

    assert (early, due) == (0, 1)


def test_a_planned_issue_can_be_taken_back() -> None:
    many_subscribers(1)
    issue = write_issue()
    newsletter_issues.plan(issue_id=issue.pk, send_at=NOON + MINUTE, by=UserFactory(), at=NOON)

    newsletter_issues.unplan(issue_id=issue.pk, by=UserFactory())

    assert newsletter_sending.work(at=NOON + 2 * MINUTE) == 0
    issue.refresh_from_db()
    assert issue.status == "DRAFT"


def test_no_more_leave_in_a_minute_than_may(mailoutbox: Outbox, settings: Any) -> None:
    settings.NEWSLETTER_PER_MINUTE = 2
    issue = started(5)

    sent = [newsletter_sending.work(at=NOON + number * 20 * SECOND) for number in range(8)]

    issue.refresh_from_db()
    assert sent == [2, 0, 0, 2, 0, 0, 1, 0]
    assert issue.status == "SENT"
    assert set(IssueDelivery.objects.values_list("attempts", flat=True)) == {1}


def test_a_test_goes_to_whoever_asked_and_leaves_the_issue_a_draft(mailoutbox: Outbox) -> None:
    many_subscribers(2)
    issue = write_issue(write_article())
    me = UserFactory(email="marketer@galea.example")

    newsletter_issues.send_test(issue_id=issue.pk, by=me, at=NOON)
    mail.send_due(at=NOON)
    newsletter_sending.work(at=NOON)

    [message] = mailoutbox
    issue.refresh_from_db()
    assert (message.to, message.subject) == (
        ["marketer@galea.example"],
        "[Test] Spring on the scalp",
    )
    assert "A test: this went to you alone." in message.body
    assert ".invalid" not in message.body
    assert issue.status == "DRAFT"


class Server(locmem.EmailBackend):
    """A mail server that can be away, or refuse somebody."""

    is_away = False
    refused: dict[str, int] = {}  # noqa: RUF012

    def open(self) -> bool:
        if Server.is_away:
            message = "ada@example.com: connection lost"
            raise SMTPServerDisconnected(message)
        return True

    def send_messages(self, messages: Any) -> int:
        self.open()
        for message in messages:
            [to] = message.to
            if to in Server.refused:
                raise SMTPRecipientsRefused({to: (Server.refused[to], b"no")})
        return int(super().send_messages(messages))


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, settings: Any) -> type[Server]:
    settings.EMAIL_BACKEND = f"{__name__}.Server"
    monkeypatch.setattr(Server, "is_away", False)
    monkeypatch.setattr(Server, "refused", {})
    django_mail.outbox = []
    return Server


def test_an_hour_without_mail_server_loses_nothing_and_doubles_nothing(
    server: type[Server], caplog: pytest.LogCaptureFixture
) -> None:
    """R48: no try is used up while the server does not answer."""
    issue = started(3)
    server.is_away = True
    for minute in range(60):
        with pytest.raises(SMTPServerDisconnected):
            newsletter_sending.work(at=NOON + minute * MINUTE)
    server.is_away = False

    with caplog.at_level(logging.DEBUG):
        newsletter_sending.work(at=NOON + 61 * MINUTE)
        newsletter_sending.work(at=NOON + 62 * MINUTE)

    assert states(issue) == {"SENT": 3}
    assert len(django_mail.outbox) == 3
    assert len({message.extra_headers["Message-ID"] for message in django_mail.outbox}) == 3
    assert set(IssueDelivery.objects.values_list("attempts", flat=True)) == {1}
    assert "example.com" not in caplog.text


def test_an_address_that_the_server_does_not_know_is_never_written_to_again(
    server: type[Server],
) -> None:
    issue = started(3)
    server.refused = {"reader-0@example.com": 550, "reader-1@example.com": 451}

    newsletter_sending.work(at=NOON)
    server.refused = {}
    newsletter_sending.work(at=NOON + 2 * MINUTE)

    dead = Subscriber.objects.get(email="reader-0@example.com")
    assert states(issue) == {"FAILED": 1, "SENT": 2}
    assert (dead.status, dead.reason) == ("SUPPRESSED", "The address does not exist.")
    assert MailTrouble.objects.count() == 1
    assert len(django_mail.outbox) == 2


def test_one_broken_mail_does_not_hold_up_the_others_and_is_given_up_in_the_end(
    mailoutbox: Outbox, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    issue = started(2)
    real = mail.deliver

    def deliver(*args: Any, to: str, **kwargs: Any) -> None:
        if to.startswith("reader-0"):
            raise ValueError(to)
        real(*args, to=to, **kwargs)

    monkeypatch.setattr(mail, "deliver", deliver)
    for hour in range(24 * 5):
        newsletter_sending.work(at=NOON + hour * 60 * MINUTE)

    issue.refresh_from_db()
    failed = IssueDelivery.objects.get(status="FAILED")
    assert states(issue) == {"FAILED": 1, "SENT": 1}
    assert (issue.status, failed.attempts, failed.error) == ("SENT", 6, "ValueError")
    assert "example.com" not in caplog.text


def test_who_gets_it_is_written_down_a_few_at_a_time_and_gone_on_with(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    issue = started(5)
    monkeypatch.setattr(newsletter_sending, "ENLISTED_AT_ONCE", 2)

    newsletter_sending._enlist_some(issue.pk, at=NOON)
    after_one = IssueDelivery.objects.count()
    newsletter_sending.enlist(issue, at=NOON)
    newsletter_sending.enlist(issue, at=NOON)

    assert (after_one, IssueDelivery.objects.count()) == (2, 5)


def test_every_status_of_an_issue_and_of_a_subscription_can_be_reached() -> None:
    for table, first in ((ISSUE_NEXT, IssueStatus.DRAFT), (SUBSCRIBER_NEXT, "PENDING")):
        reached, waiting = set(), [first]
        while waiting:
            status = waiting.pop()
            if status not in reached:
                reached.add(status)
                waiting.extend(table[status])  # type: ignore[index]
        assert reached == set(table)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_send_each_mail_once(mailoutbox: Outbox) -> None:
    issue = started(24)

    at_once(4, lambda: newsletter_sending.work(at=NOON))

    assert states(issue) == {"SENT": 24}
    assert Counter(message.to[0] for message in mailoutbox).most_common(1)[0][1] == 1
    assert len(mailoutbox) == 24
    assert SendingPace.objects.get().used == 24


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_control_without_the_claim_somebody_gets_it_twice(
    mailoutbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue = started(1)
    newsletter_sending.enlist(issue, at=NOON)
    both_looked = threading.Barrier(2)

    def careless(delivery_id: int, *, at: dt.datetime) -> IssueDelivery:
        found = IssueDelivery.objects.select_related("subscriber").get(pk=delivery_id)
        both_looked.wait(timeout=20)
        return found

    monkeypatch.setattr(newsletter_sending, "_claim", careless)
    at_once(2, lambda: newsletter_sending.send_due(at=NOON))

    assert len(mailoutbox) == 2


def at_once(count: int, act: Callable[[], object]) -> None:
    barrier = threading.Barrier(count)

    def work() -> None:
        try:
            barrier.wait(timeout=20)
            act()
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(count)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)


def killed(notes: Path, at_mail: int, *, before_it_is_sent: bool) -> None:
    """Send in a process of its own, killed while it sends one of the mails; note what was sent."""

    def deliver(_rendered: object, *, to: str, headers: dict[str, str], **_more: object) -> None:
        lines = notes.read_text().splitlines() if notes.exists() else []
        if len(lines) == at_mail and before_it_is_sent:
            os.kill(os.getpid(), signal.SIGKILL)
        notes.write_text("\n".join([*lines, f"{to} {headers['Message-ID']}"]))
        if len(lines) == at_mail:
            os.kill(os.getpid(), signal.SIGKILL)

    in_a_fork(deliver)


def in_a_fork(deliver: Callable[..., None]) -> None:
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            mail.deliver = deliver
            newsletter_sending.work(at=NOON)
        finally:
            os._exit(0)
    os.waitpid(child, 0)


@pytest.mark.crash
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("before_it_is_sent", [True, False])
def test_a_worker_killed_in_the_middle_loses_nobody_and_doubles_at_most_the_mail_in_its_hands(
    tmp_path: Path, before_it_is_sent: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue = started(6)
    notes = tmp_path / "sent"

    killed(notes, 3, before_it_is_sent=before_it_is_sent)
    sent_first = notes.read_text().splitlines()
    later: list[str] = []

    def deliver(_rendered: object, *, to: str, headers: dict[str, str], **_more: object) -> None:
        later.append(f"{to} {headers['Message-ID']}")

    monkeypatch.setattr(mail, "deliver", deliver)
    within_the_lease = newsletter_sending.work(at=NOON + 30 * SECOND)
    newsletter_sending.work(at=NOON + 61 * SECOND)

    counts = Counter([*sent_first, *later])
    assert len(sent_first) == (3 if before_it_is_sent else 4)
    assert within_the_lease == 2
    assert len(counts) == 6
    assert sorted(counts.values()) == [1] * 6 if before_it_is_sent else [1, 1, 1, 1, 1, 2]
    assert states(issue) == {"SENT": 6}


@pytest.mark.crash
@pytest.mark.django_db(transaction=True)
def test_control_noted_before_it_is_sent_a_killed_workers_mail_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started(2)
    notes = tmp_path / "sent"

    def noted_first(delivery: IssueDelivery, *_rest: object, at: dt.datetime) -> bool:
        newsletter_sending._note(delivery, status="SENT", sent_at=at)
        newsletter_sending.mail.deliver(None, to=delivery.subscriber.email, headers=IDS)
        return True

    monkeypatch.setattr(newsletter_sending, "_send_claimed", noted_first)
    killed(notes, 0, before_it_is_sent=True)
    later: list[str] = []
    monkeypatch.setattr(mail, "deliver", lambda _rendered, *, to, headers: later.append(to))
    newsletter_sending.work(at=NOON + 61 * SECOND)

    assert later == ["reader-1@example.com"]


IDS = {"Message-ID": "<1@galea.example>"}


def test_a_long_list_costs_as_much_memory_and_as_many_queries_a_mail_as_a_short_one(
    settings: Any,
) -> None:
    """Ten thousand with NEWSLETTER_SCALE=10000; both figures are printed."""
    settings.EMAIL_BACKEND = f"{Nowhere.__module__}.{Nowhere.__name__}"
    settings.NEWSLETTER_PER_MINUTE = 1_000_000
    long = int(os.environ.get("NEWSLETTER_SCALE", "400"))

    measured_short, measured_long = measured(100), measured(long)

    print(f"\n100: {measured_short}; {long}: {measured_long} (queries a mail, peak kB)")  # noqa: T201
    assert measured_long[0] <= measured_short[0]
    assert measured_long[1] <= measured_short[1] + 1500


def measured(count: int) -> tuple[float, int]:
    Subscriber.objects.all().delete()
    issue = started(count)
    queries = 0
    tracemalloc.start()
    while NewsletterIssue.objects.get(pk=issue.pk).status == "SENDING":
        with CaptureQueriesContext(connection) as captured:
            newsletter_sending.work(at=NOON)
        queries += len(captured)
        captured.captured_queries.clear()
        connection.queries_log.clear()
    peak = tracemalloc.get_traced_memory()[1] // 1000
    tracemalloc.stop()
    assert states(issue) == {"SENT": count}
    return round(queries / count, 1), peak
