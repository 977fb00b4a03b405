"""Gift notes as one PDF: a card of A6 for each order that has one, without a price or a name."""

from collections.abc import Iterable
from typing import Final, cast

from django.conf import settings
from fpdf import FPDF
from fpdf.enums import Align, MethodReturnValue, XPos, YPos

from checkout import paper_fonts
from checkout.models import Order

_INK: Final = (28, 43, 36)
_MUTED: Final = (95, 104, 98)
_PINE: Final = (31, 77, 58)
# Letters in points and lines in millimetres: the largest with which the words fit.
_SIZES: Final = ((13, 7.0), (11, 6.0), (9, 5.0), (7.5, 4.0))
# Where the words stand, from the top of the card and how far down, in millimetres.
_TOP: Final = 30
_ROOM: Final = 100


def drawn(orders: Iterable[Order]) -> bytes:
    """Draw a card for each; the order's number stands small at the foot, for whoever packs."""
    pdf = FPDF(format=(105, 148))
    paper_fonts.add_to(pdf)
    pdf.set_margins(14, 16)
    pdf.set_auto_page_break(auto=False)
    pdf.set_title("Gift notes")
    pdf.set_lang("en-GB")
    for order in orders:
        _card(pdf, order)
    if not pdf.pages:
        pdf.add_page()
        pdf.set_font("body", size=11)
        pdf.multi_cell(w=0, h=6, text="None of these orders has a gift note.")
    return bytes(pdf.output())


def _card(pdf: FPDF, order: Order) -> None:
    pdf.add_page()
    pdf.set_font("head", size=16)
    pdf.set_text_color(*_PINE)
    pdf.cell(w=0, h=9, text=settings.WAGTAIL_SITE_NAME, align=Align.C)
    pdf.set_text_color(*_INK)
    size, height = _largest(pdf, order.gift_note)
    pdf.set_y(_TOP + (_ROOM - _lines(pdf, order.gift_note, size, height) * height) / 2)
    for line in order.gift_note.split("\n"):
        _write(pdf, line, size, height)
    pdf.set_y(-14)
    pdf.set_font("body", size=8)
    pdf.set_text_color(*_MUTED)
    pdf.cell(w=0, h=5, text=order.number, align=Align.C)


def _largest(pdf: FPDF, words: str) -> tuple[float, float]:
    fitting = (each for each in _SIZES if _lines(pdf, words, *each) * each[1] <= _ROOM)
    return next(fitting, _SIZES[-1])


def _lines(pdf: FPDF, words: str, size: float, height: float) -> int:
    return sum(len(_write(pdf, line, size, height, is_try=True)) for line in words.split("\n"))


def _write(pdf: FPDF, line: str, size: float, height: float, *, is_try: bool = False) -> list[str]:
    """Write what the buyer wrote on one line, and return how it falls on the card's."""
    # Words may hold letters of another font: each line begins with the body's again.
    pdf.set_font("body", size=8)
    pdf.set_font("body", size=size)
    pdf.set_x(pdf.l_margin)
    written = pdf.multi_cell(
        w=0, h=height, text=line or " ", align=Align.C, new_x=XPos.LMARGIN, new_y=YPos.NEXT,
        dry_run=is_try, output=MethodReturnValue.LINES,
    )  # fmt: skip
    return cast(list[str], written)
