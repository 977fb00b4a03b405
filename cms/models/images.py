"""Pictures that cannot be stored without saying what they show."""

from typing import ClassVar

from django.db import models
from wagtail.images.models import AbstractImage, AbstractRendition
from wagtail.search import index

from claims.models import CheckedWords


class CustomImage(CheckedWords, AbstractImage):
    """A picture with a text alternative and a credit."""

    alt = models.CharField(
        "text alternative",
        max_length=255,
        help_text="What the picture shows, for people who do not see it.",
    )
    credit = models.CharField(max_length=120, blank=True, help_text="Who took or drew it.")

    words_left_out: ClassVar = {"file_hash": "a digest of the file"}
    admin_form_fields = (
        "title",
        "file",
        "alt",
        "credit",
        "collection",
        "tags",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )
    search_fields: ClassVar = [
        *AbstractImage.search_fields,
        index.SearchField("alt"),
        index.SearchField("credit"),
    ]

    class Meta(AbstractImage.Meta):
        verbose_name = "image"
        permissions: ClassVar = [("choose_image", "Can choose image")]

    @property
    def default_alt_text(self) -> str:
        return str(self.alt or self.title)


class CustomRendition(AbstractRendition):
    """A picture in one size and format."""

    image = models.ForeignKey(CustomImage, related_name="renditions", on_delete=models.CASCADE)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"],
                name="rendition_once_per_image_and_filter",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.image} ({self.filter_spec})"
