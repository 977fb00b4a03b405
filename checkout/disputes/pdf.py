"""The evidence about a dispute on paper: one file to hand to the bank."""

import datetime as dt
from typing import Final

from django.conf import settings
from fpdf import FPDF
from fpdf.enums import TableBordersLayout, XPos, YPos

from checkout.disputes.evidence import Evidence, Section

_FONTS: Final = settings.BASE_DIR / "static" / "fonts"
_BODY: Final = "hanken-grotesk-latin-wght-normal.woff2"
# For letters that the body does not have; names may hold them.
_FURTHER: Final = {
    "latin-ext": "hanken-grotesk-latin-ext-wght-normal.woff2",
    "greek": "noto-sans-greek-400-normal.woff2",
    "cyrillic": "noto-sans-cyrillic-400-normal.woff2",
}
_HEAD: Final = "newsreader-display-opsz48-wght300-600-latin1.woff2"
_INK: Final = (28, 43, 36)
_MUTED: Final = (95, 104, 98)
_LINE: Final = (214, 208, 196)
# Of the width of the text: what it is, and what is known of it.
_COLUMNS: Final = (48, 122)


def drawn(evidence: Evidence, *, at: dt.datetime) -> bytes:
    """Draw the evidence as a PDF.

    :param at: the moment that it is as of; it stands on every page.
    """
    pdf = _Sheet(evidence.title, at)
    pdf.add_page()
    pdf.set_font("head", size=20)
    pdf.multi_cell(w=0, h=9, text=evidence.title, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    for section in evidence.sections:
        _draw(pdf, section)
    return bytes(pdf.output())


class _Sheet(FPDF):
    """A sheet of A4 in the shop's fonts; every page says what it is about."""

    def __init__(self, title: str, at: dt.datetime) -> None:
        super().__init__(format="A4")
        self.foot = f"{settings.WAGTAIL_SITE_NAME} · {title} · as of {at:%-d %B %Y, %H:%M} UTC"
        self.add_font("body", fname=_FONTS / _BODY)
        self.add_font("body", style="B", fname=_FONTS / _BODY, variations={"wght": 600.0})
        self.add_font("head", fname=_FONTS / _HEAD)
        for family, name in _FURTHER.items():
            self.add_font(family, fname=_FONTS / name)
        self.set_fallback_fonts(list(_FURTHER), exact_match=False)
        self.set_margins(20, 18)
        self.set_auto_page_break(auto=True, margin=22)
        self.set_title(title)
        self.set_producer(settings.WAGTAIL_SITE_NAME)
        self.set_lang("en-GB")
        self.set_creation_date(at)
        self.set_text_color(*_INK)

    def footer(self) -> None:
        """Say what the page belongs to, and number it."""
        self.set_y(-14)
        self.set_font("body", size=7.5)
        self.set_text_color(*_MUTED)
        self.cell(w=140, h=4, text=self.foot)
        self.cell(w=0, h=4, text=f"Page {self.page_no()} of {{nb}}", align="R")
        self.set_text_color(*_INK)


def _draw(pdf: FPDF, section: Section) -> None:
    pdf.ln(5)
    if pdf.will_page_break(24):
        pdf.add_page()
    pdf.set_font("head", size=13)
    pdf.cell(w=0, h=8, text=section.title, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    pdf.set_font("body", size=8.5)
    pdf.set_draw_color(*_LINE)
    with pdf.table(
        col_widths=_COLUMNS,
        text_align=("LEFT", "LEFT"),
        borders_layout=TableBordersLayout.HORIZONTAL_LINES,
        first_row_as_headings=False,
        line_height=4.4,
        padding=(1, 1),
    ) as table:
        for cells in section.rows:
            row = table.row()
            for said in cells:
                row.cell(said)
