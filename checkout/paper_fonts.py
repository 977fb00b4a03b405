"""The shop's own letters on paper, and others where those end: Latin, Greek and Cyrillic."""

import atexit
import secrets
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Final

from django.conf import settings
from fpdf import FPDF

_FONTS: Final = settings.BASE_DIR / "static" / "fonts"
_BODY: Final = "hanken-grotesk-latin-wght-normal.woff2"
_BOLD_WEIGHT: Final = 600.0
# For letters that the body does not have; nothing but names holds them, and no name is bold.
_FURTHER: Final = {
    "latin-ext": "hanken-grotesk-latin-ext-wght-normal.woff2",
    "greek": "noto-sans-greek-400-normal.woff2",
    "cyrillic": "noto-sans-cyrillic-400-normal.woff2",
}
_HEAD: Final = "newsreader-display-opsz48-wght300-600-latin1.woff2"


def add_to(pdf: FPDF) -> None:
    """Let a sheet be written in `body`, `body` bold and `head`."""
    pdf.add_font("body", fname=_FONTS / _BODY)
    pdf.add_font("body", style="B", fname=_bold())
    pdf.add_font("head", fname=_FONTS / _HEAD)
    for family, name in _FURTHER.items():
        pdf.add_font(family, fname=_FONTS / name)
    pdf.set_fallback_fonts(list(_FURTHER), exact_match=False)


def _bold() -> Path:
    """Cut the bold letters once a process: that takes longer than all else of a document."""
    path = _folder() / "body-bold.ttf"
    if not path.exists():  # Machines sweep what is temporary, from under us, too.
        path.parent.mkdir(mode=0o700, exist_ok=True)
        cutter = FPDF()
        cutter.add_font("bold", fname=_FONTS / _BODY, variations={"wght": _BOLD_WEIGHT})
        whole = path.with_suffix(f".{secrets.token_hex(4)}")
        cutter.fonts["bold"].ttfont.save(whole)  # type: ignore[union-attr]
        whole.rename(path)
    return path


@cache
def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="galea-fonts-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
