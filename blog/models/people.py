"""Who writes the guide and who checks it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from wagtail.search import index

from claims.models import CheckedWords
from cms import rich_text


class Person(CheckedWords, index.Indexed):
    """An author or clinical reviewer, with the facts that a reader may check.

    Their e-mail address and account are the clinic's own: no page, feed or answer shows them.
    """

    name = models.CharField(max_length=120, help_text="As it stands under an article.")
    slug = models.SlugField(
        max_length=120, unique=True, help_text="The last part of their page's address."
    )
    credentials = models.CharField(
        max_length=160, blank=True, help_text="Degrees and training, such as “MD, dermatology”."
    )
    role = models.CharField(
        "job", max_length=120, blank=True, help_text="Such as “Dermatologist, Galea Scalp Studio”."
    )
    registration_number = models.CharField(
        max_length=80,
        blank=True,
        help_text="The register and the number in it, so that readers can look them up.",
    )
    portrait = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    bio = rich_text.CleanRichTextField(
        blank=True,
        features=rich_text.PARAGRAPH_FEATURES,
        help_text="What they do and why a reader may trust them, in a few sentences.",
    )
    may_review = models.BooleanField(
        "may review articles",
        default=False,
        help_text="A professional who can be named as clinical reviewer.",
    )
    email = models.EmailField(
        "e-mail address", blank=True, help_text="For the clinic alone; never shown to readers."
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="person",
        verbose_name="account",
        help_text="How this person signs in here, if they do.",
    )

    search_fields: ClassVar = [index.SearchField("name"), index.AutocompleteField("name")]

    class Meta:
        verbose_name_plural = "people"
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(name=""), name="person_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        """Two letters in the place of a portrait; titles such as “Dr” are passed over."""
        words = [word for word in self.name.split() if word.rstrip(".") not in {"Dr", "Prof"}]
        ends = [words[0], words[-1]] if len(words) > 1 else words
        return "".join(word[0].upper() for word in ends)
