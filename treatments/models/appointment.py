"""A session that somebody wishes to come for: which days they can, and what the clinic said."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from treatments.models.passes import SessionPass


class DayPart(models.TextChoices):
    MORNING = "MORNING", "in the morning"
    AFTERNOON = "AFTERNOON", "in the afternoon"
    EVENING = "EVENING", "in the evening"


class AppointmentStatus(models.TextChoices):
    ASKED = "ASKED", "to be answered"
    SUGGESTED = "SUGGESTED", "other times suggested"
    CONFIRMED = "CONFIRMED", "confirmed"
    DECLINED = "DECLINED", "declined"
    CANCELLED = "CANCELLED", "cancelled"
    LAPSED = "LAPSED", "run out unanswered"
    KEPT = "KEPT", "kept"
    MISSED = "MISSED", "missed"


S = AppointmentStatus
# Those that still hold a session.
OPEN_STATUSES = (S.ASKED, S.SUGGESTED, S.CONFIRMED)


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def open(self) -> "AppointmentQuerySet":
        """Those that are asked for or agreed, and still hold a session."""
        return self.filter(status__in=OPEN_STATUSES)


class Appointment(models.Model):
    """One session of a pass on its way to a day and a time; `treatments.appointments` writes it.

    `starts_at` is the time both sides agreed to; `was_at` is the one that was given up last, so
    that calendars can take it out.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    session_pass = models.ForeignKey(
        SessionPass, on_delete=models.PROTECT, related_name="appointments", verbose_name="pass"
    )
    hold = models.OneToOneField(
        "treatments.LedgerEntry",
        on_delete=models.PROTECT,
        related_name="appointment",
        help_text="The entry that sets the session aside.",
    )
    status = models.CharField(max_length=9, choices=S, default=S.ASKED)
    starts_at = models.DateTimeField("begins", null=True, blank=True)
    was_at = models.DateTimeField(null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(help_text="How long it takes.")
    practitioner = models.ForeignKey(
        "treatments.Practitioner",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    free_until = models.DateTimeField(
        null=True, blank=True, help_text="Until when it can be cancelled or moved, as promised."
    )
    late_cancel_counts = models.BooleanField(
        help_text="Whether a session that is cancelled later counts as used, as promised."
    )
    last_day_on = models.DateField(help_text="The last of the days that are on the table.")
    sealed_words = models.TextField(blank=True, help_text="Encrypted; empty once forgotten.")
    answer = models.CharField(max_length=300, blank=True, help_text="What the clinic wrote.")
    changes = models.PositiveSmallIntegerField(
        default=0, help_text="Counts every change, so that calendars know the newest."
    )
    asked_at = models.DateTimeField("asked")
    changed_at = models.DateTimeField("last changed")
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-asked_at", "-pk"]
        permissions: ClassVar = [("answer_appointment", "Can answer requests for appointments")]
        indexes: ClassVar = [
            models.Index(fields=["status", "starts_at"], name="appointment_by_status"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=S.values), name="appointment_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=[S.ASKED, S.SUGGESTED], starts_at__isnull=True)
                | Q(
                    status__in=[S.CONFIRMED, S.KEPT, S.MISSED],
                    starts_at__isnull=False,
                    free_until__isnull=False,
                )
                | Q(status__in=[S.DECLINED, S.CANCELLED, S.LAPSED]),
                name="appointment_has_a_time_once_confirmed",
            ),
        ]

    def __str__(self) -> str:
        return f"Appointment {str(self.public_id)[:8]}"


class AppointmentDay(models.Model):
    """A day that the customer can come on, or a time that the clinic suggests."""

    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="days")
    on = models.DateField()
    part = models.CharField(max_length=9, choices=DayPart, blank=True)
    starts_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["on", "starts_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(part__in=DayPart.values, starts_at__isnull=True)
                | Q(part="", starts_at__isnull=False),
                name="appointment_day_is_a_wish_or_a_suggestion",
            ),
            models.UniqueConstraint(
                fields=["appointment", "on", "part"],
                condition=Q(starts_at__isnull=True),
                name="appointment_wish_once",
            ),
            models.UniqueConstraint(
                fields=["appointment", "starts_at"], name="appointment_suggestion_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on:%Y-%m-%d} {self.part or self.starts_at}"
