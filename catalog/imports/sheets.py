"""Read a CSV or XLSX file as rows of text, and refuse what is none or means harm."""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import IO, Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from catalog.imports import archives

MOST_BYTES = 20 * 1024 * 1024
MOST_ROWS = 50_000
# Spreadsheets often end in empty lines, and a workbook has room for 1,048,576.
MOST_LINES = 1_100_000
MOST_COLUMNS = 200
LONGEST_CELL = 20_000
# What a spreadsheet would take for a formula; see OWASP, “CSV Injection”.
FORMULA_START = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[+-]?[\d.,\s]+\Z")
_WORKBOOK_BYTES = 150 * 1024 * 1024


class FileRefused(ValueError):
    """The file as a whole cannot be read; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong with one cell, or with a whole row where there is no column."""

    row: int
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the sheet: texts by column, the empty ones left out.

    :ivar number: as the spreadsheet counts; the heading is 1.
    """

    number: int
    cells: dict[str, str]
    complaints: list[Complaint] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Sheet:
    columns: list[str]
    rows: Iterator[Row]


def read(file: IO[bytes], name: str) -> Sheet:
    """Open a file by what it is, not by what it is called.

    :raises FileRefused: if it is neither CSV nor XLSX, or too large, or unsafe to open.
    """
    file.seek(0, io.SEEK_END)
    if file.tell() > MOST_BYTES:
        raise FileRefused(f"The file is larger than {MOST_BYTES // 2**20} MB.")
    file.seek(0)
    start = file.read(8)
    file.seek(0)
    if not start.strip():
        raise FileRefused("The file is empty.")
    is_workbook = start.startswith(b"PK\x03\x04")
    if name.lower().endswith(".xlsx") and not is_workbook:
        raise FileRefused("This is no XLSX workbook, whatever its name says.")
    if start.startswith((b"\xd0\xcf\x11\xe0", b"%PDF", b"\x1f\x8b", b"\x89PNG", b"\xff\xd8\xff")):
        raise FileRefused("This is neither CSV nor XLSX. Save it as “Excel workbook (.xlsx)”.")
    lines = _workbook_lines(file) if is_workbook else _text_lines(file)
    return _sheet(lines)


def as_cell(text: str) -> str:
    """Write a text so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith((*FORMULA_START, "'")) else text


def _sheet(lines: Iterator[list[Any]]) -> Sheet:
    heading = next(lines, None)
    if heading is None:
        raise FileRefused("The file is empty.")
    if len(heading) > MOST_COLUMNS:
        raise FileRefused(f"The sheet has more than {MOST_COLUMNS} columns.")
    columns = [str(cell or "").strip().lower().replace(" ", "_") for cell in heading]
    while columns and not columns[-1]:
        columns.pop()
    if not columns:
        raise FileRefused("The first line must name the columns.")
    if "" in columns:
        raise FileRefused(f"Column {columns.index('') + 1} has no name in the first line.")
    twice = sorted({name for name in columns if columns.count(name) > 1})
    if twice:
        raise FileRefused(f"These columns stand there twice: {', '.join(twice)[:200]}.")
    return Sheet(columns, _rows(columns, lines))


def _rows(columns: list[str], lines: Iterable[list[Any]]) -> Iterator[Row]:
    for number, line in enumerate(lines, start=2):
        if number > MOST_LINES or (number > MOST_ROWS + 1 and any(line)):
            raise FileRefused(f"The sheet has more than {MOST_ROWS:,} rows: cut it in pieces.")
        row = Row(number, {})
        if any(cell not in (None, "") for cell in line[len(columns) :]):
            row.complaints.append(Complaint(number, "", "There is a value beyond the last column."))
        for column, value in zip(columns, line, strict=False):
            _take(row, column, value)
        if row.cells or row.complaints:
            yield row


def _take(row: Row, column: str, value: Any) -> None:
    try:
        text = _text(value)
    except ValueError as refusal:
        row.complaints.append(Complaint(row.number, column, str(refusal)))
        return
    if text:
        row.cells[column] = text


def _text(value: Any) -> str:
    """Turn a cell into text; a leading apostrophe keeps a text from being a formula."""
    if isinstance(value, _Formula):
        raise ValueError("This is a formula. Put its value there instead.")
    text = _written(value)
    if "\x00" in text:
        raise ValueError("There is a null character in it.")
    if len(text) > LONGEST_CELL:
        raise ValueError(f"It is longer than {LONGEST_CELL:,} characters.")
    if text.startswith(FORMULA_START) and not _NUMBER.match(text):
        raise ValueError("It begins like a formula. Put an apostrophe before it if it is a text.")
    is_marked = text.startswith("'") and text[1:].startswith((*FORMULA_START, "'"))
    return (text[1:] if is_marked else text).strip()


def _written(value: Any) -> str:
    """Write what a workbook's cell may hold the way a person would type it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(Decimal(repr(value)))
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ")
    return str(value)


class _Formula(str):
    """What a formula cell of a workbook holds."""


def _text_lines(file: IO[bytes]) -> Iterator[list[Any]]:
    content = file.read()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise FileRefused(
            f"Line {line} is not UTF-8. Save the file as “CSV UTF-8” or as XLSX."
        ) from error
    if "\x00" in text[:4096]:
        raise FileRefused("The file holds null characters: it is no text. Save it as CSV UTF-8.")
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    return _csv_lines(text, delimiter)


def _csv_lines(text: str, delimiter: str) -> Iterator[list[Any]]:
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        yield from lines
    except csv.Error as error:
        raise FileRefused(
            f"Line {lines.line_num} cannot be read: {error}. Check its quotation marks."
        ) from error


def _workbook_lines(file: IO[bytes]) -> Iterator[list[Any]]:
    """Yield the rows of the first sheet; what its archive hides was looked for before."""
    try:
        archives.check(file, most_bytes=_WORKBOOK_BYTES, most_files=1_000)
    except archives.ArchiveRefused as refusal:
        raise FileRefused(str(refusal)) from refusal
    broken = (
        BadZipFile, InvalidFileException, KeyError, ValueError, TypeError, AttributeError,
        ParseError, OSError, IndexError, EOFError,
    )  # fmt: skip
    try:
        book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        before: Any = None
        for cells in sheet.iter_rows(max_col=MOST_COLUMNS + 1, max_row=MOST_LINES):
            # For each row that is missing, the same tuple of empty cells comes again.
            yield [] if cells is before else _values(cells)
            before = cells
    except FileRefused:
        raise
    except broken as error:
        raise FileRefused("The workbook is damaged and cannot be opened.") from error


def _values(cells: Iterable[Any]) -> list[Any]:
    values = [_Formula(cell.value) if cell.data_type == "f" else cell.value for cell in cells]
    while values and values[-1] is None:
        values.pop()
    return values
