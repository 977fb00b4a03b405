"""The marketer's screens: what is written, sent and looked up, and by whom."""

import csv
import io
import time

from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
import pytest
from openpyxl import load_workbook

from accounts.models import User
from blog import newsletter, newsletter_issues
from blog.models import NewsletterIssue, Subscriber
from outbox.models import OutboundMail
from tests.accounts.factories import UserFactory
from tests.accounts.signing_in import sign_in_at
from tests.blog.newsletter.factories import (
    NOON,
    consents,
    many_subscribers,
    subscribe,
    write_article,
    write_issue,
)

pytestmark = pytest.mark.django_db
ISSUES = "wagtailsnippets_blog_newsletterissue"


def signed_in(*groups: str) -> Client:
    user = UserFactory(is_staff=True)
    for name in groups:
        user.groups.add(Group.objects.get(name=name))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def marketer() -> Client:
    return signed_in("Marketers")


def url(name: str, issue: NewsletterIssue) -> str:
    return reverse(f"{ISSUES}:{name}", args=[issue.pk])


def test_a_marketer_writes_an_issue_and_sees_it_before_it_is_sent(marketer: Client) -> None:
    article = write_article()
    many_subscribers(2)
    fields = {
        "subject": "Spring on the scalp",
        "preheader": "What to change now.",
        "intro": "null",
        "closing": "null",
        "articles-TOTAL_FORMS": "1",
        "articles-INITIAL_FORMS": "0",
        "articles-MIN_NUM_FORMS": "0",
        "articles-MAX_NUM_FORMS": "12",
        "articles-0-article": str(article.pk),
        "articles-0-teaser": "In our own words.",
        "articles-0-ORDER": "1",
        "articles-0-id": "",
        "articles-0-DELETE": "",
    }

    answer = marketer.post(reverse(f"{ISSUES}:add"), fields)
    issue = NewsletterIssue.objects.get()
    screen = marketer.get(url("inspect", issue)).content.decode()
    shown = marketer.get(url("mail", issue))

    assert answer["Location"] == url("inspect", issue)
    assert (issue.slug, issue.status) == ("spring-on-the-scalp", "DRAFT")
    assert "For 2 subscribers." in screen
    assert url("start", issue) in screen
    assert b"In our own words." in shown.content
    assert b".invalid" not in shown.content
    assert "default-src 'none'" in shown["Content-Security-Policy"]


def test_the_editor_shows_the_mail_beside_the_form(marketer: Client) -> None:
    issue = write_issue(write_article())
    fields = {
        "subject": "Another subject",
        "preheader": "",
        "intro": "null",
        "closing": "null",
        "articles-TOTAL_FORMS": "0",
        "articles-INITIAL_FORMS": "0",
        "articles-MIN_NUM_FORMS": "0",
        "articles-MAX_NUM_FORMS": "12",
    }

    valid = marketer.post(url("preview_on_edit", issue), fields).json()
    preview = marketer.get(f"{url('preview_on_edit', issue)}?mode=mail")

    assert valid["is_valid"]
    assert b"Another subject" in preview.content
    assert NewsletterIssue.objects.get().subject == "Spring on the scalp"


def test_buttons_send_pause_resume_and_stop(marketer: Client) -> None:
    many_subscribers(1)
    issue = write_issue()
    statuses = []
    for name in ("start", "pause", "resume", "cancel"):
        assert marketer.get(url(name, issue)).status_code == 200
        assert marketer.post(url(name, issue)).status_code == 302
        issue.refresh_from_db()
        statuses.append(issue.status)

    assert statuses == ["SENDING", "PAUSED", "SENDING", "CANCELLED"]


def test_a_button_that_comes_too_late_says_so_and_changes_nothing(marketer: Client) -> None:
    many_subscribers(1)
    issue = write_issue()
    marketer.post(url("start", issue))

    answer = marketer.post(url("start", issue))

    assert b"This issue is being sent and cannot become being sent." in answer.content
    assert NewsletterIssue.objects.get().status == "SENDING"


def test_what_was_sent_is_neither_edited_nor_deleted(marketer: Client) -> None:
    many_subscribers(1)
    issue = write_issue()
    newsletter_issues.start(issue_id=issue.pk, by=None, at=NOON)

    edited = marketer.post(url("edit", issue), {"subject": "Another"})
    deleted = marketer.post(url("delete", issue))

    assert [edited["Location"], deleted["Location"]] == [url("inspect", issue)] * 2
    assert NewsletterIssue.objects.get().subject == "Spring on the scalp"


def test_a_form_that_was_opened_before_the_start_does_not_turn_it_back() -> None:
    many_subscribers(1)
    opened = write_issue()
    newsletter_issues.start(issue_id=opened.pk, by=None, at=NOON)

    opened.save()

    assert NewsletterIssue.objects.get().status == "SENDING"


