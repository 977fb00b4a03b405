"""What is known of pages that were looked at, and of addresses that lead nowhere."""

from typing import ClassVar

from django.db import models


class ViewLogMark(models.Model):
    """How far the view log has been counted; there is one row."""

    inode = models.PositiveBigIntegerField(default=0, help_text="Which file it was.")
    offset = models.PositiveBigIntegerField(default=0, help_text="Bytes that are counted.")

    def __str__(self) -> str:
        return f"{self.offset} bytes"


class MissingAddress(models.Model):
    """An address that readers asked for and that leads nowhere."""

    path = models.CharField("address", max_length=500, unique=True)
    times = models.PositiveIntegerField(default=0)
    first_at = models.DateTimeField("first asked for")
    last_at = models.DateTimeField("last asked for", db_index=True)
    is_ignored = models.BooleanField(
        "left alone", default=False, help_text="Somebody decided that it need not lead anywhere."
    )

    class Meta:
        verbose_name = "missing address"
        verbose_name_plural = "missing addresses"
        ordering: ClassVar = ["-times", "-last_at"]

    def __str__(self) -> str:
        return self.path


class UnansweredTerm(models.Model):
    """How often, on one day, a term was looked for that the shop has nothing for."""

    term = models.CharField(max_length=200)
    on = models.DateField("day")
    times = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["-on", "-times"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["term", "on"], name="unanswered_term_once_a_day"),
        ]
        indexes: ClassVar = [models.Index(fields=["on"], name="unanswered_term_day")]

    def __str__(self) -> str:
        return f"{self.term}, {self.on}"
