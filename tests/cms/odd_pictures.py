"""Picture files as cameras and strangers make them: notes of odd types, and damage by lot."""

import io
import random
import struct
from collections.abc import Iterator
from typing import Any

from PIL import Image

# Each note's number, type and value; Pillow reads these and fails to write them.
ODD_NOTES = {
    "resolution as text": (0x011A, 2, b"72\0\0"),
    "width as text": (0x0100, 2, b"40\0\0"),
}
_ORIENTATION = (0x0112, 3, b"\x06\0\0\0")


def turned_notes(*notes: tuple[int, int, bytes]) -> bytes:
    """Return EXIF that says that a picture lies on its side, with some notes beside."""
    entries = sorted([_ORIENTATION, *notes])
    rows = [
        struct.pack("<HHL4s", tag, kind, 4 if kind == 2 else 1, value)
        for tag, kind, value in entries
    ]
    return b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", len(rows)) + b"".join(rows) + bytes(4)


def written(kind: str = "JPEG", *, mode: str = "RGB", **options: Any) -> bytes:
    """Return a picture file, 40 pixels across and 30 down."""
    file = io.BytesIO()
    Image.new(mode, (40, 30)).save(file, kind, **options)
    return file.getvalue()


def damaged(count: int) -> Iterator[bytes]:
    """Yield picture files of which some bytes are others, the same ones each time."""
    lot = random.Random(31)
    notes = turned_notes(*ODD_NOTES.values())
    whole = [written(kind, exif=notes) for kind in ("JPEG", "PNG", "WEBP")]
    whole += [written("JPEG", mode="CMYK", exif=notes), written("JPEG", progressive=True)]
    for number in range(count):
        content = bytearray(whole[number % len(whole)])
        for _ in range(lot.choice([1, 2, 8])):
            content[lot.randrange(min(len(content), 300))] = lot.choice([0, 2, 5, 12, 128, 255])
        yield bytes(content)
