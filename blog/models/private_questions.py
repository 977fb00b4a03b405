"""What readers ask the clinic in private, where a public comment would tell of their health."""

import datetime as dt
from typing import ClassVar, Final

from django.db import models
from django.db.models import Q

KEPT: Final = dt.timedelta(days=90)
CONSENT: Final = (
    "I agree that the clinic's clinical staff read what I wrote about my health, to answer me by"
    f" mail. It is stored encrypted and deleted after {KEPT.days} days."
)


class PrivateQuestionStatus(models.TextChoices):
    OPEN = "OPEN", "to be answered"
    ANSWERED = "ANSWERED", "answered"


class PrivateQuestion(models.Model):
    """One question for clinical roles; its words are sealed and forgotten after some time.

    `blog.private_questions` alone writes and reads it.
    """

    article = models.ForeignKey(
        "blog.ArticlePage", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    name = models.CharField(max_length=80)
    email = models.EmailField("e-mail address")
    sealed_text = models.TextField(blank=True, help_text="Encrypted; empty once forgotten.")
    status = models.CharField(
        max_length=8, choices=PrivateQuestionStatus, default=PrivateQuestionStatus.OPEN
    )
    submission_key = models.CharField(max_length=43, unique=True)
    consent_text = models.CharField(max_length=300)
    asked_at = models.DateTimeField("asked")
    answered_at = models.DateTimeField("answered", null=True, blank=True)

    class Meta:
        verbose_name = "private question"
        ordering: ClassVar = ["-asked_at", "-pk"]
        permissions: ClassVar = [("answer_privatequestion", "Can mark as answered")]
        indexes: ClassVar = [
            models.Index(fields=["status", "-asked_at"], name="private_question_queue"),
            models.Index(fields=["asked_at"], name="private_question_age"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=PrivateQuestionStatus.values),
                name="private_question_status_is_known",
            ),
            models.CheckConstraint(
                condition=Q(status=PrivateQuestionStatus.ANSWERED, answered_at__isnull=False)
                | Q(status=PrivateQuestionStatus.OPEN, answered_at__isnull=True),
                name="private_question_answered_knows_when",
            ),
        ]

    def __str__(self) -> str:
        return f"Private question {self.pk}"
