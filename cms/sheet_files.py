"""Tables as files for spreadsheets, whose cells no spreadsheet takes for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse
from openpyxl import Workbook

from cms.inert_export import inert

CSV, XLSX = "csv", "xlsx"
_TYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def sheet_response(
    name: str, kind: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]
) -> HttpResponse:
    """Answer with a file to be kept: `name` without its ending, of the kind `CSV` or `XLSX`."""
    lines = [[inert(cell) for cell in row] for row in (headings, *rows)]
    content = _as_csv(lines) if kind == CSV else _as_xlsx(lines)
    response = HttpResponse(content, content_type=_TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


def _as_csv(lines: Iterable[Sequence[Any]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(lines)
    return out.getvalue().encode()


def _as_xlsx(lines: Iterable[Sequence[Any]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for line in lines:
        sheet.append(list(line))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
