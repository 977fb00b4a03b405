"""What a product or a habit is to a treated scalp, and from which day it is gentle enough."""

from collections.abc import Collection
from typing import ClassVar

from django.db import models

from claims.models import CheckedWords


class CareTag(CheckedWords):
    """A kind of care, such as “fragrance-free wash” or “leave-on acid”."""

    name = models.CharField(max_length=60, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    blurb = models.CharField(max_length=200, blank=True, help_text="One line for customers.")
    gentle_from_day = models.PositiveSmallIntegerField(
        "gentle enough from day",
        null=True,
        blank=True,
        help_text="Days after a session; 0 is the same day. Empty means unknown, never allowed.",
    )
    sort_order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["sort_order", "name"]

    def __str__(self) -> str:
        return self.name


def gentle_from_day(tags: Collection[CareTag]) -> int | None:
    """Return the day from which everything tagged so is gentle enough; none while unknown.

    The strictest tag decides, and one unknown tag, or none at all, leaves it unknown.
    """
    days = [tag.gentle_from_day for tag in tags]
    if not days or None in days:
        return None
    return max(day for day in days if day is not None)
