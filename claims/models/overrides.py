"""Sentences that a reviewer has allowed, each with a reason."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class ClaimOverride(models.Model):
    """One rule in one sentence in one place, allowed by a named person; never updated or deleted.

    `claims.overrides` is the only module that writes it, and triggers in the database refuse any
    other change. It holds for the sentence as it stood, and for no other.
    """

    subject = models.CharField(
        "where", max_length=120, help_text="The page or row, such as catalog.productpage:12."
    )
    subject_title = models.CharField("title", max_length=255)
    rule = models.CharField(max_length=80)
    sentence = models.TextField()
    fingerprint = models.CharField(max_length=64)
    reason = models.TextField()
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    reviewer_name = models.CharField(max_length=150, help_text="The name as it was then.")
    allowed_at = models.DateTimeField()

    class Meta:
        verbose_name = "allowed sentence"
        ordering: ClassVar = ["-allowed_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subject", "fingerprint"], name="claim_override_once_per_sentence"
            ),
            models.CheckConstraint(
                condition=~models.Q(reason="") & ~models.Q(reviewer_name=""),
                name="claim_override_says_who_and_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_title}: {self.rule}"
