"""Studies that a claim can cite."""

from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models

from claims.evidence_codes import Proof


class Evidence(models.Model):
    """One study: what it showed, for which products and treatments, and until when it is good."""

    code = models.CharField(
        max_length=20,
        unique=True,
        validators=[
            RegexValidator(
                r"^[A-Z]{2,8}-[0-9]{1,4}(-[0-9]{1,4})?$", "A code looks like GAL-2026-01."
            )
        ],
        help_text="A text cites the study by this code in brackets, such as (GAL-2026-01).",
    )
    study = models.CharField(max_length=200, help_text="What was studied, in one line.")
    citation = models.TextField(
        max_length=600, help_text="Who, when, where it was published, how many people."
    )
    url = models.URLField("address", blank=True)
    covers = models.CharField(
        "rules it answers for",
        max_length=200,
        blank=True,
        help_text="Such as proof, numbers-without-source; empty for all that a study can answer.",
    )
    subjects = models.TextField(
        "products and treatments",
        blank=True,
        max_length=600,
        help_text="In the words that pages use, one a line. The page's title or the sentence must "
        "have one of them. Empty for all.",
    )
    valid_until = models.DateField(help_text="The last day on which a text may rest on it.")

    class Meta:
        verbose_name_plural = "evidence"
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(code="") & ~models.Q(study="") & ~models.Q(citation=""),
                name="evidence_says_what_it_is",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.study}"

    def proof(self) -> Proof:
        """The entry as the rules need it."""
        return Proof(
            code=self.code,
            valid_until=self.valid_until,
            kinds=frozenset(filter(None, (kind.strip() for kind in self.covers.split(",")))),
            subjects=tuple(filter(None, (line.strip() for line in self.subjects.splitlines()))),
        )
