"""Files for spreadsheets hold what people typed, whatever it was."""

import csv
import io

import pytest
from openpyxl import load_workbook

from cms.sheet_files import CSV, XLSX, sheet_response


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("=1+1", "'=1+1"), ("Ada\x01 Lind\x0bqvist", "Ada Lindqvist"), ("\x02=1", "'=1"), (7, 7)],
)
def test_a_cell_computes_nothing_and_breaks_no_file(typed: object, kept: object) -> None:
    rows = csv.reader(io.StringIO(sheet_response("a", CSV, ["Name"], [[typed]]).content.decode()))
    book = load_workbook(io.BytesIO(sheet_response("a", XLSX, ["Name"], [[typed]]).content))

    assert list(rows) == [["Name"], [str(kept)]]
    assert list(book.active.values) == [("Name",), (kept,)]
