"""Files of strangers: pictures are decoded and written anew, a label is a PDF and nothing else."""

import io
from collections.abc import Iterable
from math import ceil
from typing import IO, Final

from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

from cms.picture_files import BROKEN, is_moving, upright

MOST_PHOTOS: Final = 3
MOST_PHOTO_BYTES: Final = 10 * 1024 * 1024
MOST_PIXELS: Final = 25_000_000
# Bytes that reading one picture may take: a small file can hold a huge one, so what its pixels
# need is weighed before any is read.
MOST_MEMORY: Final = 110 * 1000**2
# The longer side of what is kept: enough to see a crack, small enough to keep.
KEPT_SIDE: Final = 1600
MOST_LABEL_BYTES: Final = 2 * 1024 * 1024
MOST_PAPER_BYTES: Final = 10 * 1024 * 1024
# Bytes that reading one pixel takes at most, its copy in RGB with it; of a JPEG see `_cost`.
_COSTS: Final = {"PNG": 8, "WEBP": 16}
_FORMATS: Final = ("JPEG", *_COSTS)
_RESIZED_AS_THEY_ARE: Final = ("L", "RGB", "CMYK")


class FileRefused(ValueError):
    """A file is not what it should be; the message says why."""


def photos(files: Iterable[IO[bytes]]) -> list[bytes]:
    """Return pictures as JPEG: upright, small, and without what a camera noted in them.

    :raises FileRefused: if there are too many, or one is too large, damaged or no picture.
    """
    found = list(files)
    if len(found) > MOST_PHOTOS:
        raise FileRefused(f"Send {MOST_PHOTOS} photos at most.")
    return [_photo(each.read(MOST_PHOTO_BYTES + 1)) for each in found]


def label(file: IO[bytes]) -> bytes:
    """Return a carrier's label.

    :raises FileRefused: if it is too large or no PDF.
    """
    return _pdf(file, called="label", most=MOST_LABEL_BYTES)


def paper(file: IO[bytes]) -> bytes:
    """Return a letter or form that staff keep.

    :raises FileRefused: if it is too large or no PDF.
    """
    return _pdf(file, called="paper", most=MOST_PAPER_BYTES)


def _pdf(file: IO[bytes], *, called: str, most: int) -> bytes:
    content = file.read(most + 1)
    if len(content) > most:
        raise FileRefused(f"A {called} has {most // 1024**2} MB at most.")
    if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-2048:]:
        raise FileRefused(f"The {called} is no PDF, or damaged.")
    return content


def _photo(content: bytes) -> bytes:
    if len(content) > MOST_PHOTO_BYTES:
        raise FileRefused("A photo has 10 MB at most.")
    try:
        with Image.open(io.BytesIO(content), formats=list(_FORMATS)) as picture:
            if is_moving(picture):
                raise FileRefused("Send still pictures.")
            most = min(MOST_PIXELS, int(MOST_MEMORY / _cost(picture)))
            if picture.width * picture.height > most:
                raise FileRefused(
                    f"A photo has too many pixels: such a file may have {most // 10**6} million."
                    " Send a smaller copy, or a screenshot of it."
                )
            kept = upright(_small(picture)).convert("RGB")
    except FileRefused:
        raise
    except BROKEN as error:
        raise FileRefused("A photo is no JPEG, PNG or WebP picture, or damaged.") from error
    # Whatever else the file brought stays behind: the pixels alone go into a picture of our own.
    bare = Image.new("RGB", kept.size)
    bare.paste(kept)
    written = io.BytesIO()
    bare.save(written, "JPEG", quality=82)
    return written.getvalue()


def _cost(picture: Image.Image) -> float:
    """Return how many bytes of memory reading one pixel takes at most."""
    if not isinstance(picture, JpegImageFile):
        return _COSTS[str(picture.format)]
    # A JPEG in several scans, a progressive one above all, is held whole: two bytes a sample.
    samples = [across * down for _, across, down, _ in picture.layer]
    return 2 * sum(samples) / max(samples)


def _small(picture: Image.Image) -> Image.Image:
    """Return a picture no larger than what is kept, never holding more of it than needed."""
    part = min(1, KEPT_SIDE / max(picture.size))
    # A JPEG is read at a half, a quarter or an eighth of its size; for others this does nothing.
    picture.draft("RGB", (ceil(picture.width * part), ceil(picture.height * part)))
    picture.load()
    small = picture if picture.mode in _RESIZED_AS_THEY_ARE else picture.convert("RGB")
    small.thumbnail((KEPT_SIDE, KEPT_SIDE))
    return small
