"""The check of claims reads what the clinic answers below articles, and leaves readers alone."""

import io

from django.core.exceptions import ValidationError
from django.core.management import call_command
import pytest

from blog.models import Comment, CommentStatus
from claims.live_texts import live_findings
from tests.blog.comments.factories import CommentFactory

pytestmark = pytest.mark.django_db

CLAIM = "Our serum regrows hair in a month."


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
