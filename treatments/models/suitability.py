"""What suitability checks came to, and the requests to consult first. Answers are sealed."""

import datetime as dt
import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from treatments.suitability import Outcome


def new_token() -> str:
    """Return an unguessable token of 192 random bits."""
    return secrets.token_urlsafe(24)


class SuitabilityCheck(models.Model):
    """What one check came to. Once its answers are forgotten, the outcome alone is left.

    `treatments.checking` writes it, `treatments.consultations` clears it.
    """

    token = models.CharField(max_length=43, unique=True, default=new_token, editable=False)
    version = models.ForeignKey(
        "treatments.QuestionnaireVersion", on_delete=models.PROTECT, related_name="checks"
    )
    outcome = models.CharField(max_length=13, choices=Outcome)
    checked_at = models.DateTimeField()
    holds_until = models.DateTimeField()
    cleared_at = models.DateTimeField(
        null=True, blank=True, help_text="When a clinician found that it suits after all."
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    sealed_answers = models.TextField(blank=True, help_text="Encrypted; empty once forgotten.")
    consent_text = models.CharField(max_length=400)

    class Meta:
        verbose_name = "suitability check"
        ordering: ClassVar = ["-checked_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(outcome__in=Outcome.values), name="suitability_outcome_is_known"
            ),
            models.CheckConstraint(
                condition=Q(cleared_at__isnull=True) | Q(outcome=Outcome.CONSULT_FIRST),
                name="suitability_cleared_after_consult_first_alone",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["checked_at"], name="suitability_check_age")]

    def __str__(self) -> str:
        return f"Suitability check {self.pk}"

    @property
    def lets_buy(self) -> bool:
        """Whether it came to clear, or was cleared; not whether it still holds."""
        return self.outcome == Outcome.CLEAR or self.cleared_at is not None

    def holds(self, at: dt.datetime) -> bool:
        """Whether its time is not over."""
        return at < self.holds_until


class ConsultationStatus(models.TextChoices):
    OPEN = "OPEN", "to be answered"
    CLEARED = "CLEARED", "cleared"
    DECLINED = "DECLINED", "advised against"


class ConsultationRequest(models.Model):
    """Somebody who should consult first asks the clinic; `treatments.consultations` writes it."""

    suitability_check = models.OneToOneField(
        SuitabilityCheck, on_delete=models.CASCADE, related_name="consultation"
    )
    name = models.CharField(max_length=150)
    email = models.EmailField("e-mail address")
    phone = models.CharField(max_length=40, blank=True)
    sealed_words = models.TextField(blank=True)
    sealed_note = models.TextField(blank=True)
    consent_text = models.CharField(max_length=400)
    status = models.CharField(
        max_length=8, choices=ConsultationStatus, default=ConsultationStatus.OPEN
    )
    asked_at = models.DateTimeField("asked")
    answered_at = models.DateTimeField("answered", null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "consultation"
        ordering: ClassVar = ["-asked_at", "-pk"]
        permissions: ClassVar = [
            ("answer_consultationrequest", "Can clear or advise against after a consultation")
        ]
        indexes: ClassVar = [
            models.Index(fields=["status", "-asked_at"], name="consultation_queue"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=ConsultationStatus.values),
                name="consultation_status_is_known",
            ),
            models.CheckConstraint(
                condition=Q(status=ConsultationStatus.OPEN, answered_at__isnull=True)
                | (~Q(status=ConsultationStatus.OPEN) & Q(answered_at__isnull=False)),
                name="consultation_answered_knows_when",
            ),
        ]

    def __str__(self) -> str:
        return f"Consultation {self.pk}"

    @property
    def reference(self) -> str:
        """The name under which mails about it are filed."""
        return f"consultation:{self.pk}"
