"""The clinic's rules for a treatment, one row per version; a version is never changed."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel


class Habit(models.TextChoices):
    """What people do with their scalp besides what we sell for it."""

    WASHING = "WASHING", "washing"
    SUN = "SUN", "sun"
    HEAT_STYLING = "HEAT_STYLING", "heat styling"
    COLOUR = "COLOUR", "colour"
    SWIMMING = "SWIMMING", "swimming"
    EXERCISE = "EXERCISE", "exercise"


class BeyondLimit(models.TextChoices):
    """What somebody should do once a sign goes beyond what is usual."""

    CALL_US = "CALL_US", "call us"
    SEEK_CARE = "SEEK_CARE", "seek medical care now"


class ProtocolQuerySet(models.QuerySet["Protocol"]):
    def newest_of(self, treatment_id: int) -> "Protocol | None":
        """Return the version that holds for what is sold today, or nothing."""
        return self.filter(treatment_id=treatment_id).order_by("-version").first()


class Protocol(ClusterableModel):
    """One version of the rules: how far apart, what to leave off afterwards, what to watch for.

    A pass keeps the version it was sold with. A change is a new version, and the database refuses
    any other.
    """

    treatment = models.ForeignKey(
        "treatments.Treatment", on_delete=models.PROTECT, related_name="protocols"
    )
    version = models.PositiveSmallIntegerField(editable=False)
    what_is_new = models.CharField(
        max_length=200, help_text="Why this version was written; for staff."
    )
    min_days = models.PositiveSmallIntegerField(
        "days between sessions, at least",
        help_text="A session sooner than this is refused, unless a clinician gives a reason.",
    )
    recommended_days = models.PositiveSmallIntegerField("days between sessions, recommended")
    most_in_course = models.PositiveSmallIntegerField(
        "sessions in a course, at most",
        null=True,
        blank=True,
        help_text="Empty if there is no limit.",
    )
    rest_days = models.PositiveSmallIntegerField(
        "days of rest after a course",
        null=True,
        blank=True,
        help_text="How long after a full course the next one may begin.",
    )
    preparation = models.TextField(help_text="What customers do, and leave off, before a session.")
    sources = models.TextField(help_text="What the rules rest on, one a line.")
    reviewed_by = models.CharField(
        max_length=120, help_text="Name and profession of who stands for these rules."
    )
    reviewed_on = models.DateField()
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    objects = ProtocolQuerySet.as_manager()

    class Meta:
        verbose_name = "protocol"
        ordering: ClassVar = ["treatment", "-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["treatment", "version"], name="protocol_version_is_unique"
            ),
            models.CheckConstraint(
                condition=Q(
                    min_days__lte=365,
                    recommended_days__lte=365,
                    recommended_days__gte=F("min_days"),
                ),
                name="protocol_recommends_no_less_than_it_asks",
                violation_error_message="Recommend at least as many days as you ask for.",
            ),
            models.CheckConstraint(
                condition=Q(most_in_course__isnull=True, rest_days__isnull=True)
                | Q(most_in_course__isnull=False, rest_days__isnull=False)
                & Q(most_in_course__gte=1, rest_days__gte=F("min_days"), rest_days__lte=730),
                name="protocol_course_has_a_rest",
                violation_error_message=(
                    "A course needs both its sessions and its rest, and the rest is at least as "
                    "long as the days between sessions."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.treatment}, version {self.version}"


class AftercareWindow(models.Model):
    """From which day after a session one kind of care, or one habit, is gentle enough again."""

    protocol = ParentalKey(Protocol, on_delete=models.CASCADE, related_name="aftercare_windows")
    care_tag = models.ForeignKey(
        "treatments.CareTag", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    habit = models.CharField(max_length=20, choices=Habit, blank=True)
    from_day = models.PositiveSmallIntegerField(
        "gentle enough from day", help_text="Days after a session; 0 is the same day."
    )
    note = models.CharField(
        max_length=200, blank=True, help_text="How, in one line, such as “lukewarm water only”."
    )

    panels: ClassVar = [
        FieldRowPanel([FieldPanel("care_tag"), FieldPanel("habit")]),
        FieldRowPanel([FieldPanel("from_day"), FieldPanel("note")]),
    ]

    class Meta:
        ordering: ClassVar = ["from_day", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(care_tag__isnull=False, habit="")
                | (Q(care_tag__isnull=True) & ~Q(habit="")),
                name="aftercare_window_is_for_one_thing",
                violation_error_message="Choose a care tag or a habit, one of the two.",
            ),
            models.CheckConstraint(
                condition=Q(habit="") | Q(habit__in=Habit.values),
                name="aftercare_window_habit_is_known",
            ),
            models.UniqueConstraint(
                fields=["protocol", "care_tag"],
                condition=Q(care_tag__isnull=False),
                name="aftercare_window_once_per_care_tag",
            ),
            models.UniqueConstraint(
                fields=["protocol", "habit"],
                condition=~Q(habit=""),
                name="aftercare_window_once_per_habit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.care_tag or self.get_habit_display()}: from day {self.from_day}"


class WarningSign(models.Model):
    """What may be felt or seen after a session, until when that is usual, and what comes then."""

    protocol = ParentalKey(Protocol, on_delete=models.CASCADE, related_name="warning_signs")
    sign = models.CharField(max_length=80, help_text="Such as “redness” or “weeping skin”.")
    usual_hours = models.PositiveSmallIntegerField(
        "usual for up to, in hours", help_text="0 if it is never usual."
    )
    limit = models.CharField(
        max_length=160, blank=True, help_text="How strong it may be, such as “no more than pink”."
    )
    beyond = models.CharField("beyond that", max_length=12, choices=BeyondLimit)

    panels: ClassVar = [
        FieldRowPanel([FieldPanel("sign"), FieldPanel("usual_hours")]),
        FieldRowPanel([FieldPanel("limit"), FieldPanel("beyond")]),
    ]

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(beyond__in=BeyondLimit.values), name="warning_sign_says_what_to_do"
            ),
        ]

    def __str__(self) -> str:
        return self.sign
