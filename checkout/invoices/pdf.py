"""A document on paper, drawn from its record alone: the same record gives the same bytes.

Names are written in the shop's own letters, and in others where those end: Latin with every mark,
Greek and Cyrillic. With the document for machines in it, it is a PDF/A-3 of Factur-X.
"""

import datetime as dt
from typing import Final

from django.conf import settings
from fpdf import FPDF
from fpdf.enums import TableBordersLayout, XPos, YPos
from fpdf.fonts import FontFace

from checkout import paper_fonts
from checkout.countries import country_name
from checkout.invoices import e_invoice, words
from checkout.invoices.content import Buyer, Content, Seller

_INK: Final = (28, 43, 36)
_MUTED: Final = (95, 104, 98)
_LINE: Final = (214, 208, 196)
_PINE: Final = (31, 77, 58)
# Of the width of the text: article, pieces, one of them without and with VAT, rate, amount.
_COLUMNS: Final = (70, 14, 22, 22, 20, 22)
_ALIGNED: Final = ("LEFT", "RIGHT", "RIGHT", "RIGHT", "RIGHT", "RIGHT")
_MIDDAY: Final = dt.time(12, tzinfo=dt.UTC)


def drawn(content: Content, buyer: Buyer | None, *, with_xml: bool = False) -> bytes:
    """Draw a document as a PDF.

    :param buyer: nothing once law no longer wants the name kept.
    :param with_xml: whether machines can read it, too.
    """
    pdf = _Sheet(content, is_archival=with_xml)
    if with_xml:
        _embed(pdf, content, e_invoice.written(content, buyer))
    pdf.begin(content)
    _draw(pdf, content, buyer)
    return bytes(pdf.output())


class Together:
    """Many documents in one file for the printer, each on pages of its own that begin at 1."""

    def __init__(self) -> None:
        self._pdf: _Sheet | None = None

    def add(self, content: Content, buyer: Buyer | None) -> None:
        """Draw one document more."""
        if self._pdf is None:
            self._pdf = _Sheet(content, is_archival=False)
            self._pdf.is_alone = False
        self._pdf.begin(content)
        _draw(self._pdf, content, buyer)

    def drawn(self) -> bytes:
        """Return the file; without documents, a sheet that says so."""
        if self._pdf is not None:
            return bytes(self._pdf.output())
        empty = FPDF(format="A4")
        paper_fonts.add_to(empty)
        empty.add_page()
        empty.set_font("body", size=11)
        empty.cell(text="These orders have no documents.")
        return bytes(empty.output())


def _draw(pdf: FPDF, content: Content, buyer: Buyer | None) -> None:
    _draw_parties(pdf, content, buyer)
    _draw_lines(pdf, content)
    _draw_sums(pdf, content)
    _draw_notes(pdf, content)


class _Sheet(FPDF):
    """A sheet of A4 in the shop's fonts; every page says which document it belongs to."""

    def __init__(self, content: Content, *, is_archival: bool) -> None:
        super().__init__(format="A4", enforce_compliance="PDF/A-3B" if is_archival else None)
        self.is_alone = True
        self.content, self.first_page = content, 1
        self.begun = (content, 1)
        paper_fonts.add_to(self)
        self.set_margins(20, 18)
        self.set_auto_page_break(auto=True, margin=30)
        self.set_title(words.title(content))
        self.set_author(content.seller.company)
        self.set_producer(settings.WAGTAIL_SITE_NAME)
        self.set_lang("en-GB")
        self.set_creation_date(_made_at(content))

    def begin(self, content: Content) -> None:
        """Begin a page for a document; the foot of the page before still belongs to its own."""
        self.begun = (content, self.page_no() + 1)
        self.add_page()

    def header(self) -> None:
        """Name the shop, and from the second page on the document."""
        self.content, self.first_page = self.begun
        self.set_font("head", size=17)
        self.set_text_color(*_PINE)
        self.cell(w=60, h=9, text=settings.WAGTAIL_SITE_NAME)
        if self.page_no() > self.first_page:
            self.set_font("body", size=9)
            self.set_text_color(*_MUTED)
            self.cell(w=0, h=9, text=words.title(self.content), align="R")
        self.set_text_color(*_INK)
        self.ln(14)

    def footer(self) -> None:
        """Say who issued it, as the law wants it, and number the page."""
        self.set_y(-24)
        self.set_draw_color(*_LINE)
        self.line(self.l_margin, self.get_y() - 2, self.w - self.r_margin, self.get_y() - 2)
        self.set_font("body", size=7.5)
        self.set_text_color(*_MUTED)
        top = self.get_y()
        self.multi_cell(w=140, h=3.8, text=_foot_of(self.content.seller), align="L")
        self.set_xy(-50, top)
        # In a file of many only the pages of all of them are counted.
        page, of = self.page_no() - self.first_page + 1, " of {nb}" if self.is_alone else ""
        self.cell(w=30, h=3.8, text=f"Page {page}{of}", align="R")
        self.set_text_color(*_INK)


