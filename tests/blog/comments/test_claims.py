"""The check of claims reads what the clinic answers below articles, and leaves readers alone."""

import io

from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
import pytest

from blog.comments import moderation
from blog.models import Comment, CommentStatus
from claims import overrides
from claims.live_texts import live_findings
from claims.models import ClaimOverride
from tests.blog.comments.factories import AT, CommentFactory, moderator
from tests.claims.factories import reviewer

pytestmark = pytest.mark.django_db

CLAIM = "Our serum regrows hair in a month."
REASON = "Quoted from the study that the article is about."


def answer(**fields: object) -> Comment:
    made: Comment = CommentFactory.create(is_from_staff=True, text=CLAIM, **fields)
    return made


def test_a_public_answer_of_the_clinic_is_found_and_the_command_fails() -> None:
    comment = answer(name="The clinic")
    out = io.StringIO()

    with pytest.raises(SystemExit):
        call_command("check_claims", stdout=out)

    assert f"Comment {comment.pk} (blog.comment:{comment.pk}), Text: “{CLAIM}”" in out.getvalue()
    assert comment.email not in out.getvalue()


def test_words_of_readers_and_answers_that_nobody_reads_are_no_claims_of_the_shop() -> None:
    CommentFactory.create(text=CLAIM)
    answer(status=CommentStatus.WAITING)
    answer(status=CommentStatus.REJECTED)
    answer(parent=CommentFactory.create(status=CommentStatus.SPAM))

    assert list(live_findings()) == []


def test_a_form_refuses_a_claim_of_the_clinic_and_takes_the_words_of_readers() -> None:
    CommentFactory.create(text=CLAIM).clean()
    with pytest.raises(ValidationError, match="regrows hair"):
        answer().clean()


# --- What a reviewer allows -------------------------------------------------------------------


def _allow(row: Comment, sentence: str = CLAIM) -> None:
    overrides.allow(row=row, sentence=sentence, reason=REASON, by=reviewer(), at=AT)


def test_an_answer_that_a_reviewer_allowed_is_public_and_is_never_asked_about_again() -> None:
    mo, waiting = moderator(), answer(status=CommentStatus.WAITING)
    _allow(waiting)

    moderation.approve(comment_id=waiting.pk, by=mo, at=AT)
    moderation.reject(comment_id=waiting.pk, by=mo, at=AT)
    moderation.approve(comment_id=waiting.pk, by=mo, at=AT)

    waiting.refresh_from_db()
    assert waiting.status == CommentStatus.APPROVED
    address = reverse("comments_desk:inspect", args=[waiting.pk])
    told = {(found.is_open, found.allowed_by, found.url) for found in live_findings()}
    assert told == {(False, "Dr Vera Lindqvist", address)}
    call_command("check_claims", stdout=io.StringIO())


def test_what_is_allowed_holds_for_that_sentence_in_that_answer_alone() -> None:
    allowed = answer(status=CommentStatus.WAITING)
    _allow(allowed)
    elsewhere = answer(status=CommentStatus.WAITING)
    Comment.objects.filter(pk=allowed.pk).update(text=f"{CLAIM} It cures dandruff.")

    for each in (allowed, elsewhere):
        with pytest.raises(moderation.TransitionRefused):
            moderation.approve(comment_id=each.pk, by=moderator(), at=AT)

    assert not Comment.objects.filter(status=CommentStatus.APPROVED).exists()


def test_a_reply_with_a_claim_can_wait_for_a_reviewer(client: Client) -> None:
    mo, asked = moderator(), CommentFactory.create(status=CommentStatus.WAITING)
    client.force_login(mo)
    refused = client.post(f"/admin/comments/reply/{asked.pk}/", {"text": CLAIM}, follow=True)
    assert CLAIM in refused.content.decode()
    assert "Keep it for a reviewer" in refused.content.decode()
    assert Comment.objects.count() == 1

    client.post(f"/admin/comments/reply/{asked.pk}/", {"text": CLAIM, "may_wait": "1"})

    kept = Comment.objects.get(parent=asked)
    assert (kept.status, kept.decided_by, kept.staff_author) == (CommentStatus.WAITING, None, mo)
    assert CLAIM not in client.get(asked.article.url).content.decode()
    screen = client.get(f"/admin/comments/inspect/{kept.pk}/").content.decode()
    assert "A clinical reviewer can allow it" in screen
    client.post(f"/admin/comments/approve/{kept.pk}/")
    kept.refresh_from_db()
    assert kept.status == CommentStatus.WAITING


def test_a_reviewer_comes_from_the_answer_to_the_screen_that_allows_it(client: Client) -> None:
    waiting, vera = answer(status=CommentStatus.WAITING), reviewer()
    vera.user_permissions.add(*moderator().user_permissions.all())
    client.force_login(vera)
    address = f"/admin/claims/review/blog.comment:{waiting.pk}/"
    screen = f"/admin/comments/inspect/{waiting.pk}/"
    assert address in client.get(screen).content.decode()
    assert screen in client.get(address).content.decode()

    client.post(address, {"sentence": CLAIM, "reason": REASON})
    client.post(f"/admin/comments/approve/{waiting.pk}/")

    waiting.refresh_from_db()
    assert waiting.status == CommentStatus.APPROVED
    assert {one.reason for one in ClaimOverride.objects.all()} == {REASON}
    assert CLAIM in client.get(waiting.article.url).content.decode()


def test_a_moderator_allows_nothing(client: Client) -> None:
    waiting = answer(status=CommentStatus.WAITING)
    client.force_login(moderator())

    seen = client.post(
        f"/admin/claims/review/blog.comment:{waiting.pk}/", {"sentence": CLAIM, "reason": REASON}
    )

    assert seen.status_code in {302, 403}
    assert not ClaimOverride.objects.exists()


def test_a_reply_without_a_claim_is_public_though_it_might_wait() -> None:
    asked = CommentFactory.create()

    made = moderation.reply(
        comment_id=asked.pk, text="Two days.", may_wait=True, by=moderator(), at=AT
    )

    assert made.status == CommentStatus.APPROVED
