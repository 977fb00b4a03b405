"""Which sizes and formats a picture is offered in, and who makes them.

A visitor never waits for a modern format: a page makes at most the one JPEG that everybody can
read, and that file's existence is the wish for its siblings. The worker sees the wish, makes the
AVIF and WebP files, and from then on pages offer those first.
"""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import or_

from django.core.files.storage import default_storage
from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from wagtail.images.models import Filter

from cms.models import CustomImage, CustomRendition
from freshness.changes import SITE, changed

# Each shape in which templates show pictures, and the widths of its AVIF files in pixels. The
# empty one is the picture's own.
WIDTHS: dict[str, tuple[int, ...]] = {
    "": (400, 800, 1200, 1800),
    "4:5": (400, 800, 1200),
    "8:5": (400, 800, 1200),
}
FALLBACK_WIDTH = 800


@dataclass(frozen=True, slots=True)
class Picture:
    """A `<picture>` element's parts: two source sets, empty until made, and a file for all."""

    avif: str
    webp: str
    fallback: CustomRendition


def filter_spec(width: int, image_format: str, ratio: str = "") -> str:
    """Name one rendition the way Wagtail does; a ratio such as "4:5" crops at the focal point."""
    if not ratio:
        return f"width-{width}|format-{image_format}"
    across, down = (int(side) for side in ratio.split(":"))
    return f"fill-{width}x{round(width * down / across)}|format-{image_format}"


def modern_specs(ratio: str) -> list[str]:
    """Name every rendition that is made by the worker for pictures of one shape."""
    avif = [filter_spec(width, "avif", ratio) for width in WIDTHS[ratio]]
    return [*avif, filter_spec(FALLBACK_WIDTH, "webp", ratio)]


def picture(image: CustomImage, *, ratio: str = "", widest: int = 0) -> Picture:
    """Find what exists of a picture; with its renditions prefetched this costs no query.

    :param ratio: one of `WIDTHS`.
    :param widest: offer no file wider than this many pixels; 0 offers all.
    """
    wanted = [
        filter_spec(width, "avif", ratio) for width in WIDTHS[ratio] if width <= (widest or width)
    ]
    webp, jpeg = filter_spec(FALLBACK_WIDTH, "webp", ratio), _wish(ratio)
    made = _made(image, [*wanted, webp, jpeg])
    return Picture(
        avif=_source_set(made[spec] for spec in wanted if spec in made),
        webp=_source_set(made[spec] for spec in [webp] if spec in made),
        fallback=made.get(jpeg) or image.get_rendition(_filter(jpeg)),
    )


def jpeg_url(image: CustomImage | None) -> str:
    """Return where the file for everybody of a picture in a gallery is, if it was made."""
    if image is None:
        return ""
    spec = _wish("4:5")
    found = _made(image, [spec]).get(spec)
    return _url(str(vars(found)["file"])) if found else ""


def _made(image: CustomImage, specs: list[str]) -> dict[str, CustomRendition]:
    """Return what exists of some renditions of one shape, by its name."""
    prefetched = getattr(image, "prefetched_renditions", None)
    if prefetched is None:
        found = image.find_existing_renditions(*(_filter(spec) for spec in specs))
        return {each.spec: rendition for each, rendition in found.items()}
    # Renditions of one shape all depend on the same focal point.
    key = _filter(specs[0]).get_cache_key(image)
    return {each.filter_spec: each for each in prefetched if each.focal_point_key == key}


@lru_cache(maxsize=256)
def _filter(spec: str) -> Filter:
    """Name a filter once: working out what its words mean takes longer than all the rest."""
    return Filter(spec=spec)


@lru_cache(maxsize=16_384)
def _url(file: str) -> str:
    """Return where a file is handed out; its name never changes."""
    return default_storage.url(file)


def render_missing(*, seconds: float = 20.0) -> int:
    """Make the modern formats of pictures that pages show; return how many files were made.

    :param seconds: begin no further file after so long; the next run goes on.
    """
    deadline = time.monotonic() + seconds
    made = 0
    try:
        for image, specs in _wishes():
            for spec in specs:
                if time.monotonic() > deadline:
                    return made
                image.get_rendition(spec)
                made += 1
    finally:
        if made:
            changed(SITE)
    return made


def _wishes() -> Iterator[tuple[CustomImage, list[str]]]:
    """Yield the images that lack a modern rendition of a shape in which they are shown."""
    renditions = Prefetch("renditions", queryset=CustomRendition.objects.order_by("pk"))
    lacking = reduce(or_, (Q(pk__in=_lacking(ratio)) for ratio in WIDTHS))
    for image in CustomImage.objects.filter(lacking).prefetch_related(renditions).iterator(200):
        wanted = [
            spec
            for ratio in WIDTHS
            if image.find_existing_renditions(_filter(_wish(ratio)))
            for spec in modern_specs(ratio)
        ]
        found = image.find_existing_renditions(*(_filter(spec) for spec in wanted))
        existing = {each.spec for each in found}
        missing = [spec for spec in wanted if spec not in existing]
        if missing:
            yield image, missing


def _wish(ratio: str) -> str:
    """Name the rendition of a shape whose existence says that pages show the shape."""
    return filter_spec(FALLBACK_WIDTH, "jpeg", ratio)


def _lacking(ratio: str) -> QuerySet[CustomRendition, int]:
    """Return the keys of images that lack modern siblings; the worker asks every few seconds."""
    specs = modern_specs(ratio)
    siblings = CustomRendition.objects.filter(
        image=OuterRef("image"), focal_point_key=OuterRef("focal_point_key"), filter_spec__in=specs
    )
    counted = siblings.order_by().values("image").annotate(made=Count("pk")).values("made")
    wishes = CustomRendition.objects.filter(filter_spec=_wish(ratio))
    found: QuerySet[CustomRendition, int] = (
        wishes.alias(made=Coalesce(Subquery(counted), 0))
        .filter(made__lt=len(specs))
        .values_list("image", flat=True)
    )
    return found


def _source_set(renditions: Iterable[CustomRendition]) -> str:
    """Write a srcset; an image smaller than asked for gives the same width twice."""
    by_width = {each.width: _url(str(vars(each)["file"])) for each in renditions}
    return ", ".join(f"{url} {width}w" for width, url in sorted(by_width.items()))
