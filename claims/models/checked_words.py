"""What a row shares whose words customers read."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models

from claims import checking


class CheckedWords(models.Model):
    """A row whose words stand on public pages; its forms refuse what may not be said there."""

    # Fields that no customer reads as a text, each with its reason.
    words_left_out: ClassVar[Mapping[str, str]] = {}

    class Meta:
        abstract = True

    @classmethod
    def read_by_customers(cls) -> models.QuerySet[Any]:
        """The rows whose words are the shop's own and stand on public pages today."""
        return cls._default_manager.all()

    def clean(self) -> None:
        super().clean()
        if refused := checking.open_findings(self):
            way_on = f"A reviewer can allow them at {checking.review_url(self)}." if self.pk else ""
            told = [checking.explain(found) for found in refused]
            raise ValidationError([*told, *filter(None, [way_on])])
