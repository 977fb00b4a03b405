"""What Stripe told us, and what came of asking Stripe ourselves."""

from typing import ClassVar

from django.db import models


class StripeEvent(models.Model):
    """A verified notice from Stripe, stored before anything acts on it."""

    stripe_id = models.CharField(max_length=255, unique=True)
    type = models.CharField(max_length=80)
    object_id = models.CharField(max_length=255)
    livemode = models.BooleanField()
    received_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    # Empty: nothing is due, because it is handled or was given up.
    next_try_at = models.DateTimeField(null=True, db_index=True)
    handled_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering: ClassVar = ["-received_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.type} {self.stripe_id}"


class ReconciliationRun(models.Model):
    """One comparison of our books with Stripe's."""

    started_at = models.DateTimeField(db_index=True)
    finished_at = models.DateTimeField(null=True)
    checked = models.PositiveIntegerField(default=0)
    repaired = models.PositiveIntegerField(default=0)
    differences = models.JSONField(default=list)

    class Meta:
        ordering: ClassVar = ["-started_at"]
        permissions: ClassVar = [
            ("repair_reconciliationrun", "Can settle what Stripe and the shop differ about")
        ]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M}: {len(self.differences)} differences"
