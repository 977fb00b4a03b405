"""Asking a professional, and what their answer does."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils import timezone
from wagtail.models import TaskState, WorkflowState
import pytest

from accounts.models import User
from append_only.operations import protected_tables
from blog.models import Approval, ArticlePage, Person, ReviewRequest, ReviewStatus
from blog.review import answers, gate, requests
from blog.review.independence import NotIndependent
from blog.review.links import LINK_LIFE, digest_of, token_of
from outbox import mail
from outbox.models import OutboundMail
from tests.blog.clinic import IN_A_YEAR, NOON, Clinic, reload

pytestmark = pytest.mark.django_db
LATER = NOON + dt.timedelta(days=2)
SIGNED = answers.Answer(signed_as="dr ines  albrecht")


def ask(clinic: Clinic, page: ArticlePage, **facts: object) -> ReviewRequest:
    given = {"reviewer_id": clinic.reviewer.pk, "by": clinic.marketer, "at": NOON} | facts
    return requests.request_review(page_id=page.pk, **given)  # type: ignore[arg-type]


def approve(request: ReviewRequest, answer: answers.Answer = SIGNED) -> Approval:
    return answers.approve(request_id=request.pk, answer=answer, next_review_on=IN_A_YEAR, at=LATER)


def test_a_request_holds_the_article_still_and_sends_a_link(clinic: Clinic) -> None:
    page = clinic.draft()

    request = ask(clinic, page, message="Please look at the rinsing.")

    assert request.expires_at == NOON + LINK_LIFE
    assert request.token_digest == digest_of(token_of(request.nonce))
    assert reload(page).get_lock().for_user(clinic.marketer) is True
    assert TaskState.objects.get().status == TaskState.STATUS_IN_PROGRESS
    sent = OutboundMail.objects.get()
    assert (sent.event, sent.to) == ("review_asked", "ines@practice.example")
    assert token_of(request.nonce) not in str(sent.context)
    rendered = mail._renderers["review_asked"](sent.context)
    assert f"/review/{token_of(request.nonce)}/" in rendered.text
    assert f"/review/{token_of(request.nonce)}/" in rendered.html
    assert "Please look at the rinsing." in rendered.text


def test_an_approval_is_bound_to_what_was_read(clinic: Clinic) -> None:
    page = clinic.draft()
    request = ask(clinic, page)

    approval = approve(request, answers.Answer(signed_as="Dr. Ines Albrecht", remarks="Good."))

    request.refresh_from_db()
    assert (request.status, request.approval) == (ReviewStatus.APPROVED, approval)
    assert approval.content_hash == request.content_hash
    assert approval.reviewer_name == "Dr. Ines Albrecht"
    assert approval.reviewer_credentials == "Dermatologist, Berlin 00-4711"
    assert approval.next_review_on == IN_A_YEAR
    assert WorkflowState.objects.get().status == WorkflowState.STATUS_APPROVED
    assert reload(page).live is False
    assert reload(page).get_lock() is None
    told = OutboundMail.objects.get(event="review_answered")
    assert told.to == "maren@galea.example"
    assert "Good." in mail._renderers["review_answered"](told.context).text


def test_changes_asked_for_give_the_article_back(clinic: Clinic) -> None:
    page = clinic.draft()
    request = ask(clinic, page)

    answers.ask_for_changes(
        request_id=request.pk,
        answer=answers.Answer("Dr. Ines Albrecht", "Too hot.", {"x": "Here.", "y": " "}),
        at=LATER,
    )

    request.refresh_from_db()
    assert request.status == ReviewStatus.CHANGES_ASKED
    assert request.remarks_on_parts == {"x": "Here."}
    assert Approval.objects.count() == 0
    assert WorkflowState.objects.get().status == WorkflowState.STATUS_NEEDS_CHANGES
    assert reload(page).get_lock() is None


def test_asking_again_after_changes_goes_on_in_the_same_workflow(clinic: Clinic) -> None:
    page = clinic.draft()
    first = ask(clinic, page)
    answers.ask_for_changes(
        request_id=first.pk, answer=answers.Answer("Dr. Ines Albrecht", "Too hot."), at=LATER
    )
    clinic.edit(page, intro="Lukewarm.")

    second = ask(clinic, page, at=LATER)
    approve(second)

    assert WorkflowState.objects.get().status == WorkflowState.STATUS_APPROVED
    assert gate.may_be_published(reload(page).get_latest_revision_as_object())


def test_a_new_question_takes_the_old_one_back(clinic: Clinic) -> None:
    page = clinic.draft()
    first = ask(clinic, page)

    second = ask(clinic, page, at=LATER)

    first.refresh_from_db()
    assert (first.status, second.status) == (ReviewStatus.WITHDRAWN, ReviewStatus.WAITING)
    with pytest.raises(requests.NotWaiting):
        approve(first)
    assert Approval.objects.count() == 0


def involve_author(clinic: Clinic, page: ArticlePage) -> None:
    Person.objects.filter(pk=clinic.author.pk).update(may_review=True, email="t@example.com")
    clinic.reviewer = Person.objects.get(pk=clinic.author.pk)


def involve_owner(clinic: Clinic, page: ArticlePage) -> None:
    Person.objects.filter(pk=clinic.reviewer.pk).update(user=clinic.marketer)


def involve_last_editor(clinic: Clinic, page: ArticlePage) -> None:
    clinic.edit(page, by=clinic.other)
    Person.objects.filter(pk=clinic.reviewer.pk).update(user=clinic.other)


def involve_editor_before_an_empty_save(clinic: Clinic, page: ArticlePage) -> None:
    clinic.edit(page, by=clinic.other)
    clinic.edit(page, by=clinic.marketer, go_live_at=timezone.now() + dt.timedelta(days=9))
    Person.objects.filter(pk=clinic.reviewer.pk).update(user=clinic.other)


def involve_same_address(clinic: Clinic, page: ArticlePage) -> None:
    clinic.edit(page, by=clinic.other)
    Person.objects.filter(pk=clinic.reviewer.pk).update(email="Katrin@Galea.example")


@pytest.mark.parametrize(
    "involve",
    [
        involve_author,
        involve_owner,
        involve_last_editor,
        involve_editor_before_an_empty_save,
        involve_same_address,
    ],
)
def test_nobody_reviews_what_they_had_a_hand_in(clinic: Clinic, involve: object) -> None:
    page = clinic.draft()
    involve(clinic, page)  # type: ignore[operator]
    clinic.reviewer.refresh_from_db()

    with pytest.raises(NotIndependent):
        ask(clinic, page)
    with pytest.raises(NotIndependent):
        clinic.approve(page)

    assert ReviewRequest.objects.count() == 0
    assert Approval.objects.count() == 0
    assert OutboundMail.objects.count() == 0


def test_an_earlier_editor_may_review_what_another_has_rewritten(clinic: Clinic) -> None:
    page = clinic.draft(owner=None)
    clinic.edit(page, by=clinic.other, intro="First.")
    clinic.edit(page, by=clinic.marketer, intro="Second.")
    Person.objects.filter(pk=clinic.reviewer.pk).update(user=clinic.other)

    assert ask(clinic, page).status == ReviewStatus.WAITING


def test_an_account_with_a_hand_in_it_does_not_answer_for_another(clinic: Clinic) -> None:
    page = clinic.draft()
    request = ask(clinic, page)

    with pytest.raises(NotIndependent):
        answers.approve(
            request_id=request.pk,
            answer=SIGNED,
            next_review_on=IN_A_YEAR,
            at=LATER,
            by=clinic.marketer,
        )

    request.refresh_from_db()
    assert request.status == ReviewStatus.WAITING
    assert Approval.objects.count() == 0


@pytest.mark.parametrize(
    ("fields", "words"),
    [({"may_review": False}, "no clinical reviewer"), ({"email": ""}, "no e-mail address")],
)
def test_who_cannot_review_is_not_asked(
    clinic: Clinic, fields: dict[str, object], words: str
) -> None:
    Person.objects.filter(pk=clinic.reviewer.pk).update(**fields)

    with pytest.raises(requests.CannotReview, match=words):
        ask(clinic, clinic.draft())

    assert ReviewRequest.objects.count() == 0


def test_an_unfinished_article_is_not_sent_to_anybody(clinic: Clinic) -> None:
    page = clinic.draft()
    draft = page.get_latest_revision_as_object()
    draft.intro = ""
    draft.save_revision(user=clinic.marketer, clean=False)

    with pytest.raises(requests.NotFinished, match="intro"):
        ask(clinic, page)

    assert ReviewRequest.objects.count() == 0


def test_a_scheduled_article_is_not_asked_about(clinic: Clinic) -> None:
    page = clinic.draft(go_live_at=timezone.now() + dt.timedelta(days=1))
    clinic.approve(page)
    page.get_latest_revision().publish()

    with pytest.raises(requests.ScheduledAlready):
        ask(clinic, page)

    assert ReviewRequest.objects.count() == 0


@pytest.mark.parametrize("name", ["", "Ines", "Maren Holt"])
def test_an_answer_is_signed_with_the_reviewer_s_name(clinic: Clinic, name: str) -> None:
    request = ask(clinic, clinic.draft())

    with pytest.raises(answers.NotSigned, match=r"Dr\. Ines Albrecht"):
        approve(request, answers.Answer(signed_as=name))

    assert ReviewRequest.objects.waiting().count() == 1
    assert Approval.objects.count() == 0


def test_what_was_changed_behind_the_reviewer_s_back_is_not_approved(clinic: Clinic) -> None:
    page = clinic.draft()
    request = ask(clinic, page)
    clinic.edit(page, intro="Cures everything.")

    with pytest.raises(answers.ContentChanged):
        approve(request)

    assert Approval.objects.count() == 0


def test_a_revision_that_was_overwritten_is_not_approved(clinic: Clinic) -> None:
    page = clinic.draft()
    request = ask(clinic, page)
    request.revision.content["intro"] = "Cures everything."
    request.revision.save()

    with pytest.raises(answers.ContentChanged):
        approve(request)

    assert Approval.objects.count() == 0


def test_a_link_that_has_grown_old_answers_nothing(clinic: Clinic) -> None:
    request = ask(clinic, clinic.draft())

    with pytest.raises(requests.NotWaiting):
        answers.approve(
            request_id=request.pk, answer=SIGNED, next_review_on=IN_A_YEAR, at=request.expires_at
        )

    assert Approval.objects.count() == 0


def test_the_next_review_is_later_than_this_one(clinic: Clinic) -> None:
    request = ask(clinic, clinic.draft())

    with pytest.raises(answers.ReviewTooSoon):
        answers.approve(request_id=request.pk, answer=SIGNED, next_review_on=LATER.date(), at=LATER)

    assert ReviewRequest.objects.waiting().count() == 1


def test_a_second_click_approves_nothing_twice(clinic: Clinic) -> None:
    request = ask(clinic, clinic.draft())
    approve(request)

    with pytest.raises(requests.NotWaiting):
        approve(request)

    assert Approval.objects.count() == 1


def test_a_new_link_replaces_the_old_one(clinic: Clinic) -> None:
    request = ask(clinic, clinic.draft())
    old = request.token_digest

    again = requests.resend(request_id=request.pk, by=clinic.marketer, at=LATER)

    assert again.token_digest != old
    assert again.expires_at == LATER + LINK_LIFE
    assert OutboundMail.objects.filter(event="review_asked").count() == 2


def test_a_request_that_is_withdrawn_gives_the_article_back(clinic: Clinic) -> None:
    page = clinic.draft()
    request = ask(clinic, page)

    requests.withdraw(request_id=request.pk, by=clinic.marketer, at=LATER)

    request.refresh_from_db()
    assert request.status == ReviewStatus.WITHDRAWN
    assert reload(page).get_lock() is None
    with pytest.raises(requests.NotWaiting):
        requests.resend(request_id=request.pk, by=clinic.marketer, at=LATER)
    with pytest.raises(requests.NotWaiting):
        requests.withdraw(request_id=request.pk, by=clinic.marketer, at=LATER)


def test_cancelling_the_workflow_withdraws_the_request(clinic: Clinic) -> None:
    page = clinic.draft()
    request = ask(clinic, page)

    reload(page).current_workflow_state.cancel(user=clinic.marketer)

    request.refresh_from_db()
    assert request.status == ReviewStatus.WITHDRAWN


def test_an_approval_is_never_changed_or_deleted(clinic: Clinic) -> None:
    page = clinic.draft()
    clinic.approve(page)

    for act in (
        lambda: Approval.objects.update(content_hash="x"),
        lambda: Approval.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError, match="never changed or deleted"), transaction.atomic():
            act()

    assert "blog_approval" in protected_tables(transaction.get_connection())
    assert Approval.objects.count() == 1


def test_an_approval_outlives_its_page(clinic: Clinic) -> None:
    page = clinic.published()
    ask(clinic, page)

    page.delete()

    assert ReviewRequest.objects.count() == 0
    assert Approval.objects.get().page_title == "Wash"


def test_only_a_reviewer_is_put_under_an_article(clinic: Clinic) -> None:
    page = clinic.draft()
    User.objects.create_user("x@example.com")
    layman = Person.objects.create(name="Ada", slug="ada")

    with pytest.raises(requests.CannotReview):
        answers.record_review(
            revision=page.get_latest_revision(),
            reviewer=layman,
            next_review_on=IN_A_YEAR,
            at=NOON,
        )

    assert Approval.objects.count() == 0
