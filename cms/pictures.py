"""Which sizes and formats a picture is offered in, so that views and templates agree on them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

# Sizes cost disk and time: three in the modern format, one in each older one.
DEFAULT_WIDTHS = (400, 800, 1200)
FALLBACK_WIDTH = 800


class Rendition(Protocol):
    """One file made from an image."""

    @property
    def url(self) -> str: ...

    @property
    def width(self) -> int: ...

    @property
    def height(self) -> int: ...


class Image(Protocol):
    """What a picture is made of: anything that makes renditions, such as `CustomImage`."""

    def get_renditions(self, *filters: str) -> Mapping[str, Rendition]: ...


@dataclass(frozen=True, slots=True)
class Picture:
    """A `<picture>` element's parts: two source sets and the file for everyone else."""

    avif: str
    webp: str
    fallback: Rendition


def parse_ratio(ratio: str) -> tuple[int, int] | None:
    """Read "4:5" as width and height; nothing means the image's own shape."""
    if not ratio:
        return None
    width, height = ratio.split(":")
    return int(width), int(height)


def filter_spec(width: int, image_format: str, ratio: str = "") -> str:
    """Name one rendition the way Wagtail does; a ratio crops around the focal point."""
    sides = parse_ratio(ratio)
    size = f"fill-{width}x{round(width * sides[1] / sides[0])}" if sides else f"width-{width}"
    return f"{size}|format-{image_format}"


def filter_specs(widths: Sequence[int] = DEFAULT_WIDTHS, ratio: str = "") -> list[str]:
    """Every rendition that a picture of these widths needs, for prefetching and warming."""
    return [
        *(filter_spec(width, "avif", ratio) for width in widths),
        filter_spec(FALLBACK_WIDTH, "webp", ratio),
        filter_spec(FALLBACK_WIDTH, "jpeg", ratio),
    ]


def picture(image: Image, *, widths: Sequence[int] = DEFAULT_WIDTHS, ratio: str = "") -> Picture:
    """Find or make the renditions; prefetched ones cost no query."""
    specs = filter_specs(widths, ratio)
    renditions = image.get_renditions(*specs)
    *avif, webp, jpeg = (renditions[spec] for spec in specs)
    return Picture(avif=_source_set(avif), webp=_source_set([webp]), fallback=jpeg)


def _source_set(renditions: Sequence[Rendition]) -> str:
    """Write a srcset; an image smaller than asked for gives the same width twice."""
    by_width = {rendition.width: rendition.url for rendition in renditions}
    return ", ".join(f"{url} {width}w" for width, url in sorted(by_width.items()))
