"""Signing up, confirming, leaving and coming back, each noted once."""

import datetime as dt

from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, connection, transaction
import pytest
import time_machine

from append_only.operations import protected_tables
from blog import newsletter, newsletter_bounces, newsletter_links
from blog.models import MailTrouble, NewsletterConsent, Subscriber, TroubleKind
from outbox import mail
from outbox.models import OutboundMail
from tests.blog.newsletter.factories import MINUTE, NOON, ask, consents, subscribe

pytestmark = pytest.mark.django_db
Outbox = list[EmailMultiAlternatives]
DAY = dt.timedelta(days=1)


def events() -> list[str]:
    return list(OutboundMail.objects.order_by("pk").values_list("event", flat=True))


def test_signing_up_subscribes_nobody_but_sends_a_mail_that_asks(mailoutbox: Outbox) -> None:
    subscriber = ask("Ada@Example.com ")
    mail.send_due(at=NOON)

    [message] = mailoutbox
    [consent] = NewsletterConsent.objects.all()
    assert (subscriber.email, subscriber.status) == ("ada@example.com", "PENDING")
    assert message.to == ["ada@example.com"]
    assert "/newsletter/confirm/" in message.body
    assert (consent.kind, consent.change, consent.source) == ("ASKED", 0, "/newsletter/")
    assert consent.text.startswith("I want the newsletter of Galea")
    assert (consent.text_version, consent.means) == ("2026-11", "sign-up form")


def test_confirming_subscribes_once_however_often_the_button_is_pressed() -> None:
    subscriber = subscribe()
    newsletter.confirm(key=subscriber.key, at=NOON + MINUTE)

    subscriber.refresh_from_db()
    assert (subscriber.status, subscriber.confirmed_at) == ("CONFIRMED", NOON)
    assert consents(subscriber) == [("ASKED", 0), ("CONFIRMED", 1)]
    assert events() == ["newsletter_confirm", "newsletter_welcome"]


def test_other_words_than_those_of_today_are_not_agreed_to() -> None:
    asked = newsletter.Asked(email="ada@example.com", source="/")

    with pytest.raises(newsletter.ConsentIsOutdated):
        newsletter.sign_up(asked, consent_version="2020-01", at=NOON)

    assert Subscriber.objects.count() == 0
    assert NewsletterConsent.objects.count() == 0


def test_posting_again_sends_no_second_mail_within_a_quarter_of_an_hour() -> None:
    ask()
    ask(at=NOON + 14 * MINUTE)
    ask(at=NOON + 15 * MINUTE)

    assert events() == ["newsletter_confirm", "newsletter_confirm"]
    assert Subscriber.objects.count() == 1


def test_whoever_is_subscribed_is_told_so_by_mail_and_nothing_changes() -> None:
    subscriber = subscribe()
    ask(at=NOON + DAY)

    subscriber.refresh_from_db()
    assert subscriber.status == "CONFIRMED"
    assert events()[2:] == ["newsletter_already"]
    assert consents(subscriber) == [("ASKED", 0), ("CONFIRMED", 1)]


def test_leaving_is_noted_once_and_calls_off_what_waits() -> None:
    subscriber = subscribe()

    newsletter.leave(key=subscriber.key, means="one click", at=NOON + DAY)
    newsletter.leave(key=subscriber.key, means="one click", at=NOON + 2 * DAY)

    subscriber.refresh_from_db()
    assert (subscriber.status, subscriber.left_at) == ("UNSUBSCRIBED", NOON + DAY)
    assert consents(subscriber) == [("ASKED", 0), ("CONFIRMED", 1), ("WITHDRAWN", -1)]
    assert events() == []


def test_a_form_alone_brings_nobody_back_but_the_link_in_its_mail_does() -> None:
    subscriber = subscribe()
    newsletter.leave(key=subscriber.key, means="one click", at=NOON + DAY)

    ask(at=NOON + 2 * DAY)
    subscriber.refresh_from_db()
    before = subscriber.status
    newsletter.confirm(key=subscriber.key, at=NOON + 2 * DAY)

    subscriber.refresh_from_db()
    assert (before, subscriber.status, subscriber.left_at) == ("UNSUBSCRIBED", "CONFIRMED", None)
    assert sum(change for _, change in consents(subscriber)) == 1


def test_the_preferences_link_brings_back_whoever_left() -> None:
    subscriber = subscribe()
    newsletter.leave(key=subscriber.key, means="one click", at=NOON + DAY)

    newsletter.return_by_link(key=subscriber.key, source="/newsletter/", at=NOON + 2 * DAY)

    subscriber.refresh_from_db()
    assert subscriber.status == "CONFIRMED"
    assert NewsletterConsent.objects.latest("pk").means == "signed link, after leaving"


