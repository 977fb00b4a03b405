"""What readers meet: the form, the links of mails, and the issues that were sent."""

import re
from collections.abc import Callable

from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse
import pytest

from blog import newsletter, newsletter_consent, newsletter_issues, newsletter_links
from blog.models import NewsletterConsent, Subscriber
from outbox import mail
from outbox.models import OutboundMail
from tests.blog.factories import TopicFactory
from tests.blog.newsletter.factories import (
    NOON,
    consents,
    many_subscribers,
    subscribe,
    write_article,
    write_issue,
)

pytestmark = pytest.mark.django_db
Outbox = list[EmailMultiAlternatives]
ORIGIN = "http://testserver"


@pytest.fixture
def reader() -> Client:
    """A browser that posts from our own pages and has no script."""
    return Client(enforce_csrf_checks=True, headers={"Origin": ORIGIN})


def path_of(make: Callable[[str], str], subscriber: Subscriber) -> str:
    return make(subscriber.key).removeprefix("http://localhost:8000")


def filled_in(email: str, **more: str) -> dict[str, str]:
    fields = {"email": email, "source": "/guide/washing/", "consent": newsletter_consent.VERSION}
    return fields | more


def test_a_reader_signs_up_confirms_and_leaves_without_a_script(
    reader: Client, mailoutbox: Outbox
) -> None:
    answer = reader.post("/newsletter/", filled_in("ada@example.com"))
    mail.send_due(at=Subscriber.objects.get().asked_at)
    link = re.findall(r"http://localhost:8000(/newsletter/confirm/\S+)", mailoutbox[0].body)[0]
    looked_at = reader.get(link)
    before = Subscriber.objects.get().status
    confirmed = reader.post(link)
    leave = path_of(newsletter_links.unsubscribe_url, Subscriber.objects.get())
    left = reader.post(leave)

    assert (answer.status_code, answer["Location"]) == (303, "/newsletter/look-in-your-inbox/")
    assert b"Yes, send me the newsletter" in looked_at.content
    assert before == "PENDING"
    assert b"You are subscribed" in confirmed.content
    assert b"You are unsubscribed" in left.content
    assert Subscriber.objects.get().status == "UNSUBSCRIBED"
    assert NewsletterConsent.objects.first().source == "/guide/washing/"


def test_known_unknown_suppressed_and_mechanical_senders_are_answered_alike(
    reader: Client,
) -> None:
    subscribe("known@example.com")
    Subscriber.objects.create(email="dead@example.com", status="SUPPRESSED", asked_at=NOON)
    answers = [
        reader.post("/newsletter/", filled_in("known@example.com")),
        reader.post("/newsletter/", filled_in("unknown@example.com")),
        reader.post("/newsletter/", filled_in("dead@example.com")),
        reader.post("/newsletter/", filled_in("robot@example.com", website="https://x.example")),
    ]

    assert {(each.status_code, each["Location"], each.content) for each in answers} == {
        (303, "/newsletter/look-in-your-inbox/", b"")
    }
    assert {each["Cache-Control"] for each in answers} == {"private, no-store"}
    assert not Subscriber.objects.filter(email="robot@example.com").exists()
    assert not OutboundMail.objects.filter(to="dead@example.com").exists()


def test_what_is_no_address_is_said_beside_the_field_and_kept(reader: Client) -> None:
    answer = reader.post("/newsletter/", filled_in("ada@"))

    assert answer.status_code == 422
    assert b"Enter an e-mail address such as name@example.com." in answer.content
    assert b'value="ada@"' in answer.content
    assert Subscriber.objects.count() == 0


def test_outdated_words_are_shown_anew_before_anything_is_noted(reader: Client) -> None:
    answer = reader.post("/newsletter/", filled_in("ada@example.com", consent="2019-01"))

    assert answer.status_code == 422
    assert b"What you agree to has changed." in answer.content
    assert b'value="ada@example.com"' in answer.content
    assert Subscriber.objects.count() == 0


def test_one_address_cannot_be_posted_again_and_again(reader: Client) -> None:
    statuses = [
        reader.post("/newsletter/", filled_in("ada@example.com")).status_code for _ in range(6)
    ]

    assert statuses == [303] * 5 + [429]
    assert OutboundMail.objects.count() == 1


def test_a_source_from_elsewhere_is_not_believed(reader: Client) -> None:
    reader.post("/newsletter/", filled_in("ada@example.com", source="https://evil.example/"))

    assert Subscriber.objects.get().source == ""


