"""Clinical reviews in the admin: asking, looking on, and what is due."""

import datetime as dt
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page
import pytest
import time_machine

from accounts.models import User
from blog.models import Approval, ArticlePage, ReviewRequest, ReviewStatus
from blog.review import answers, due, requests
from blog.review.links import link_of
from freshness.answers import collecting
from outbox import mail
from outbox.models import OutboundMail
from tests.blog.clinic import IN_A_YEAR, NOON, Clinic, reload

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(clinic: Clinic) -> Client:
    client = Client()
    client.force_login(clinic.marketer)
    return client


def edit_url(page: Page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def test_the_editor_offers_asking_until_it_may_offer_publishing(
    clinic: Clinic, desk: Client
) -> None:
    page = clinic.draft()
    before = desk.get(edit_url(page)).content.decode()
    clinic.approve(page)
    after = desk.get(edit_url(page)).content.decode()

    assert 'name="action-ask-review"' in before
    assert 'name="action-publish"' not in before
    assert 'name="action-submit"' not in before
    assert "Nobody has reviewed it yet." in before
    assert 'name="action-ask-review"' not in after
    assert 'name="action-publish"' in after
    assert "Approved by Dr. Ines Albrecht" in after


def test_a_new_article_is_saved_and_led_to_its_reviewer(clinic: Clinic, desk: Client) -> None:
    form = desk.get(
        reverse("wagtailadmin_pages:add", args=["blog", "articlepage", clinic.guide.pk])
    )

    assert 'name="action-ask-review"' in form.content.decode()
    assert 'name="action-publish"' not in form.content.decode()


def test_a_professional_is_asked_on_one_small_screen(clinic: Clinic, desk: Client) -> None:
    page = clinic.draft()
    url = reverse("reviews:ask", args=[page.pk])
    shown = desk.get(url)

    answer = desk.post(url, {"reviewer": clinic.reviewer.pk, "message": "By Thursday?"})

    choices = shown.context["form"].fields["reviewer"].queryset
    assert list(choices) == [clinic.reviewer]
    assert answer["Location"] == edit_url(page)
    asked = ReviewRequest.objects.get()
    assert (asked.status, asked.message) == (ReviewStatus.WAITING, "By Thursday?")
    html = desk.get(edit_url(page)).content.decode()
    assert "Dr. Ines Albrecht is asked to review it" in html
    assert 'name="action-ask-review"' not in html


def test_a_refusal_is_told_beside_the_form(clinic: Clinic, desk: Client) -> None:
    page = clinic.draft()
    clinic.reviewer.user = clinic.marketer
    clinic.reviewer.save()

    answer = desk.post(reverse("reviews:ask", args=[page.pk]), {"reviewer": clinic.reviewer.pk})

    assert "has written or edited this article" in answer.content.decode()
    assert ReviewRequest.objects.count() == 0


def test_requests_are_listed_sent_again_and_withdrawn(clinic: Clinic, desk: Client) -> None:
    page = clinic.draft()
    asked = requests.request_review(
        page_id=page.pk, reviewer_id=clinic.reviewer.pk, by=clinic.marketer, at=timezone.now()
    )

    listed = desk.get(reverse("reviews:index")).content.decode()
    desk.post(reverse("reviews:resend", args=[asked.pk]))
    desk.post(reverse("reviews:withdraw", args=[asked.pk]))

    assert "waiting for an answer" in listed
    assert OutboundMail.objects.filter(event="review_asked").count() == 2
    asked.refresh_from_db()
    assert asked.status == ReviewStatus.WITHDRAWN
    again = desk.post(reverse("reviews:withdraw", args=[asked.pk])).content.decode()
    assert "was answered, withdrawn or has expired" in again


def member(group: str, *permissions: str) -> User:
    """Return somebody with these permissions in the admin."""
    user = User.objects.create_user(f"{group.lower()}@galea.example", is_staff=True)
    made = Group.objects.create(name=group)
    for name in ("wagtailadmin.access_admin", *permissions):
        app, codename = name.split(".")
        made.permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    user.groups.add(made)
    return user


def test_a_reviewer_who_is_signed_in_finds_the_way_to_their_answer(clinic: Clinic) -> None:
    doctor = member("Doctors", "blog.give_review")
    clinic.reviewer.user = doctor
    clinic.reviewer.save()
    asked = requests.request_review(
        page_id=clinic.draft().pk,
        reviewer_id=clinic.reviewer.pk,
        by=clinic.marketer,
        at=timezone.now(),
    )
    client = Client()
    client.force_login(doctor)

    home = client.get(reverse("wagtailadmin_home")).content.decode()
    led = client.get(reverse("reviews:read", args=[asked.pk]))

    assert "asks for your review" in home
    assert led["Location"] == link_of(asked)


def test_an_article_is_let_through_by_whoever_may_for_a_reason(
    clinic: Clinic, desk: Client
) -> None:
    page = clinic.draft()
    url = reverse("reviews:let_through", args=[page.pk])

    desk.post(url, {"reason": ""})
    assert Approval.objects.count() == 0
    desk.post(url, {"reason": "Opening hours."})

    approval = Approval.objects.get()
    assert (approval.reason, approval.by) == ("Opening hours.", clinic.marketer)
    assert "Let through without review" in desk.get(edit_url(page)).content.decode()


def test_remarks_are_shown_where_the_writer_works(clinic: Clinic, desk: Client) -> None:
    page = clinic.draft()
    part = page.body[0].id
    ReviewRequest.objects.create(
        page=page,
        revision=page.get_latest_revision(),
        content_hash="x",
        reviewer=clinic.reviewer,
        requested_by=clinic.marketer,
        requested_at=NOON,
        expires_at=NOON,
        nonce="n",
        token_digest="d",
        status=ReviewStatus.CHANGES_ASKED,
        answered_at=NOON,
        remarks="Too <i>hot</i>.",
        remarks_on_parts={part: "How warm?"},
    )

    html = desk.get(edit_url(page)).content.decode()

    assert "Too &lt;i&gt;hot&lt;/i&gt;." in html
    assert "Text: Rinse with lukewarm water." in html
    assert "How warm?" in html


def on(day: dt.date, hour: int = 10) -> Any:
    at = dt.datetime.combine(day, dt.time(hour), tzinfo=timezone.get_default_timezone())
    return time_machine.travel(at, tick=False)


def test_a_review_that_is_due_is_told_once(clinic: Clinic) -> None:
    page = clinic.published()

    with on(IN_A_YEAR - dt.timedelta(days=1)):
        assert due.remind(at=timezone.now()) == 0
    with on(IN_A_YEAR):
        assert due.remind(at=timezone.now()) == 1
    with on(IN_A_YEAR + dt.timedelta(days=40)):
        assert due.remind(at=timezone.now()) == 0

    sent = OutboundMail.objects.get()
    assert (sent.event, sent.to) == ("review_due", "maren@galea.example")
    assert (
        reverse("reviews:ask", args=[page.pk]) in mail._renderers["review_due"](sent.context).text
    )


def test_a_review_that_is_due_is_not_told_to_whoever_was_shut_out(clinic: Clinic) -> None:
    """Nobody in the clinic would hear of it; the shop does."""
    clinic.published()
    User.objects.filter(pk=clinic.marketer.pk).update(is_staff=False, is_superuser=False)

    with on(IN_A_YEAR):
        due.remind(at=timezone.now())

    assert OutboundMail.objects.get().to == parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def test_what_is_due_stands_in_a_report_and_on_the_first_page(clinic: Clinic, desk: Client) -> None:
    clinic.published("wash")
    clinic.published("brush")
    ArticlePage.objects.filter(slug="brush").update(next_review_on=IN_A_YEAR.replace(year=2030))

    with on(IN_A_YEAR + dt.timedelta(days=1)):
        desk.force_login(clinic.marketer)
        report = desk.get(reverse("reviews:due")).content.decode()
        home = desk.get(reverse("wagtailadmin_home")).content.decode()
        export = desk.get(reverse("reviews:due"), {"export": "csv"})

    assert "overdue" in report
    assert "Wash" in report
    assert "Brush" not in report
    assert "Review overdue" in home
    assert b"Wash" in b"".join(export.streaming_content)


def test_readers_are_told_calmly_from_the_day_after(clinic: Clinic, client: Client) -> None:
    clinic.published()

    with on(IN_A_YEAR):
        before = client.get("/scalp-guide/wash/").content.decode()
    with on(IN_A_YEAR + dt.timedelta(days=1), hour=0):
        after = client.get("/scalp-guide/wash/").content.decode()

    assert "waiting for its next review" not in before
    assert "waiting for its next review, which was due on 2 March 2027" in after


def test_a_kept_page_is_dropped_at_the_midnight_after_its_day(clinic: Clinic) -> None:
    page = clinic.published()
    request = RequestFactory().get("/scalp-guide/wash/")

    with on(IN_A_YEAR), collecting() as shown:
        page.get_context(request)
    with on(IN_A_YEAR + dt.timedelta(days=1)), collecting() as overdue:
        page.get_context(request)

    assert shown.until == dt.datetime(2027, 3, 2, 23, 0, tzinfo=dt.UTC)
    assert overdue.until is None


def test_byline_and_data_say_the_same(clinic: Clinic, client: Client) -> None:
    clinic.published()

    html = client.get("/scalp-guide/wash/").content.decode()

    for words in ("Written by", "Tomasz Lind", "Clinically reviewed by", "Dr. Ines Albrecht"):
        assert words in html
    assert "2 March 2026" in html
    assert "2 March 2027" in html
    assert '"@type":"MedicalWebPage"' in html
    assert '"lastReviewed":"2026-03-02"' in html
    assert '"reviewedBy":{"@type":"Person","name":"Dr. Ines Albrecht"' in html


def test_what_was_let_through_names_no_reviewer_to_readers(clinic: Clinic, client: Client) -> None:
    page = clinic.draft()
    answers.let_through(page=page, reason="Opening hours.", at=NOON)
    reload(page).get_latest_revision().publish()

    html = client.get("/scalp-guide/wash/").content.decode()

    assert "Clinically reviewed by" not in html
    assert "MedicalWebPage" not in html
