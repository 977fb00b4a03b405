"""A file that the worker makes for one person, and its content in parts."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q


class DownloadStatus(models.TextChoices):
    WAITING = "WAITING", "Waits for its turn"
    WORKING = "WORKING", "Being made"
    READY = "READY", "Ready"
    FAILED = "FAILED", "Failed"


class Download(models.Model):
    """Who asked for which file, and how far it is; `cms.downloads.making` alone writes it."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="downloads"
    )
    kind = models.CharField(max_length=40)
    # What it is to hold, as the query of an address.
    asked = models.TextField(blank=True)
    status = models.CharField(max_length=10, choices=DownloadStatus, default=DownloadStatus.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField()
    # Whoever makes it says so again and again; once this has passed, somebody else takes over.
    leased_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-asked_at", "-pk"]
        indexes: ClassVar = [
            models.Index(
                fields=["asked_at"],
                condition=Q(status__in=["WAITING", "WORKING"]),
                name="download_under_way",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.owner_id}"

    @property
    def percent(self) -> int:
        """How far it is; it is never called whole before it is."""
        return min(99, 100 * self.done // self.total) if self.total else 0


class DownloadPart(models.Model):
    """Some of a file's bytes."""

    download = models.ForeignKey(Download, on_delete=models.CASCADE, related_name="parts")
    position = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        ordering: ClassVar = ["download", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["download", "position"], name="download_part_once"),
        ]

    def __str__(self) -> str:
        return f"Part {self.position} of download {self.download_id}"
