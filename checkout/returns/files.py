"""Files of strangers: pictures are decoded and written anew, a label is a PDF and nothing else."""

import io
from collections.abc import Iterable
from typing import IO, Final

from PIL import Image

from cms.picture_files import BROKEN, upright

MOST_PHOTOS: Final = 3
MOST_PHOTO_BYTES: Final = 10 * 1024 * 1024
MOST_PIXELS: Final = 40_000_000
# The longer side of what is kept: enough to see a crack, small enough to keep.
KEPT_SIDE: Final = 1600
MOST_LABEL_BYTES: Final = 2 * 1024 * 1024
MOST_PAPER_BYTES: Final = 10 * 1024 * 1024
_FORMATS: Final = ("JPEG", "PNG", "WEBP")


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
            if picture.width * picture.height > MOST_PIXELS:
                raise FileRefused("A photo has 40 million pixels at most.")
            if getattr(picture, "n_frames", 1) > 1:
                raise FileRefused("Send still pictures.")
            kept = upright(picture).convert("RGB")
            kept.thumbnail((KEPT_SIDE, KEPT_SIDE))
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
