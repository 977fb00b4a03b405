"""What staff say about searching, and the words that typing slips are measured against."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models

from freshness.changes import SITE, changed
from storefront.search.wording import words_of

FEWEST_WORDS, MOST_WORDS = 2, 12


class Synonym(models.Model):
    """Words that mean the same to a customer: who asks for one finds the others too."""

    words = models.CharField(
        max_length=300,
        unique=True,
        help_text="Separated by commas: “shampoo, wash, cleanser”. A phrase may stand for a word.",
    )

    class Meta:
        ordering: ClassVar = ["words"]

    def __str__(self) -> str:
        return self.words

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the words; what was found without them is out of date."""
        super().save(*args, **kwargs)
        changed(SITE)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Remove the words; what was found by them is out of date."""
        removed = super().delete(*args, **kwargs)
        changed(SITE)
        return removed

    def clean(self) -> None:
        super().clean()
        if not FEWEST_WORDS <= len(self.phrases) <= MOST_WORDS:
            message = f"Name {FEWEST_WORDS} to {MOST_WORDS} different words, separated by commas."
            raise ValidationError({"words": message})

    @property
    def phrases(self) -> list[tuple[str, ...]]:
        """Return each of them as the words that a search is made of."""
        phrases = (words_of(part) for part in self.words.split(","))
        return list(dict.fromkeys(phrase for phrase in phrases if phrase))


class SearchWord(models.Model):
    """A word that public pages use; `search.vocabulary` alone writes it."""

    word = models.CharField(max_length=40, primary_key=True)
    uses = models.PositiveIntegerField(help_text="On how many pages it stands, roughly.")
    reading = models.PositiveIntegerField(help_text="The reading of the shop it was last seen in.")

    class Meta:
        ordering: ClassVar = ["word"]

    def __str__(self) -> str:
        return self.word


class VocabularyMark(models.Model):
    """How far the shop has been read for its words; one row."""

    reading = models.PositiveIntegerField(default=1)
    begun_at = models.DateTimeField()
    read_to = models.DateTimeField(null=True, blank=True)
    read_to_page = models.BigIntegerField(default=0)
    is_whole = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"Reading {self.reading}, version {self.version}"
