"""Put the demo's pictures into the image library, each once, known by its title."""

import datetime as dt

from django.core.files.images import ImageFile
from django.db import transaction

from cms.models import CustomImage
from storefront.demo import content

CREDIT = "Galea picture studio"


def seed(at: dt.datetime) -> None:
    """Import the pictures that are not there yet, one after the other."""
    known = set(CustomImage.objects.values_list("title", flat=True))
    for photo in content.facts("photos")["photo"]:
        if photo["title"] not in known:
            _add(photo, at)


def by_title() -> dict[str, CustomImage]:
    """Return the pictures of the demo under their titles."""
    return {image.title: image for image in CustomImage.objects.order_by("-pk")}


@transaction.atomic
def _add(photo: content.Facts, at: dt.datetime) -> None:
    with (content.PHOTOS / photo["file"]).open("rb") as file:
        image = CustomImage(
            title=photo["title"],
            alt=photo["alt"],
            credit=CREDIT,
            file=ImageFile(file, name=photo["file"]),
        )
        x, y, width, height = photo["focus"]
        image.focal_point_x = round(x * image.width)
        image.focal_point_y = round(y * image.height)
        image.focal_point_width = round(width * image.width)
        image.focal_point_height = round(height * image.height)
        image.save()
    CustomImage.objects.filter(pk=image.pk).update(created_at=at)