def _made_at(content: Content) -> dt.datetime:
    """Return a time for the file that does not depend on when it is asked for."""
    return dt.datetime.combine(content.issued_on, _MIDDAY)


def _embed(pdf: FPDF, content: Content, xml: bytes) -> None:
    at = _made_at(content)
    pdf.set_xmp_metadata(e_invoice.metadata(content, producer=settings.WAGTAIL_SITE_NAME, at=at))
    pdf.embed_file(
        bytes=xml,
        basename=e_invoice.FILE_NAME,
        desc="The same document for machines, by EN 16931",
        mime_type="text/xml",
        creation_date=at,
        modification_date=at,
        associated_file_relationship="Alternative",
    )


def _foot_of(seller: Seller) -> str:
    place = f"{seller.postcode} {seller.city}"
    rows = (
        (seller.company, seller.line1, seller.line2, place, country_name(seller.country)),
        (f"VAT {seller.vat_id}", seller.register, seller.directors),
        (
            seller.phone,
            seller.email,
            f"IBAN {seller.iban}" if seller.iban else "",
            f"BIC {seller.bic}" if seller.bic else "",
        ),
    )
    return "\n".join(" · ".join(filter(None, row)) for row in rows)


def _draw_parties(pdf: FPDF, content: Content, buyer: Buyer | None) -> None:
    """Write the title, whom it is made out to on the left, and the facts on the right."""
    pdf.set_font("head", size=22)
    pdf.multi_cell(w=0, h=10, text=words.title(content), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    pdf.ln(4)
    top = pdf.get_y()
    for heading, rows in words.parties(buyer):
        pdf.set_font("body", size=9.5)
        pdf.set_text_color(*_MUTED)
        pdf.cell(w=80, h=5.2, text=heading, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        pdf.set_text_color(*_INK)
        for row in rows:
            # Names may hold letters of another font: each row begins with the body's again.
            pdf.set_font("body", size=9)
            pdf.set_font("body", size=9.5)
            pdf.multi_cell(w=80, h=5.2, text=row, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        pdf.ln(2)
    bottom = pdf.get_y()
    pdf.set_y(top)
    for name, said in words.facts(content):
        pdf.set_x(112)
        pdf.set_font("body", size=9)
        pdf.set_text_color(*_MUTED)
        pdf.cell(w=30, h=5.2, text=name)
        pdf.set_text_color(*_INK)
        pdf.multi_cell(w=48, h=5.2, text=said, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    pdf.set_y(max(bottom, pdf.get_y()) + 5)


def _draw_lines(pdf: FPDF, content: Content) -> None:
    pdf.set_font("body", size=9)
    pdf.set_draw_color(*_LINE)
    with pdf.table(
        col_widths=_COLUMNS,
        text_align=_ALIGNED,
        borders_layout=TableBordersLayout.HORIZONTAL_LINES,
        headings_style=FontFace(emphasis="BOLD"),
        line_height=4.8,
        padding=(1.4, 1),
    ) as table:
        for cells in (words.HEADINGS, *words.rows(content)):
            row = table.row()
            for said in cells:
                row.cell(said)
    pdf.ln(4)


def _draw_sums(pdf: FPDF, content: Content) -> None:
    """Write the VAT table and the total, and keep them on one page."""
    rows = words.sums(content)
    if pdf.will_page_break(6 * (len(rows) + 3)):
        pdf.add_page()
    pdf.set_font("body", size=9)
    with pdf.table(
        col_widths=(24, 28, 28, 32),
        width=112,
        align="RIGHT",
        text_align="RIGHT",
        borders_layout=TableBordersLayout.HORIZONTAL_LINES,
        headings_style=FontFace(emphasis="BOLD"),
        line_height=4.8,
        padding=(1.2, 1),
    ) as table:
        for number, cells in enumerate((words.SUM_HEADINGS, *rows)):
            is_total = number == len(rows)
            row = table.row(style=FontFace(emphasis="BOLD") if is_total else None)
            for said in cells:
                row.cell(said)
    pdf.ln(5)


def _draw_notes(pdf: FPDF, content: Content) -> None:
    pdf.set_font("body", size=9.5)
    for said in words.notes(content):
        pdf.multi_cell(w=0, h=5, text=said, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        pdf.ln(1)
