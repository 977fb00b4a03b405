"""The pictures of a page that sells."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel
from wagtail.models import Orderable

from cms.models import CustomImage


class GalleryImage(Orderable):
    """One picture of a page; its own text alternative wins over the picture's."""

    image = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    alt = models.CharField(
        "text alternative here",
        max_length=255,
        blank=True,
        help_text="Only where the picture's own text alternative does not fit.",
    )

    panels: ClassVar = [FieldPanel("image"), FieldPanel("alt")]

    class Meta(Orderable.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.alt_text

    @property
    def alt_text(self) -> str:
        """The words that fit here, or else the picture's own."""
        return self.alt_text_of(self.image)

    def alt_text_of(self, image: CustomImage) -> str:
        """Say the same for an image that was loaded another way."""
        return self.alt or image.default_alt_text


class ProductPageImage(GalleryImage):
    page = ParentalKey(
        "catalog.ProductPage", on_delete=models.CASCADE, related_name="gallery_images"
    )


class PackagePageImage(GalleryImage):
    page = ParentalKey(
        "catalog.PackagePage", on_delete=models.CASCADE, related_name="gallery_images"
    )
