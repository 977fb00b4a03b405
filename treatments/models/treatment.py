"""What the clinic does to a scalp."""

from typing import ClassVar

from django.core.validators import MaxValueValidator
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
    free_cancel_hours = models.PositiveSmallIntegerField(
        "hours before an appointment",
        default=24,
        db_default=24,
        validators=[MaxValueValidator(336)],
        help_text="Until then it can be cancelled or moved, and the session is free again.",
    )
    late_cancel_counts = models.BooleanField(
        "later, the session counts as used",
        default=False,
        db_default=False,
        help_text="Only if your terms say so. Customers are told before they ask and cancel.",
    )
    practitioners = models.ManyToManyField(
        "treatments.Practitioner",
        blank=True,
        related_name="treatments",
        verbose_name="who gives it",
        help_text="Named on its page, and chosen from for appointments. Nobody ticked: the page"
        " names nobody, and everybody is chosen from.",
    )
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
