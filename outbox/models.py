"""Mails as rows: written with the change they report, sent afterwards by the worker."""

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import Q


class MailStatus(models.TextChoices):
    QUEUED = "QUEUED", "waiting"
    SENDING = "SENDING", "being sent"
    SENT = "SENT", "sent"
    FAILED = "FAILED", "failed"


class OutboundMailQuerySet(models.QuerySet["OutboundMail"]):
    def due(self, at: dt.datetime) -> "OutboundMailQuerySet":
        """Those to send now, those included whose sender died half-way."""
        return self.filter(
            Q(status=MailStatus.QUEUED, next_try_at__lte=at)
            | Q(status=MailStatus.SENDING, lease_until__lte=at)
        )

    def about(self, reference: str) -> "OutboundMailQuerySet":
        """All mails about one subject, the newest first: ``order:G-7K3M-9QXT``."""
        return self.filter(subject_reference=reference).order_by("-queued_at", "-pk")


class OutboundMail(models.Model):
    """One mail to one person; what it says is rendered anew from ids whenever it is sent."""

    effect_key = models.CharField(
        max_length=200, unique=True, help_text="What it was sent for; never twice."
    )
    event = models.CharField(max_length=60)
    to = models.EmailField("recipient")
    subject_reference = models.CharField("about", max_length=80, blank=True, db_index=True)
    context = models.JSONField(default=dict, help_text="Ids only, never personal data.")
    status = models.CharField(max_length=8, choices=MailStatus, default=MailStatus.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    message_id = models.CharField("Message-ID", max_length=200, unique=True)
    queued_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField("last error", blank=True)
    resend_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="resends"
    )

    objects = OutboundMailQuerySet.as_manager()

    class Meta:
        verbose_name = "mail"
        ordering: ClassVar = ["-queued_at", "-pk"]
        permissions: ClassVar = [("resend_outboundmail", "Can send a mail again")]
        indexes: ClassVar = [
            models.Index(fields=["status", "next_try_at"], name="outbox_mail_due"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=MailStatus.values), name="outbox_mail_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(status=MailStatus.SENT, sent_at__isnull=False)
                | (~Q(status=MailStatus.SENT) & Q(sent_at__isnull=True)),
                name="outbox_mail_sent_knows_when",
            ),
            models.CheckConstraint(
                condition=Q(status=MailStatus.SENDING, lease_until__isnull=False)
                | (~Q(status=MailStatus.SENDING) & Q(lease_until__isnull=True)),
                name="outbox_mail_leased_only_while_sending",
            ),
            models.CheckConstraint(
                condition=~Q(effect_key="") & ~Q(to=""), name="outbox_mail_has_key_and_recipient"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} ({self.effect_key})"
