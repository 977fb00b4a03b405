"""Files of strangers: pictures are written anew, labels are PDFs, and nothing else is taken."""

import io
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
import pytest
from PIL import Image

from checkout.returns import files
from checkout.returns.files import FileRefused
from tests.cms.odd_pictures import ODD_NOTES, damaged, turned_notes, written


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 30), **options: Any) -> io.BytesIO:
    written = io.BytesIO()
    Image.new("RGB", size, "teal").save(written, kind, **options)
    return io.BytesIO(written.getvalue())


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_written_anew_as_a_small_jpeg(kind: str) -> None:
    (kept,) = files.photos([picture(kind, (3200, 1600))])

    assert (opened(kept).format, opened(kept).size) == ("JPEG", (1600, 800))


def test_what_a_camera_noted_stays_behind_and_the_picture_is_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # Turned by a quarter.
    exif[0x010F] = "Secret camera"

    (kept,) = files.photos([picture(exif=exif.tobytes(), comment=b"<script>")])

    assert opened(kept).size == (30, 40)
    assert not opened(kept).getexif()
    assert b"Secret" not in kept
    assert b"<script>" not in kept


@pytest.mark.parametrize("odd", ODD_NOTES)
def test_a_photo_with_odd_notes_is_kept(odd: str) -> None:
    (kept,) = files.photos([io.BytesIO(written(exif=turned_notes(ODD_NOTES[odd])))])

    assert opened(kept).size == (30, 40)


@pytest.mark.filterwarnings("ignore")
def test_a_damaged_photo_is_kept_or_refused_in_words() -> None:
    kept = refused = 0
    for content in damaged(400):
        try:
            files.photos([io.BytesIO(content)])
            kept += 1
        except FileRefused:
            refused += 1

    assert min(kept, refused) > 50


def test_code_behind_a_picture_does_not_survive() -> None:
    polyglot = io.BytesIO(picture().getvalue() + b"<?php evil(); ?>")

    (kept,) = files.photos([polyglot])

    assert b"evil" not in kept


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"%PDF-1.7 not a picture",
        picture().getvalue()[:200],
        picture("BMP").getvalue(),
        # A JPEG that says of its colours that there are none.
        re.sub(rb"(\xff\xc0.{8}).{9}", rb"\1" + bytes(9), picture().getvalue(), flags=re.DOTALL),
    ],
)
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(FileRefused):
        files.photos([io.BytesIO(content)])


def test_too_many_too_large_and_too_many_pixels_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(FileRefused, match="3 photos at most"):
        files.photos([picture() for _ in range(4)])
    monkeypatch.setattr(files, "MOST_PIXELS", 1199)
    with pytest.raises(FileRefused, match="pixels"):
        files.photos([picture()])
    monkeypatch.setattr(files, "MOST_PHOTO_BYTES", 100)
    with pytest.raises(FileRefused, match="10 MB"):
        files.photos([picture()])


_MAKE = """
from math import isqrt
from PIL import Image
from checkout.returns.files import MOST_MEMORY

def flat(mode, cost):
    side = isqrt(int(MOST_MEMORY / cost))
    return Image.new(mode, (side, side))

notes = Image.Exif()
notes[0x0112] = 6
flat("RGBA", 8).save("worst.png", exif=notes)
flat("RGB", 6).save("worst.jpg", progressive=True, subsampling=0, exif=notes)
flat("CMYK", 8).save("cmyk.jpg", progressive=True, subsampling=0, exif=notes)
flat("RGBA", 16).save("worst.webp", lossless=True, exif=notes)
"""
_MEASURE = """
import io, pathlib, re
from checkout.returns import files

def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", pathlib.Path("/proc/self/status").read_text())[1])

files.photos([open("small.jpg", "rb")])
before = peak()
for name in ("worst.png", "worst.jpg", "cmyk.jpg", "worst.webp"):
    files.photos([open(name, "rb")])
print((peak() - before) // 1000)
"""


def test_the_worst_pictures_that_are_taken_need_little_memory(tmp_path: Path) -> None:
    (tmp_path / "small.jpg").write_bytes(picture().getvalue())

    def told(script: str) -> str:
        command = [sys.executable, "-c", script]
        path = {"PYTHONPATH": str(settings.BASE_DIR)}
        return subprocess.run(
            command, cwd=tmp_path, env=path, check=True, capture_output=True, text=True
        ).stdout

    told(_MAKE)
    megabytes = int(told(_MEASURE))

    # The pixels of the PNG alone have more than 50.
    assert 50 < megabytes < 150


@pytest.mark.parametrize(
    ("kind", "side", "most"),
    [("PNG", 3709, 13), ("WEBP", 2623, 6), ("JPEG", 4282, 18)],
)
def test_what_would_need_more_is_refused_with_what_to_do(kind: str, side: int, most: int) -> None:
    huge = picture(kind, (side, side), **({"subsampling": 0} if kind == "JPEG" else {}))

    with pytest.raises(FileRefused, match=f"may have {most} million. Send a smaller copy"):
        files.photos([huge])


def test_a_photo_of_a_telephone_is_taken_at_its_full_size() -> None:
    (kept,) = files.photos([picture("JPEG", (5712, 4284))])

    assert opened(kept).size == (1600, 1200)


def test_a_long_strip_is_kept_whole() -> None:
    (kept,) = files.photos([picture("JPEG", (1599, 9000))])

    assert opened(kept).size == (284, 1600)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
def test_a_picture_of_any_colours_is_kept(mode: str) -> None:
    written = io.BytesIO()
    Image.new(mode, (1700, 90)).save(written, "JPEG" if mode == "CMYK" else "PNG")

    (kept,) = files.photos([io.BytesIO(written.getvalue())])

    assert (opened(kept).mode, opened(kept).size) == ("RGB", (1600, 85))


def test_a_moving_picture_is_refused() -> None:
    frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "blue")]
    written = io.BytesIO()
    frames[0].save(written, "WEBP", save_all=True, append_images=frames[1:])

    with pytest.raises(FileRefused, match="still"):
        files.photos([io.BytesIO(written.getvalue())])


def test_a_photo_with_further_pictures_of_its_moment_is_taken() -> None:
    more = [Image.new("RGB", (20, 15), "red")]

    (kept,) = files.photos([picture("MPO", save_all=True, append_images=more)])

    assert (opened(kept).format, opened(kept).size) == ("JPEG", (40, 30))


def test_a_label_is_a_pdf() -> None:
    content = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"

    assert files.label(io.BytesIO(content)) == content
    for bad in (b"<html>", content[:-7], picture().getvalue(), content + b" " * 2**21):
        with pytest.raises(FileRefused):
            files.label(io.BytesIO(bad))
