"""The log of changes that visitors can see."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from freshness.transactions import CurrentTransaction


class Change(models.Model):
    """One committed change of something that pages show; `freshness.changes` alone writes it.

    Rows are written in the transaction that makes the change, so there is none without the other.
    A transaction may commit a lower number after a higher one: `freshness.reading` knows how to
    read them all nevertheless.
    """

    tag = models.CharField(max_length=60)
    changed_at = models.DateTimeField(db_default=Now(), db_index=True)
    transaction = models.BigIntegerField(db_default=CurrentTransaction(), db_index=True)

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.tag} at {self.changed_at:%Y-%m-%d %H:%M:%S}"
