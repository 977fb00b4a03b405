"""What a customer's scalp is like: the words that lead to products."""

from typing import ClassVar

from django.db import models

from claims.models import CheckedWords


class Concern(CheckedWords):
    """A way a scalp feels, such as “dry and tight”."""

    name = models.CharField(max_length=60, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    blurb = models.CharField(max_length=200, blank=True, help_text="One line under the name.")
    sort_order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["sort_order", "name"]

    def __str__(self) -> str:
        return self.name
