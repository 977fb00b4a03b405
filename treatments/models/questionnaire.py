"""The questions before a package can be bought: written by the clinic, published in versions."""

from collections.abc import Collection
from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import OuterRef, Q
from wagtail.fields import StreamField

from treatments.blocks import QuestionBlock
from treatments.suitability import Answer, Outcome, Question, RuleSet, RuleSetRefused


class Questionnaire(models.Model):
    """What is being written for a treatment; customers are asked what was published of it last."""

    treatment = models.OneToOneField(
        "treatments.Treatment", on_delete=models.PROTECT, related_name="questionnaire"
    )
    valid_days = models.PositiveSmallIntegerField(
        "days an outcome holds",
        default=90,
        help_text="After that, and after a new version, customers are asked again.",
    )
    questions = StreamField([("question", QuestionBlock())])
    consultation = models.ForeignKey(
        "treatments.Treatment",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="What is offered to whoever should consult first; it has no questions itself.",
    )
    reviewed_by = models.CharField(
        max_length=120, help_text="Name and profession of who stands for these questions."
    )

    class Meta:
        verbose_name = "suitability questions"
        verbose_name_plural = "suitability questions"
        ordering: ClassVar = ["treatment"]
        permissions: ClassVar = [
            ("publish_questionnaire", "Can put questions before a purchase"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_days__gte=1, valid_days__lte=365),
                name="questionnaire_outcome_holds_a_day_to_a_year",
                violation_error_message="An outcome holds from 1 day to 365.",
            ),
        ]

    def __str__(self) -> str:
        return f"Questions for {self.treatment}"

    def clean(self) -> None:
        try:
            self.rule_set()
        except RuleSetRefused as refusal:
            raise ValidationError(str(refusal)) from refusal
        if self.consultation_id and self.consultation_id == self.treatment_id:
            raise ValidationError({"consultation": "Choose another treatment than this one."})

    def rule_set(self, *, version: int = 0) -> RuleSet:
        """Return the questions as they stand now.

        :raises RuleSetRefused: if one could not be answered, told apart or explained.
        """
        questions = tuple(
            Question(
                block.value["code"],
                block.value["text"],
                tuple(
                    Answer(
                        str(number),
                        answer["label"],
                        Outcome(answer["means"]),
                        answer["explanation"],
                    )
                    for number, answer in enumerate(block.value["answers"], start=1)
                ),
            )
            for block in self.questions
        )
        return RuleSet(version=version, valid_days=self.valid_days, questions=questions)


class QuestionnaireVersionQuerySet(models.QuerySet["QuestionnaireVersion"]):
    def newest_of(self, treatment_id: int) -> "QuestionnaireVersion | None":
        """Return what is asked today before a package can be bought; nothing if nothing is."""
        return self.filter(treatment_id=treatment_id).order_by("-version").first()

    def asked_today(self, treatment_ids: Collection[int]) -> dict[int, int]:
        """Return the newest version's id for each of these treatments that has one."""
        rows = self.filter(treatment_id__in=treatment_ids).order_by("version")
        return dict(rows.values_list("treatment_id", "pk"))

    def newest_asked(self, beside: str = "treatment_id") -> "QuestionnaireVersionQuerySet":
        """Return what is asked today for the treatment that other rows lead to by this name."""
        return self.filter(treatment_id=OuterRef(beside)).order_by("-version")[:1]


class QuestionnaireVersion(models.Model):
    """What was published once; the database refuses to change it."""

    treatment = models.ForeignKey(
        "treatments.Treatment", on_delete=models.PROTECT, related_name="questionnaire_versions"
    )
    version = models.PositiveSmallIntegerField()
    what_is_new = models.CharField(max_length=200)
    rules = models.JSONField()
    consultation = models.ForeignKey(
        "treatments.Treatment", null=True, on_delete=models.PROTECT, related_name="+"
    )
    reviewed_by = models.CharField(max_length=120)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = QuestionnaireVersionQuerySet.as_manager()

    class Meta:
        verbose_name = "published suitability questions"
        ordering: ClassVar = ["treatment", "-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["treatment", "version"], name="questionnaire_version_is_unique"
            ),
        ]

    def __str__(self) -> str:
        return f"Questions for {self.treatment}, version {self.version}"

    def rule_set(self) -> RuleSet:
        """Return the questions as they were published."""
        return RuleSet.read(self.version, self.rules)
