"""Gift notes as one PDF: a card of A6 for each order that has one, without a price or a name."""

from collections.abc import Iterable
from typing import Final

from django.conf import settings
from fpdf import FPDF
from fpdf.enums import Align, XPos, YPos

from checkout import paper_fonts
from checkout.models import Order

_INK: Final = (28, 43, 36)
_MUTED: Final = (95, 104, 98)
_PINE: Final = (31, 77, 58)
# Centimetres of a card are few: long words are written smaller.
_SHORT: Final = 140


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
    is_short = len(order.gift_note) <= _SHORT
    size, height = (13, 7) if is_short else (11, 6)
    pdf.set_y(42 if is_short else 32)
    for line in order.gift_note.split("\n"):
        # Words may hold letters of another font: each line begins with the body's again.
        pdf.set_font("body", size=8)
        pdf.set_font("body", size=size)
        pdf.multi_cell(
            w=0, h=height, text=line or " ", align=Align.C, new_x=XPos.LMARGIN, new_y=YPos.NEXT
        )
    pdf.set_y(-14)
    pdf.set_font("body", size=8)
    pdf.set_text_color(*_MUTED)
    pdf.cell(w=0, h=5, text=order.number, align=Align.C)
