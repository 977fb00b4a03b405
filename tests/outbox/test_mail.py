import datetime as dt
import logging
import threading
from collections.abc import Callable
from smtplib import SMTPServerDisconnected
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, connection, transaction
import pytest

from outbox import mail
from outbox.models import MailStatus, OutboundMail
from tests.accounts.factories import UserFactory
from tests.outbox.factories import NOON, OutboundMailFactory

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)
Outbox = list[EmailMultiAlternatives]


@pytest.fixture
def broken_server(monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
    """A mail server that hangs up; call it with False to mend it."""
    real_send = EmailMultiAlternatives.send
    is_broken = True

    def send(self: EmailMultiAlternatives, *args: Any, **kwargs: Any) -> int:
        if is_broken:
            message = "ada@example.com: connection lost"
            raise SMTPServerDisconnected(message)
        return real_send(self, *args, **kwargs)

    def set_broken(value: bool) -> None:
        nonlocal is_broken
        is_broken = value

    monkeypatch.setattr(EmailMultiAlternatives, "send", send)
    return set_broken


def test_a_queued_mail_is_sent_with_both_parts_and_its_own_message_id(mailoutbox: Outbox) -> None:
    queued = OutboundMailFactory()

    sent = mail.send_due(at=NOON)

    queued.refresh_from_db()
    [message] = mailoutbox
    assert sent == 1
    assert (queued.status, queued.attempts, queued.sent_at) == (MailStatus.SENT, 1, NOON)
    assert message.to == ["ada@example.com"]
    assert message.subject == "Your order 7"
    assert message.body == "Thank you."
    assert [kind for _, kind in message.alternatives] == ["text/html"]
    assert message.extra_headers["Message-ID"] == queued.message_id
    assert queued.message_id.endswith("@galea.example>")


def test_queueing_twice_with_one_key_sends_once(mailoutbox: Outbox) -> None:
    facts: dict[str, Any] = {
        "effect_key": "order:1:paid",
        "event": "test_event",
        "to": "ada@example.com",
        "reference": "order:1",
        "context": {"order": 1},
        "at": NOON,
    }

    with transaction.atomic():
        answers = [mail.queue(**facts), mail.queue(**facts)]
        OutboundMailFactory()
    mail.send_due(at=NOON)
    mail.send_due(at=NOON)

    assert answers == [True, False]
    assert len(mailoutbox) == 2


def test_a_mail_dies_with_the_transaction_it_reports(mailoutbox: Outbox) -> None:
    with transaction.atomic():
        OutboundMailFactory()
        transaction.set_rollback(True)

    assert mail.send_due(at=NOON) == 0
    assert mailoutbox == []


def test_a_mail_to_nobody_is_refused_by_the_database() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        OutboundMailFactory(to=" ")

    assert OutboundMail.objects.count() == 0


def test_an_hour_without_mail_server_loses_nothing_and_doubles_nothing(
    mailoutbox: Outbox, broken_server: Callable[[bool], None]
) -> None:
    for _ in range(3):
        OutboundMailFactory()
    ids = set(OutboundMail.objects.values_list("message_id", flat=True))

    for minute in range(60):
        mail.send_due(at=NOON + minute * MINUTE)
    broken_server(False)  # noqa: FBT003
    for minute in range(60, 240):
        mail.send_due(at=NOON + minute * MINUTE)

    assert len(mailoutbox) == 3
    assert {message.extra_headers["Message-ID"] for message in mailoutbox} == ids


def test_failing_backs_off_and_then_gives_up(broken_server: Callable[[bool], None]) -> None:
    queued = OutboundMailFactory()
    at, waits = NOON, []

    while queued.status != MailStatus.FAILED:
        mail.send_due(at=at)
        queued.refresh_from_db()
        waits.append(queued.next_try_at - at)
        at = queued.next_try_at

    hour = 60 * MINUTE
    assert waits[:5] == [MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * hour, 6 * hour]
    assert queued.attempts == 6
    assert queued.error.startswith("SMTPServerDisconnected")
    assert mail.send_due(at=at + dt.timedelta(days=30)) == 0


def test_one_broken_mail_does_not_hold_up_the_next_and_names_nobody_in_the_log(
    mailoutbox: Outbox, caplog: pytest.LogCaptureFixture
) -> None:
    broken = OutboundMailFactory(context={"broken": True})
    unknown = OutboundMailFactory(event="never_registered")
    OutboundMailFactory(to="grace@example.com")

    with caplog.at_level(logging.DEBUG):
        mail.send_due(at=NOON)

    broken.refresh_from_db()
    unknown.refresh_from_db()
    assert [message.to for message in mailoutbox] == [["grace@example.com"]]
    assert broken.status == unknown.status == MailStatus.QUEUED
    assert unknown.error.startswith("NoRenderer")
    assert "LookupError" in caplog.text
    assert "example.com" not in caplog.text


def test_the_lease_of_a_dead_worker_returns_after_a_minute(
    mailoutbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued = OutboundMailFactory()

    def die(*_args: object, **_kwargs: object) -> None:
        raise SystemExit(9)

    with monkeypatch.context() as patch:
        patch.setattr(mail, "_send_claimed", die)
        with pytest.raises(SystemExit):
            mail.send_due(at=NOON)

    assert mail.send_due(at=NOON + dt.timedelta(seconds=59)) == 0
    assert mail.send_due(at=NOON + dt.timedelta(seconds=61)) == 1
    assert [message.extra_headers["Message-ID"] for message in mailoutbox] == [queued.message_id]


def test_a_mail_that_kills_every_worker_ends_as_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    queued = OutboundMailFactory()

    def die(*_args: object, **_kwargs: object) -> None:
        raise SystemExit(9)

    monkeypatch.setattr(mail, "_send_claimed", die)
    for number in range(mail.MAX_ATTEMPTS):
        with pytest.raises(SystemExit):
            mail.send_due(at=NOON + number * 2 * MINUTE)
    mail.send_due(at=NOON + dt.timedelta(hours=1))

    queued.refresh_from_db()
    assert (queued.status, queued.attempts) == (MailStatus.FAILED, mail.MAX_ATTEMPTS)


def test_resending_makes_a_copy_with_its_own_key(mailoutbox: Outbox) -> None:
    original = OutboundMailFactory()
    mail.send_due(at=NOON)

    copy = mail.resend(mail_id=original.pk, by=UserFactory(), at=NOON + MINUTE)
    mail.send_due(at=NOON + MINUTE)

    assert copy.resend_of == original
    assert copy.effect_key != original.effect_key
    assert len({message.extra_headers["Message-ID"] for message in mailoutbox}) == 2


def test_resending_what_is_still_on_its_way_is_refused() -> None:
    original = OutboundMailFactory()

    with pytest.raises(mail.AlreadyOnItsWay):
        mail.resend(mail_id=original.pk, by=UserFactory(), at=NOON)

    assert OutboundMail.objects.count() == 1


def test_pressing_resend_twice_makes_one_copy() -> None:
    original = OutboundMailFactory()
    mail.send_due(at=NOON)
    mail.resend(mail_id=original.pk, by=UserFactory(), at=NOON)

    with pytest.raises(mail.AlreadyOnItsWay):
        mail.resend(mail_id=original.pk, by=UserFactory(), at=NOON)

    assert OutboundMail.objects.count() == 2


def test_an_event_has_one_renderer() -> None:
    def other(_context: object) -> mail.RenderedMail:
        return mail.RenderedMail("", "", "")

    with pytest.raises(mail.RendererTaken):
        mail.register_renderer("test_event", other)


def test_styles_are_written_onto_the_elements_and_media_rules_kept() -> None:
    html = mail.inline_css(
        "<html><head><style>p { color: red } @media (max-width: 500px) { p { color: blue } }"
        '</style></head><body><p>Hello</p><img src="https://elsewhere.example/x.png"></body></html>'
    )

    assert 'style="color: red;"' in html.replace("color:red", "color: red")
    assert "@media" in html


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_send_each_mail_once(mailoutbox: Outbox) -> None:
    for _ in range(12):
        OutboundMailFactory()
    barrier = threading.Barrier(4)
    sent: list[int] = []

    def work() -> None:
        try:
            barrier.wait(timeout=20)
            sent.append(mail.send_due(at=NOON))
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)

    assert sum(sent) == 12
    assert len(mailoutbox) == 12


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_control_without_the_claim_mails_go_out_more_than_once(
    mailoutbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    OutboundMailFactory()
    both_looked = threading.Barrier(2)

    def careless(mail_id: int, *, at: dt.datetime) -> OutboundMail:
        found = OutboundMail.objects.get(pk=mail_id)
        both_looked.wait(timeout=20)
        return found

    def work() -> None:
        try:
            mail.send_due(at=NOON)
        finally:
            connection.close()

    monkeypatch.setattr(mail, "_claim", careless)
    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)

    assert len(mailoutbox) == 2