def test_a_test_goes_to_the_marketer_alone(marketer: Client) -> None:
    issue = write_issue(write_article())

    marketer.post(url("test", issue))

    queued = OutboundMail.objects.get()
    assert queued.to == str(UserFactory._meta.model.objects.latest("pk").email)
    assert queued.context == {"issue": issue.pk}


def test_whoever_may_not_send_sees_no_button_and_cannot_press_it() -> None:
    many_subscribers(1)
    issue = write_issue()
    reviewer = signed_in()
    reviewer.get("/admin/")

    assert reviewer.post(url("start", issue)).status_code == 302
    assert reviewer.get(reverse("subscribers:index")).status_code == 302
    assert NewsletterIssue.objects.get().status == "DRAFT"


def test_subscribers_are_found_and_exported_without_formulas(marketer: Client) -> None:
    subscribe("ada@example.com")
    Subscriber.objects.create(email="=cmd@example.com", status="PENDING", asked_at=NOON)

    page = marketer.get(f"{reverse('subscribers:index')}?q=ada").content.decode()
    sign_in_at(marketer, User.objects.get(pk=marketer.session["_auth_user_id"]), time.time())
    export = marketer.get(f"{reverse('subscribers:index')}?export=csv")

    text = b"".join(export.streaming_content).decode()
    rows = list(csv.reader(io.StringIO(text)))
    assert "ada@example.com" in page
    assert "=cmd" not in page
    assert sorted(row[0] for row in rows[1:]) == ["'=cmd@example.com", "ada@example.com"]


def test_a_subscriber_s_screen_shows_every_consent_and_acts_for_them(marketer: Client) -> None:
    subscriber = subscribe()
    screen = marketer.get(reverse("subscribers:inspect", args=[subscriber.pk])).content.decode()

    marketer.post(reverse("subscribers:bounced", args=[subscriber.pk]))
    marketer.post(reverse("subscribers:readmit", args=[subscriber.pk]))

    subscriber.refresh_from_db()
    assert "I want the newsletter of Galea" in screen
    assert subscriber.status == "UNSUBSCRIBED"
    assert [kind for kind, _ in consents(subscriber)][2:] == ["SUPPRESSED", "READMITTED"]


def test_a_person_gets_all_that_is_known_of_them_and_is_erased(marketer: Client) -> None:
    subscriber = subscribe()

    copy = marketer.get(reverse("subscribers:copy", args=[subscriber.pk])).json()
    answer = marketer.post(reverse("subscribers:erase", args=[subscriber.pk]))

    assert copy["email"] == "ada@example.com"
    assert [each["kind"] for each in copy["consents"]] == ["ASKED", "CONFIRMED"]
    assert answer.status_code == 302
    assert Subscriber.objects.count() == OutboundMail.objects.count() == 0


def test_nobody_edits_an_address(marketer: Client) -> None:
    subscriber = subscribe()
    page = marketer.get(reverse("subscribers:index")).content.decode()

    answer = marketer.post(
        reverse("subscribers:edit", args=[subscriber.pk]), {"email": "other@example.com"}
    )

    assert reverse("subscribers:inspect", args=[subscriber.pk]) in page
    assert answer.status_code == 302
    assert Subscriber.objects.get().email == "ada@example.com"


@pytest.mark.parametrize("by", ["day", "month"])
def test_growth_is_drawn_and_its_file_equals_the_screen(marketer: Client, by: str) -> None:
    leaver = subscribe("one@example.com")
    subscribe("two@example.com")
    newsletter.leave(key=leaver.key, means="one click", at=NOON)
    days = {"from_on": "2026-02-20", "until_on": "2026-03-10", "by": by}
    growth = reverse("subscribers:growth")

    page = marketer.get(growth, days)
    table = marketer.get(growth, days | {"export": "csv"})
    book = marketer.get(growth, days | {"export": "xlsx"})

    assert "<svg" in page.content.decode()
    assert "<strong>2</strong> joined and 1 left; <strong>1</strong>" in page.content.decode()
    (shown,) = page.context["tables"]
    rows = [list(row) for row in csv.reader(io.StringIO(table.content.decode("utf-8-sig")))]
    assert rows[0] == [cell.text for cell in shown.headings]
    assert len(rows) == 1 + {"day": 19, "month": 2}[by]
    assert [row[1:] for row in rows[1:]] == [[cell.text for cell in row[1:]] for row in shown.rows]
    sheet = load_workbook(io.BytesIO(book.content)).active
    assert [[str(cell) for cell in row] for row in sheet.values][1:] == rows[1:]


def test_a_reversed_choice_of_days_is_refused_in_words(marketer: Client) -> None:
    days = {"from_on": "2026-03-10", "until_on": "2026-02-20"}

    page = marketer.get(reverse("subscribers:growth"), days | {"export": "csv"})

    assert "The first day comes before the last" in page.content.decode()
