"""What the clinic does to a scalp."""

from typing import ClassVar

from django.db import models

from claims.models import CheckedWords


class TreatmentQuerySet(models.QuerySet["Treatment"]):
    def active(self) -> "TreatmentQuerySet":
        """Those the clinic offers today."""
        return self.filter(is_active=True)


class Treatment(CheckedWords):
    """One thing the clinic does, such as a scalp microdermabrasion."""

    name = models.CharField(max_length=120, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    summary = models.CharField(max_length=300, help_text="One sentence, shown on cards and passes.")
    duration_minutes = models.PositiveSmallIntegerField("minutes in the chair")
    is_active = models.BooleanField("offered today", default=True)
    sort_order = models.PositiveSmallIntegerField(default=0)

    objects = TreatmentQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["sort_order", "name"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(duration_minutes__gte=5, duration_minutes__lte=480),
                name="treatment_lasts_five_minutes_to_eight_hours",
            ),
        ]

    def __str__(self) -> str:
        return self.name
