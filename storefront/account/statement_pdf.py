"""The statement of a pass on paper: what it says in words, with the signed file attached."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.utils import timezone
from fpdf import FPDF
from fpdf.enums import TableBordersLayout, XPos, YPos
from fpdf.fonts import FontFace

from storefront.account.pass_words import EntryLine, entry_lines
from treatments import statement
from treatments.models import SessionPass

_FONTS: Final = settings.BASE_DIR / "static" / "fonts"
_BODY: Final = _FONTS / "hanken-grotesk-latin-wght-normal.woff2"
_HEAD: Final = _FONTS / "newsreader-display-opsz48-wght300-600-latin1.woff2"
_INK: Final = (28, 43, 36)
_MUTED: Final = (95, 104, 98)
# Of the width of the text: when, what, change, left.
_COLUMNS: Final = (31, 103, 16, 20)
_HEADINGS: Final = ("When", "What happened", "", "Left")


@dataclass(frozen=True, slots=True)
class Paper:
    """Everything that the paper says, in the order in which it stands there."""

    title: str
    facts: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, str, str, str], ...]
    check: tuple[str, ...]
    attached_name: str
    attached: bytes


def paper_of(row: SessionPass, *, at: dt.datetime) -> Paper:
    """Put into words what a pass says at a moment, beside the file that proves it.

    :raises NotAKey: if a configured key is none.
    """
    said = statement.signed_statement(row, at=at)
    name = f"statement-{str(row.public_id)[:8]}.json"
    return Paper(
        title=f"Statement of a pass: {said['treatment']}",
        facts=_facts(said, at=at),
        rows=tuple(_rows(entry_lines(row))),
        check=_check(said, name),
        attached_name=name,
        attached=json.dumps(said, indent=2).encode(),
    )


def drawn(paper: Paper, *, at: dt.datetime) -> bytes:
    """Draw it as a PDF; the same paper of the same moment gives the same bytes."""
    pdf = _Sheet(paper.title)
    pdf.set_creation_date(at)
    pdf.add_page()
    _draw_head(pdf, paper)
    _draw_entries(pdf, paper)
    _draw_check(pdf, paper)
    pdf.embed_file(
        bytes=paper.attached,
        basename=paper.attached_name,
        desc="The signed statement",
        mime_type="application/json",
        creation_date=at,
        modification_date=at,
    )
    return bytes(pdf.output())


class _Sheet(FPDF):
    """A sheet of A4 in the shop's fonts, with page numbers."""

    def __init__(self, title: str) -> None:
        super().__init__(format="A4")
        self.add_font("body", fname=_BODY)
        self.add_font("body", style="B", fname=_BODY, variations={"wght": 600.0})
        self.add_font("head", fname=_HEAD)
        self.set_margins(20, 20)
        self.set_auto_page_break(auto=True, margin=22)
        self.set_title(title)
        self.set_producer(settings.WAGTAIL_SITE_NAME)
        self.set_lang("en-GB")
        self.set_text_color(*_INK)

    def footer(self) -> None:
        """Number the page."""
        self.set_y(-15)
        self.set_font("body", size=8)
        self.set_text_color(*_MUTED)
        self.cell(w=0, text=f"Page {self.page_no()} of {{nb}}", align="R")
        self.set_text_color(*_INK)


def _facts(said: Mapping[str, Any], *, at: dt.datetime) -> tuple[tuple[str, str], ...]:
    held = f", of which {said['held']} set aside" if said["held"] else ""
    last = dt.date.fromisoformat(said["last_day"]) if said["last_day"] else None
    facts = (
        ("Made by", str(said["shop"])),
        ("Made on", f"{timezone.localtime(at):%-d %B %Y, %H:%M}"),
        ("Pass", str(said["pass"])),
        ("Sold as", str(said["sold_as"])),
        ("Sessions left", f"{said['left']}{held}"),
        ("Last day", f"{last:%-d %B %Y}" if last else "counts from the first session"),
    )
    return tuple((name, words) for name, words in facts if words)


def _rows(lines: Sequence[EntryLine]) -> list[tuple[str, str, str, str]]:
    """Return every entry, the oldest first."""
    return [
        (
            f"{timezone.localtime(line.happened_at):%-d %b %Y, %H:%M}",
            f"{line.title}: {line.reason}",
            line.change,
            str(line.left),
        )
        for line in reversed(lines)
    ]


def _check(said: Mapping[str, Any], name: str) -> tuple[str, ...]:
    keys = f"{settings.SITE_URL}/.well-known/galea-statement-keys.json"
    proof = (
        f"This PDF carries the file {name}, which holds every entry with its hash and a signature"
        f" of the shop (Ed25519, key {said['key']}). The paper is for reading; the file is the"
        " proof."
    )
    how = (
        f"Save the attached file and the shop's published keys, {keys}, best today. Then, without"
        " a network and without the shop:"
    )
    command = f"python -m tools.verify_statement {name} galea-statement-keys.json"
    return proof, how, command, f"Hash of the last entry: {said['entries'][-1]['hash']}"


def _draw_head(pdf: FPDF, paper: Paper) -> None:
    pdf.set_font("head", size=22)
    pdf.multi_cell(w=0, h=10, text=paper.title, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    pdf.ln(3)
    for name, words in paper.facts:
        pdf.set_font("body", size=10)
        pdf.set_text_color(*_MUTED)
        pdf.cell(w=32, h=6, text=name)
        pdf.set_text_color(*_INK)
        pdf.multi_cell(w=0, h=6, text=words, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    pdf.ln(5)


def _draw_entries(pdf: FPDF, paper: Paper) -> None:
    pdf.set_font("body", size=9)
    pdf.set_draw_color(*_MUTED)
    with pdf.table(
        col_widths=_COLUMNS,
        text_align=("LEFT", "LEFT", "RIGHT", "RIGHT"),
        borders_layout=TableBordersLayout.HORIZONTAL_LINES,
        headings_style=FontFace(emphasis="BOLD"),
        line_height=5.5,
        padding=1,
    ) as table:
        for cells in (_HEADINGS, *paper.rows):
            row = table.row()
            for words in cells:
                row.cell(words)
    pdf.ln(6)


def _draw_check(pdf: FPDF, paper: Paper) -> None:
    pdf.set_font("head", size=14)
    pdf.cell(w=0, h=8, text="How to check it", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    pdf.set_font("body", size=9)
    for words in paper.check:
        pdf.multi_cell(w=0, h=5, text=words, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        pdf.ln(1.5)
