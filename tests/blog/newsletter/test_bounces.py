"""What mail providers report: once each, and with what follows from it."""

import datetime as dt
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.test import Client
import pytest
from anymail.signals import AnymailTrackingEvent, EventType, RejectReason, tracking

from blog import newsletter_events, newsletter_links
from blog.models import MailTrouble, Subscriber
from storefront.settings.mail_provider import mail_provider
from tests.blog.newsletter.factories import NOON, ask, consents, subscribe

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def report(event_type: str, reason: str | None, *, number: int = 1, **more: Any) -> None:
    """Say what a provider's webhook says, in anymail's words."""
    facts = {"recipient": "Ada@example.com", "timestamp": NOON, "event_id": f"e{number}", **more}
    event = AnymailTrackingEvent(event_type=event_type, reject_reason=reason, **facts)
    tracking.send(sender=None, event=event, esp_name="Postmark")


@pytest.mark.parametrize(
    ("event_type", "reason", "kind"),
    [
        (EventType.BOUNCED, RejectReason.BOUNCED, "HARD_BOUNCE"),
        (EventType.REJECTED, RejectReason.INVALID, "HARD_BOUNCE"),
        (EventType.BOUNCED, RejectReason.TIMED_OUT, "SOFT_BOUNCE"),
        (EventType.BOUNCED, RejectReason.BLOCKED, "SOFT_BOUNCE"),
        (EventType.REJECTED, RejectReason.SPAM, "COMPLAINT"),
        (EventType.COMPLAINED, None, "COMPLAINT"),
        (EventType.DEFERRED, None, None),
        (EventType.DELIVERED, None, None),
        (EventType.OPENED, None, None),
        (EventType.CLICKED, None, None),
    ],
)
def test_each_report_means_one_thing(event_type: str, reason: str | None, kind: str | None) -> None:
    assert newsletter_events.kind_of(event_type, reason) == kind


def test_a_dead_address_is_suppressed_once_however_often_it_is_reported() -> None:
    subscriber = subscribe()

    report(EventType.BOUNCED, RejectReason.BOUNCED)
    report(EventType.BOUNCED, RejectReason.BOUNCED)

    subscriber.refresh_from_db()
    assert (subscriber.status, subscriber.reason) == ("SUPPRESSED", "The address does not exist.")
    assert consents(subscriber)[2:] == [("SUPPRESSED", -1)]
    assert MailTrouble.objects.count() == 1


def test_five_different_soft_bounces_within_two_months_suppress_four_or_older_ones_do_not() -> None:
    subscribe()
    report(EventType.BOUNCED, RejectReason.TIMED_OUT, number=0, timestamp=NOON - 61 * DAY)
    for number in range(1, 5):
        report(EventType.BOUNCED, RejectReason.TIMED_OUT, number=number)
        report(EventType.BOUNCED, RejectReason.TIMED_OUT, number=number)
    before = Subscriber.objects.get().status

    report(EventType.BOUNCED, RejectReason.TIMED_OUT, number=5)

    assert (before, Subscriber.objects.get().status) == ("CONFIRMED", "SUPPRESSED")


def test_whoever_marks_a_mail_as_spam_is_unsubscribed() -> None:
    subscriber = subscribe()

    report(EventType.COMPLAINED, None)

    subscriber.refresh_from_db()
    assert (subscriber.status, subscriber.reason) == ("UNSUBSCRIBED", "Marked a mail as spam.")
    assert consents(subscriber)[2:] == [("WITHDRAWN", -1)]


@pytest.mark.parametrize("how", ["the link of an old mail", "a complaint"])
def test_nothing_but_staff_lets_a_suppressed_address_in_again(client: Client, how: str) -> None:
    subscriber = subscribe()
    report(EventType.BOUNCED, RejectReason.BOUNCED)
    noted = consents(subscriber)

    if how == "a complaint":
        report(EventType.COMPLAINED, None, number=2)
    else:
        one_click = urlsplit(newsletter_links.unsubscribe_url(subscriber.key)).path
        client.post(one_click, {"List-Unsubscribe": "One-Click"})

    ask(at=NOON + DAY)
    subscriber.refresh_from_db()
    assert (subscriber.status, subscriber.reason) == ("SUPPRESSED", "The address does not exist.")
    assert consents(subscriber) == noted


def test_a_provider_is_told_to_watch_nobody_and_must_prove_itself() -> None:
    told = mail_provider("postmark", key="token", webhook_secret="name:a-long-password-of-ours")

    assert told["POSTMARK_SERVER_TOKEN"] == "token"
    assert told["SEND_DEFAULTS"] == {"track_opens": False, "track_clicks": False}
    for name, key, secret in (
        ("carrier-pigeon", "token", "name:a-long-password-of-ours"),
        ("postmark", "", "name:a-long-password-of-ours"),
        ("postmark", "token", "short:one"),
    ):
        with pytest.raises(ImproperlyConfigured):
            mail_provider(name, key=key, webhook_secret=secret)


def test_a_report_about_somebody_else_changes_nothing() -> None:
    subscribe()

    report(EventType.BOUNCED, RejectReason.BOUNCED, recipient="stranger@example.com")

    assert Subscriber.objects.get().status == "CONFIRMED"
    assert MailTrouble.objects.count() == 0
