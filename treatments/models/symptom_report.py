"""What somebody tells the clinic of a session, in confidence."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class SymptomReportStatus(models.TextChoices):
    NEW = "NEW", "to be answered"
    ANSWERED = "ANSWERED", "answered"


class SymptomReport(models.Model):
    """What somebody felt after a session, for clinical roles; its words are sealed and forgotten.

    `treatments.symptom_reports` alone writes and reads it.
    """

    entry = models.ForeignKey(
        "treatments.LedgerEntry",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="session",
    )
    sealed = models.TextField(editable=False)
    product = models.CharField(max_length=200, blank=True)
    batch = models.CharField(max_length=40, blank=True, help_text="As printed on the product.")
    status = models.CharField(
        max_length=8, choices=SymptomReportStatus, default=SymptomReportStatus.NEW
    )
    submission_key = models.CharField(max_length=43, unique=True)
    consent_text = models.CharField(max_length=300)
    reported_at = models.DateTimeField("reported")
    answered_at = models.DateTimeField("answered", null=True, blank=True)

    class Meta:
        verbose_name = "symptom report"
        ordering: ClassVar = ["-reported_at", "-pk"]
        permissions: ClassVar = [("answer_symptomreport", "Can mark as answered")]
        indexes: ClassVar = [
            models.Index(fields=["status", "-reported_at"], name="symptom_report_queue"),
            models.Index(fields=["reported_at"], name="symptom_report_age"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=SymptomReportStatus.values),
                name="symptom_report_status_is_known",
            ),
            models.CheckConstraint(
                condition=Q(status=SymptomReportStatus.ANSWERED, answered_at__isnull=False)
                | Q(status=SymptomReportStatus.NEW, answered_at__isnull=True),
                name="symptom_report_answered_knows_when",
            ),
            models.CheckConstraint(
                condition=~Q(sealed="") & ~Q(consent_text=""),
                name="symptom_report_is_sealed_and_agreed_to",
            ),
        ]

    def __str__(self) -> str:
        return f"Symptom report {self.pk}"