def test_a_mail_program_unsubscribes_with_one_post_and_nothing_else() -> None:
    """RFC 8058: no cookie, no origin, no token but the link itself; twice is as once."""
    subscriber = subscribe()
    link = path_of(newsletter_links.unsubscribe_url, subscriber)
    program = Client(enforce_csrf_checks=True)

    looked = program.get(link)
    after_looking = Subscriber.objects.get().status
    answers = [program.post(link, {"List-Unsubscribe": "One-Click"}) for _ in range(2)]

    assert looked.status_code == 200
    assert after_looking == "CONFIRMED"
    assert [each.status_code for each in answers] == [200, 200]
    assert consents(subscriber) == [("ASKED", 0), ("CONFIRMED", 1), ("WITHDRAWN", -1)]
    assert NewsletterConsent.objects.latest("pk").means == "one click in the mail program"


def test_pages_behind_links_are_for_one_person_and_do_not_tell_the_address(reader: Client) -> None:
    subscriber = subscribe("ada.lindqvist@example.com")
    for make in (newsletter_links.unsubscribe_url, newsletter_links.preferences_url):
        answer = reader.get(path_of(make, subscriber))

        assert answer["Cache-Control"] == "private, no-store"
        assert b'<meta name="robots" content="noindex">' in answer.content
        assert b"ada.lindqvist" not in answer.content
        assert "a…@example.com" in answer.content.decode()


def test_a_made_up_link_leads_nowhere_and_one_of_an_erased_address_says_so(reader: Client) -> None:
    subscriber = subscribe()
    link = path_of(newsletter_links.unsubscribe_url, subscriber)
    newsletter.erase(subscriber_id=subscriber.pk)

    assert reader.get("/newsletter/unsubscribe/abc.def/").status_code == 404
    assert reader.post("/newsletter/preferences/abc.def/").status_code == 404
    assert b"We do not know this address any more" in reader.post(link).content


def test_topics_are_chosen_and_decide_who_gets_an_issue(reader: Client) -> None:
    sun, water = TopicFactory(name="Sun", slug="sun"), TopicFactory(name="Water", slug="water")
    choosy, everything = subscribe("choosy@example.com"), subscribe("all@example.com")
    link = path_of(newsletter_links.preferences_url, choosy)
    about_water, for_all = write_issue(), write_issue()
    about_water.topics.set([water])
    about_water.save()

    answer = reader.post(link, {"act": "topics", "topic": [str(sun.pk), "x", "99999999999"]})

    assert b"Your choice is saved." in answer.content
    assert NewsletterConsent.objects.latest("pk").topics == ["Sun"]
    assert list(newsletter_issues.recipients(about_water)) == [everything]
    assert newsletter_issues.recipients(for_all).count() == 2


def test_whoever_left_comes_back_on_the_preferences_page(reader: Client) -> None:
    subscriber = subscribe()
    link = path_of(newsletter_links.preferences_url, subscriber)

    reader.post(link, {"act": "leave"})
    left = Subscriber.objects.get().status
    reader.post(link, {"act": "return"})

    assert (left, Subscriber.objects.get().status) == ("UNSUBSCRIBED", "CONFIRMED")


def test_an_issue_is_public_once_it_is_sent_and_shows_what_can_be_read(reader: Client) -> None:
    many_subscribers(1)
    kept, taken_back = write_article("kept"), write_article("taken-back")
    issue = write_issue(kept, taken_back)
    url = reverse("blog:newsletter_issue", args=[issue.slug])
    draft = reader.get(url).status_code

    newsletter_issues.start(issue_id=issue.pk, by=None, at=NOON)
    taken_back.unpublish()
    page = reader.get(url).content.decode()
    archive = reader.get("/newsletter/issues/").content.decode()

    assert draft == 404
    assert "Spring on the scalp" in page
    assert "Kept" in page
    assert "Taken-Back" not in page
    assert url in archive


def test_the_archive_and_an_issue_ask_little(
    reader: Client, django_assert_max_num_queries: Callable[..., object]
) -> None:
    many_subscribers(1)
    for number in range(5):
        issue = write_issue(write_article(f"one-{number}"), write_article(f"two-{number}"))
        newsletter_issues.start(issue_id=issue.pk, by=None, at=NOON)
    reader.get("/newsletter/")

    with django_assert_max_num_queries(10):
        reader.get("/newsletter/issues/")
    with django_assert_max_num_queries(14):
        reader.get(reverse("blog:newsletter_issue", args=[issue.slug]))
