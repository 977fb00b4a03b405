"""Questions that clinical roles answer in private: asked, read, answered and forgotten here."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from wagtail.log_actions import log

from accounts.models import User
from accounts.sealing import Sealer
from blog.comments import permissions
from blog.models import ArticlePage, PrivateQuestion, PrivateQuestionStatus
from blog.models.private_questions import CONSENT, KEPT
from blog.spam import tries
from blog.spam.networks import Origin
from outbox import mail

WORDS: Final = Sealer("blog.private_text")
ASKED: Final = "private_question_asked"


class AnsweredAlready(Exception):
    """Somebody else was faster."""

    def __init__(self) -> None:
        super().__init__("This question was marked as answered already.")


@dataclass(frozen=True)
class Question:
    """What a reader sends; they have agreed to `CONSENT`."""

    name: str
    email: str
    text: str
    submission_key: str


def ask(
    *, article: ArticlePage, question: Question, origin: Origin, at: dt.datetime
) -> PrivateQuestion:
    """Seal a question for clinical roles and tell them that there is one, not what it says.

    Sending the same form twice stores one question.

    :raises TooMany: if the sender sent too much lately.
    """
    tries.count(origin, email=question.email, at=at)
    row = PrivateQuestion(
        article=article,
        name=question.name,
        email=question.email.lower(),
        sealed_text=WORDS.seal(question.text),
        submission_key=question.submission_key,
        consent_text=CONSENT,
        asked_at=at,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            for reader in permissions.people_who_may(permissions.READ_PRIVATE):
                mail.queue(
                    effect_key=f"private-question:{row.pk}:{reader.pk}",
                    event=ASKED,
                    to=reader.email,
                    reference=f"private-question:{row.pk}",
                    context={"question": row.pk},
                    at=at,
                )
    except IntegrityError:
        earlier = PrivateQuestion.objects.filter(submission_key=question.submission_key).first()
        if earlier is None:
            raise
        return earlier
    return row


def read(question: PrivateQuestion, *, by: User) -> str:
    """Return what a question says, and note who read it.

    :raises Unreadable: if the key that it was sealed with is gone.
    """
    text = WORDS.unseal(question.sealed_text)
    log(instance=question, action="blog.private_question.read", user=by)
    return text


@transaction.atomic
def mark_answered(*, question_id: int, by: User, at: dt.datetime) -> PrivateQuestion:
    """Note that somebody has answered.

    :raises AnsweredAlready: if that is noted already.
    """
    question = PrivateQuestion.objects.select_for_update(of=["self"]).get(pk=question_id)
    if question.status == PrivateQuestionStatus.ANSWERED:
        raise AnsweredAlready
    question.status, question.answered_at = PrivateQuestionStatus.ANSWERED, at
    question.save(update_fields=["status", "answered_at"])
    log(instance=question, action="blog.private_question.answer", user=by)
    return question


def forget_old(*, at: dt.datetime) -> int:
    """Delete questions once their time is over, answered or not; return how many."""
    dropped, _ = PrivateQuestion.objects.filter(asked_at__lt=at - KEPT).delete()
    return dropped


def render(context: Mapping[str, Any]) -> mail.RenderedMail:
    """Write the mail that a question has come; it holds no word of it, and nobody's name."""
    desk = settings.SITE_URL + reverse("private_questions:inspect", args=[context["question"]])
    return mail.render(
        event=ASKED, subject="A private question has come", context={"desk_url": desk}
    )


def register() -> None:
    """Tell the outbox who writes the mail about private questions."""
    mail.register_renderer(ASKED, render)
