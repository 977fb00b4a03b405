"""Words by which products are found, besides the concerns they are for."""

from typing import ClassVar

from django.db import models

from claims.models import CheckedWords


class FacetWord(CheckedWords):
    """A name with a place in its list and an address of its own in filters."""

    name = models.CharField(max_length=60, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    sort_order = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True
        ordering: ClassVar = ["sort_order", "name"]

    def __str__(self) -> str:
        return self.name


class SkinFeel(FacetWord):
    """How a product feels on the scalp: light, rich, cooling."""


class FreeFrom(FacetWord):
    """What a product leaves out: fragrance, sulphates, silicones."""

    class Meta(FacetWord.Meta):
        verbose_name = "free-from claim"
