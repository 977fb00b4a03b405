"""Pictures are turned upright, whatever else a camera noted in them."""

import io

import pytest
from PIL import Image, ImageOps

from cms.picture_files import upright
from cms.social_drawing import draw
from tests.cms.odd_pictures import ODD_NOTES, turned_notes, written


def _halves() -> Image.Image:
    picture = Image.new("RGB", (4, 2), "white")
    picture.putpixel((3, 0), (255, 0, 0))
    return picture


@pytest.mark.parametrize("orientation", range(10))
def test_a_picture_is_turned_as_pillow_would_turn_it(orientation: int) -> None:
    file, notes = io.BytesIO(), Image.Exif()
    notes[0x0112] = orientation
    _halves().save(file, "PNG", exif=notes)

    turned = upright(Image.open(file))

    expected = ImageOps.exif_transpose(Image.open(file))
    assert (turned.size, turned.tobytes()) == (expected.size, expected.tobytes())


@pytest.mark.parametrize("odd", ODD_NOTES)
def test_notes_of_an_odd_type_are_no_hindrance(odd: str) -> None:
    content = written(exif=turned_notes(ODD_NOTES[odd]))

    assert upright(Image.open(io.BytesIO(content))).size == (30, 40)
    assert draw(name="Galea", title="Wash", words="", photo=io.BytesIO(content))


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
@pytest.mark.parametrize("notes", [b"Exif\0\0nonsense", b"Exif\0\0II*\0\x08", turned_notes()[:20]])
def test_a_picture_with_damaged_notes_stays_as_it_is(notes: bytes) -> None:
    assert upright(Image.open(io.BytesIO(written(exif=notes)))).size == (40, 30)


def test_a_damaged_picture_is_not_taken_for_one_with_damaged_notes() -> None:
    with (
        Image.open(io.BytesIO(written("PNG")[:50])) as picture,
        pytest.raises(OSError, match="truncated"),
    ):
        upright(picture)
