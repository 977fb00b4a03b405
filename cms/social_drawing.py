"""Draw the picture that shared links show: the title in our own type, beside the page's photo."""

from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO
from typing import IO

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont, ImageOps

from cms.models.social_pictures import HEIGHT, WIDTH
from cms.picture_files import upright

# A new look needs a new number, so that every page is drawn again.
LOOK = 1
PAPER, INK, QUIET, CLAY = "#f9f6f1", "#1c2620", "#55605a", "#b06a3f"
PHOTO_WIDTH, MARGIN = 504, 72
_FONTS = settings.BASE_DIR / "static" / "fonts"
_TITLE = "newsreader-display-opsz48-wght300-600-latin1.woff2"
_TEXT = "hanken-grotesk-latin-wght-normal.woff2"


def draw(*, name: str, title: str, words: str, photo: IO[bytes] | None) -> bytes:
    """Return a JPEG of the size that every network takes.

    :param name: the shop's.
    :param photo: a picture file, or none for a page without one.
    """
    canvas = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    room = WIDTH - 2 * MARGIN
    if photo is not None:
        canvas.paste(_fitted(photo), (WIDTH - PHOTO_WIDTH, 0))
        room -= PHOTO_WIDTH
    _write(canvas, name=name, title=title, words=words, room=room)
    file = BytesIO()
    canvas.save(file, "JPEG", quality=86, optimize=True, progressive=True)
    return file.getvalue()


def _fitted(photo: IO[bytes]) -> Image.Image:
    with Image.open(photo) as opened:
        opened.draft("RGB", (PHOTO_WIDTH * 2, HEIGHT * 2))
        turned = upright(opened).convert("RGB")
        return ImageOps.fit(turned, (PHOTO_WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def _write(canvas: Image.Image, *, name: str, title: str, words: str, room: int) -> None:
    pen = ImageDraw.Draw(canvas)
    pen.text((MARGIN, MARGIN - 12), name, INK, _font(_TITLE, 40))
    size = 72 if len(title) <= 40 else 58
    lines = list(_lines(title, _font(_TITLE, size), room))[:4]
    below = list(_lines(words, _font(_TEXT, 30), room))[:3]
    height = round(len(lines) * size * 1.08) + (36 + len(below) * 42 if below else 0)
    top = max(MARGIN + 60, HEIGHT - MARGIN - height)
    pen.rectangle((MARGIN, top - 34, MARGIN + 56, top - 31), fill=CLAY)
    for line in lines:
        pen.text((MARGIN, top), line, INK, _font(_TITLE, size))
        top += round(size * 1.08)
    top += 26
    for line in below:
        pen.text((MARGIN, top), line, QUIET, _font(_TEXT, 30))
        top += 42


def _lines(text: str, font: ImageFont.FreeTypeFont, room: int) -> Iterator[str]:
    """Break a text into lines that fit; a word longer than a line is left to run out."""
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and font.getlength(longer) > room:
            yield line
            longer = word
        line = longer
    if line:
        yield line


@lru_cache(maxsize=8)
def _font(file: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(_FONTS / file), size)
