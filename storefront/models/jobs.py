"""What the worker last did, so that a web process can tell whether one is running."""

from typing import ClassVar

from django.db import models


class JobRun(models.Model):
    """The latest run of one job; the worker writes it, the readiness check reads it."""

    name = models.CharField(max_length=60, unique=True)
    last_started_at = models.DateTimeField(null=True, blank=True)
    last_finished_at = models.DateTimeField(
        null=True, blank=True, help_text="When it last ended well."
    )
    last_error = models.CharField(max_length=500, blank=True)
    failures = models.PositiveIntegerField(default=0, help_text="Failures since it ended well.")

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name
