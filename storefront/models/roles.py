"""The groups of staff that are kept by the shop's table of roles."""

from typing import ClassVar

from django.contrib.auth.models import Group
from django.db import models


class KeptRole(models.Model):
    """One role of the table, with its group and every right that it was ever given.

    What was given once and is gone was taken by the owner, and is not given again.
    """

    key = models.CharField(max_length=40, unique=True)
    group = models.OneToOneField(
        Group,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="kept_role",
        help_text="Empty once the owner has deleted the group: it is not made again.",
    )
    given = models.JSONField(default=list)

    class Meta:
        ordering: ClassVar = ["key"]

    def __str__(self) -> str:
        return self.key