def test_a_suppressed_address_gets_no_mail_whatever_is_typed_or_clicked() -> None:
    subscriber = subscribe()
    newsletter_bounces.note(
        email=subscriber.email, kind=TroubleKind.HARD_BOUNCE, event_key="1", at=NOON + DAY
    )

    ask(at=NOON + 2 * DAY)
    newsletter.confirm(key=subscriber.key, at=NOON + 2 * DAY)
    newsletter.return_by_link(key=subscriber.key, source="/", at=NOON + 2 * DAY)

    subscriber.refresh_from_db()
    assert subscriber.status == "SUPPRESSED"
    assert events() == []


def test_staff_let_an_address_in_again_and_its_owner_signs_up_anew() -> None:
    subscriber = subscribe()
    newsletter_bounces.note(
        email=subscriber.email, kind=TroubleKind.HARD_BOUNCE, event_key="1", at=NOON + DAY
    )

    newsletter.readmit(subscriber_id=subscriber.pk, at=NOON + 2 * DAY)
    subscriber.refresh_from_db()
    after = subscriber.status
    ask(at=NOON + 3 * DAY)

    assert after == "UNSUBSCRIBED"
    assert events() == ["newsletter_confirm"]


def test_erasing_leaves_no_trace_of_the_address_and_the_figures_add_up() -> None:
    subscriber = subscribe()
    newsletter_bounces.note(
        email=subscriber.email, kind=TroubleKind.SOFT_BOUNCE, event_key="1", at=NOON
    )
    mail.send_due(at=NOON)

    newsletter.erase(subscriber_id=subscriber.pk)

    assert Subscriber.objects.count() == MailTrouble.objects.count() == 0
    assert OutboundMail.objects.count() == 0
    today = NOON.date()
    assert [each.total for each in newsletter.growth(from_on=today, until_on=today)] == [1]


def test_who_never_confirms_is_forgotten_after_eight_days() -> None:
    ask("never@example.com")
    kept = subscribe("kept@example.com")

    early = newsletter.forget_unconfirmed(at=NOON + 8 * DAY)
    late = newsletter.forget_unconfirmed(at=NOON + 8 * DAY + MINUTE)

    assert (early, late) == (0, 1)
    assert list(Subscriber.objects.all()) == [kept]


def test_consents_can_be_neither_changed_nor_deleted() -> None:
    subscriber = subscribe()

    for change in (
        lambda: NewsletterConsent.objects.update(kind="WITHDRAWN"),
        lambda: NewsletterConsent.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()

    assert consents(subscriber) == [("ASKED", 0), ("CONFIRMED", 1)]
    assert "blog_newsletterconsent" in protected_tables(connection)


@pytest.mark.parametrize(
    ("by", "wanted"),
    [
        ("day", [(2, 0, 0, 1), (3, 0, 0, 1), (4, 1, 1, 1)]),
        ("month", [(1, 1, 1, 1)]),
    ],
)
def test_growth_is_told_for_every_day_or_month(by: str, wanted: list[tuple[int, ...]]) -> None:
    """Who joined before counts, and so does a day on which nothing happened."""
    leaver = subscribe("one@example.com", at=NOON - 7 * DAY)
    subscribe("two@example.com", at=NOON)
    newsletter.leave(key=leaver.key, means="one click", at=NOON)
    today = NOON.date()

    found = newsletter.growth(from_on=today - 2 * DAY, until_on=today, by=by)

    assert today == dt.date(2026, 3, 4)
    told = [(each.period.day, each.joined, each.left, each.total) for each in found]
    assert told == wanted


def test_a_link_is_good_for_its_own_purpose_and_hides_the_address() -> None:
    subscriber = subscribe()
    links = [
        newsletter_links.confirm_url(subscriber.key),
        newsletter_links.unsubscribe_url(subscriber.key),
        newsletter_links.preferences_url(subscriber.key),
    ]
    tokens = [link.rstrip("/").rsplit("/", 1)[1] for link in links]
    readers = [
        newsletter_links.key_to_confirm,
        newsletter_links.key_to_leave,
        newsletter_links.key_to_choose,
    ]

    for number, token in enumerate(tokens):
        for other, read in enumerate(readers):
            if number == other:
                assert read(token) == subscriber.key
            else:
                with pytest.raises(newsletter_links.LinkIsNotOurs):
                    read(token)
    assert all("ada" not in link and "%40" not in link for link in links)


def test_the_link_that_confirms_grows_old_in_a_week() -> None:
    subscriber = ask()
    with time_machine.travel(NOON, tick=False):
        token = newsletter_links.confirm_url(subscriber.key).rstrip("/").rsplit("/", 1)[1]

    with time_machine.travel(NOON + 7 * DAY, tick=False):
        assert newsletter_links.key_to_confirm(token) == subscriber.key
    with (
        time_machine.travel(NOON + 7 * DAY + MINUTE, tick=False),
        pytest.raises(newsletter_links.LinkIsTooOld),
    ):
        newsletter_links.key_to_confirm(token)
