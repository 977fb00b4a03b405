"""Pictures with all their sizes, in one query for however many a page shows."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from wagtail.blocks import StreamValue

from cms.models.images import CustomImage, CustomRendition
from cms.prepared import Prepared
from freshness.keeping import as_of, keep_each

_renditions_of = Prepared(
    lambda image_ids: CustomRendition.objects.filter(image_id__in=image_ids).select_related("image")
)


_together: ContextVar[dict[int, CustomImage] | None] = ContextVar("images", default=None)


@contextmanager
def reading_together(image_ids: Collection[int]) -> Iterator[dict[int, CustomImage]]:
    """Read all these at once; whoever loads one of them inside the block gets it from here."""
    found = load(image_ids)
    token = _together.set(found)
    try:
        yield found
    finally:
        _together.reset(token)


def load(image_ids: Collection[int]) -> dict[int, CustomImage]:
    """Return images by id, their renditions with them, so that showing them asks nothing.

    None, or one query; a second one only while an image has never been shown.
    """
    together = _together.get()
    if together is not None and together.keys() >= set(image_ids):
        return {pk: together[pk] for pk in image_ids}
    found = keep_each("image", image_ids, _read, since=as_of())
    if missing := set(image_ids) - set(found):
        for image in CustomImage.objects.filter(pk__in=missing):
            image.prefetched_renditions = []
            found[image.pk] = image
    return found


def _read(image_ids: list[int]) -> dict[int, CustomImage]:
    found: dict[int, CustomImage] = {}
    for rendition in _renditions_of(image_ids):
        image = found.setdefault(rendition.image_id, rendition.image)
        image.__dict__.setdefault("prefetched_renditions", []).append(rendition)
        rendition.image = image
    return found


def attach(images: Iterable[CustomImage], loaded: dict[int, CustomImage]) -> None:
    """Give images that came another way the renditions of those that were loaded."""
    for image in images:
        if image.pk in loaded:
            image.prefetched_renditions = loaded[image.pk].prefetched_renditions


def ids_in(body: StreamValue) -> set[int]:
    """Return the numbers of the images of a page body's figures, without asking for them."""
    figures = (block["value"] for block in body.get_prep_value() if block["type"] == "figure")
    return {figure["image"] for figure in figures if figure.get("image")}


def pictured_in(body: StreamValue) -> list[CustomImage]:
    """Return the images of a page body's figures."""
    figures = [block.value["image"] for block in body if block.block_type == "figure"]
    return [image for image in figures if image is not None]
