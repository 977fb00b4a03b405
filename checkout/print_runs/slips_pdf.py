"""Packing slips of many orders as one PDF, a page or more for each."""

from collections.abc import Iterator, Sequence
from typing import Final

from django.conf import settings
from django.utils import dateformat, timezone
from fpdf import FPDF
from fpdf.enums import TableBordersLayout, XPos, YPos
from fpdf.fonts import FontFace

from checkout import paper_fonts
from checkout.models import DeliveryMethod, Order
from checkout.papers import Slip
from cms.downloads.kinds import Piece

_INK: Final = (28, 43, 36)
_MUTED: Final = (95, 104, 98)
_LINE: Final = (214, 208, 196)
_PINE: Final = (31, 77, 58)
_COLUMNS: Final = (14, 34, 122)
# So many pages are drawn between two looks at how far it is.
_STEP: Final = 5


def drawn(slips: Sequence[Slip]) -> Iterator[Piece]:
    """Draw the slips; the last piece is the file."""
    pdf = _Sheet()
    for number, slip in enumerate(slips, start=1):
        pdf.begin(slip.order)
        _draw(pdf, slip)
        if number % _STEP == 0:
            yield Piece(b"", number, len(slips))
    if not slips:
        pdf.add_page()
        pdf.set_font("body", size=11)
        pdf.cell(text="None of these orders has anything to send.")
    yield Piece(bytes(pdf.output()), len(slips), len(slips))


class _Sheet(FPDF):
    """A4 in the shop's letters; every page says which order it belongs to."""

    def __init__(self) -> None:
        super().__init__(format="A4")
        self.number = ""
        paper_fonts.add_to(self)
        self.set_margins(20, 18)
        self.set_auto_page_break(auto=True, margin=20)
        self.set_title("Packing slips")
        self.set_lang("en-GB")

    def begin(self, order: Order) -> None:
        """Begin a page for another order."""
        self.number = order.number
        self.add_page()

    def header(self) -> None:
        """Name the shop and the order."""
        self.set_font("head", size=17)
        self.set_text_color(*_PINE)
        self.cell(w=90, h=9, text=settings.WAGTAIL_SITE_NAME)
        self.set_text_color(*_MUTED)
        self.set_font("body", size=10)
        self.cell(w=0, h=9, text=self.number, align="R")
        self.set_text_color(*_INK)
        self.ln(14)


def _draw(pdf: FPDF, slip: Slip) -> None:
    order = slip.order
    pdf.set_font("head", size=20)
    _line(pdf, f"Packing slip {order.number}", height=10)
    pdf.ln(2)
    for row in _address(slip):
        # Names may hold letters of another font: each row begins with the body's again.
        pdf.set_font("body", size=10)
        pdf.set_font("body", size=11)
        _line(pdf, row)
    pdf.ln(2)
    pdf.set_font("body", size=9.5)
    pdf.set_text_color(*_MUTED)
    placed = dateformat.format(timezone.localtime(order.placed_at), "j F Y")
    said = [f"Ordered on {placed}", order.delivery_method_name]
    _line(pdf, ", ".join(filter(None, said)))
    if slip.is_rest:
        _line(pdf, "The rest of the order; the other pieces left before.")
    pdf.set_text_color(*_INK)
    if order.gift_note:
        pdf.set_font("body", style="B", size=9.5)
        _line(pdf, "A present: put the gift note in, and nothing with a price.")
    pdf.ln(3)
    _draw_rows(pdf, slip)


def _address(slip: Slip) -> list[str]:
    order = slip.order
    if order.delivery_method_kind == DeliveryMethod.Kind.PICKUP:
        return [order.name, "Collects at the clinic"]
    place = f"{order.delivery_postcode} {order.delivery_city}".strip()
    rows = [
        order.delivery_name or order.name,
        order.delivery_line1,
        order.delivery_line2,
        place,
        slip.country,
    ]
    return [row for row in rows if row]


def _draw_rows(pdf: FPDF, slip: Slip) -> None:
    pdf.set_font("body", size=10)
    pdf.set_draw_color(*_LINE)
    with pdf.table(
        col_widths=_COLUMNS,
        text_align=("RIGHT", "LEFT", "LEFT"),
        borders_layout=TableBordersLayout.HORIZONTAL_LINES,
        headings_style=FontFace(emphasis="BOLD"),
        line_height=6,
        padding=(1.4, 1),
    ) as table:
        rows = [(str(pieces), item.sku, item.name) for pieces, item in slip.rows]
        for cells in (("Pieces", "SKU", "Article"), *rows):
            row = table.row()
            for said in cells:
                row.cell(said)


def _line(pdf: FPDF, said: str, *, height: float = 5.6) -> None:
    pdf.multi_cell(w=0, h=height, text=said, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
