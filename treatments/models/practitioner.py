"""Who gives a treatment."""

from typing import ClassVar

from django.db import models

from claims.models import CheckedWords


class PractitionerQuerySet(models.QuerySet["Practitioner"]):
    def active(self) -> "PractitionerQuerySet":
        """Those who give treatments today."""
        return self.filter(is_active=True)

    def giving(self, treatment_id: int) -> "PractitionerQuerySet":
        """Those of today whom a treatment names; all of today if it names none of them."""
        named = self.active().filter(treatments=treatment_id)
        return named if named.exists() else self.active()


class Practitioner(CheckedWords):
    """Somebody trained who gives sessions; named with each session that they gave."""

    name = models.CharField(max_length=120, unique=True)
    job_title = models.CharField(max_length=120)
    is_active = models.BooleanField("gives sessions today", default=True)

    objects = PractitionerQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name
