"""Files that mean harm, or are simply wrong, are refused in words that help."""

import io
import time
import zipfile
from collections.abc import Callable

import pytest
from openpyxl import Workbook

from catalog.imports import archives, sheets
from catalog.imports.sheets import Complaint, FileRefused


def read(content: bytes, name: str = "a.csv") -> list[dict[str, str]]:
    return [row.cells for row in sheets.read(io.BytesIO(content), name).rows]


def complaints(content: bytes, name: str = "a.csv") -> list[Complaint]:
    rows = sheets.read(io.BytesIO(content), name).rows
    return [complaint for row in rows for complaint in row.complaints]


def workbook(*lines: list[object]) -> bytes:
    book = Workbook()
    for line in lines:
        book.active.append(line)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def repacked(content: bytes, change: Callable[[str, bytes], bytes], **more: bytes) -> bytes:
    """Return a workbook with its parts changed or with others beside them."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w") as new:
        for member in old.infolist():
            new.writestr(member.filename, change(member.filename, old.read(member)))
        for name, part in more.items():
            new.writestr(name, part)
    return file.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_with_whatever_separates_it(delimiter: str) -> None:
    text = (
        delimiter.join(["SKU", "Price", "sold in"]) + "\r\n" + delimiter.join(["A", "1.50", "EU"])
    )

    assert read(b"\xef\xbb\xbf" + text.encode()) == [{"sku": "A", "price": "1.50", "sold_in": "EU"}]


def test_workbook_cells_are_read_as_a_person_would_type_them() -> None:
    content = workbook(["sku", "price", "barcode", "reduction"], ["A", 24.1, 4006381333931, True])

    assert read(content, "a.xlsx") == [
        {"sku": "A", "price": "24.1", "barcode": "4006381333931", "reduction": "yes"}
    ]


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "a.csv", "empty"),
        (b"sku,price\nA,\xe9\n", "a.csv", "Line 2 is not UTF-8"),
        ("sku,price\nA,1\n".encode("utf-16"), "a.csv", "not UTF-8"),
        (b"sku\x00,price\n", "a.csv", "null characters"),
        (b"sku,price\n", "a.xlsx", "no XLSX workbook"),
        (b"PK\x03\x04rubbish", "a.xlsx", "damaged"),
        (b"\xd0\xcf\x11\xe0 old Excel", "a.csv", "neither CSV nor XLSX"),
        (b"%PDF-1.7", "a.csv", "neither CSV nor XLSX"),
        (b"sku,sku\nA,B\n", "a.csv", "twice: sku"),
        (b"sku,,price\nA,B,C\n", "a.csv", "Column 2 has no name"),
        (b",,\n", "a.csv", "must name the columns"),
        (b"a," * 1_000_000 + b"\n", "a.csv", "more than 200 columns"),
        (b'sku,title\nA,"open\n' + b"x" * 200_000, "a.csv", "cannot be read"),
        (b"x" * (sheets.MOST_BYTES + 1), "a.csv", "larger than 20 MB"),
        (b"sku\n" + b"A\n" * (sheets.MOST_ROWS + 1), "a.csv", "more than 50,000 rows"),
    ],
    ids=lambda value: value if isinstance(value, str) and " " in value else None,
)
def test_a_file_that_cannot_be_a_sheet_is_refused(content: bytes, name: str, said: str) -> None:
    began = time.monotonic()

    with pytest.raises(FileRefused, match=said):
        read(content, name)

    assert time.monotonic() - began < 20


@pytest.mark.parametrize(
    "cell", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", '=HYPERLINK("http://evil.example")']
)
def test_a_cell_that_would_be_a_formula_is_named(cell: str) -> None:
    content = f'sku,title\nA,"{cell.replace(chr(34), chr(34) * 2)}"\n'.encode()

    [complaint] = complaints(content)

    assert (complaint.row, complaint.column) == (2, "title")
    assert "formula" in complaint.message


def test_a_formula_in_a_workbook_is_named() -> None:
    [complaint] = complaints(workbook(["sku", "price"], ["A", "=1+1"]), "a.xlsx")

    assert complaint == Complaint(2, "price", "This is a formula. Put its value there instead.")


@pytest.mark.parametrize("text", ["=1+1", "+1 (555)", "-free", "@home", "'tis", "\ttab"])
def test_a_text_written_to_be_inert_is_read_as_it_was(text: str) -> None:
    cell = sheets.as_cell(text)

    assert not cell.startswith(sheets.FORMULA_START)
    assert read(f"sku,title\nA,{cell}\n".encode())[0]["title"] == text.strip()


def test_null_characters_and_endless_cells_are_named() -> None:
    filler = "x" * 5000
    content = f"sku,title,intro\n{filler},a\x00b,{'y' * 20_001}\n".encode()

    assert [(each.row, each.column) for each in complaints(content)] == [(2, "title"), (2, "intro")]


def test_a_value_beyond_the_columns_is_named() -> None:
    [complaint] = complaints(b"sku,price\nA,1,lost\n")

    assert "beyond the last column" in complaint.message


def test_a_workbook_that_unpacks_to_a_gigabyte_is_refused_unopened() -> None:
    content = repacked(
        workbook(["sku"], ["A"]), lambda name, part: part, **{"xl/media/zero.bin": b""}
    )
    file = io.BytesIO(content)
    with (
        zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/bomb.bin", "w", force_zip64=True) as bomb,
    ):
        for _ in range(1024):
            bomb.write(b"\0" * (1 << 20))

    with pytest.raises(FileRefused, match=r"unpacks to 1,02\d MB"):
        read(file.getvalue(), "a.xlsx")


def test_entities_that_grow_without_end_are_refused() -> None:
    lol = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'

    def poison(name: str, part: bytes) -> bytes:
        return lol + part[part.find(b"<workbook") :] if name == "xl/workbook.xml" else part

    with pytest.raises(FileRefused, match="document type"):
        read(repacked(workbook(["sku"], ["A"]), poison), "a.xlsx")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("../../etc/passwd", "out of its folder"),
        ("/etc/passwd", "out of its folder"),
        ("..\\windows\\x", "out of its folder"),
        ("C:\\x", "out of its folder"),
        ("xl/vbaProject.bin", "macros"),
    ],
)
def test_names_that_lead_elsewhere_and_macros_are_refused(name: str, said: str) -> None:
    content = repacked(workbook(["sku"], ["A"]), lambda _name, part: part, **{name: b"x"})

    with pytest.raises(FileRefused, match=said):
        read(content, "a.xlsx")


def test_a_row_in_the_millionth_line_is_not_overlooked() -> None:
    def far(name: str, part: bytes) -> bytes:
        return part.replace(b'r="2"', b'r="1048576"').replace(b'"A2"', b'"A1048576"')

    content = repacked(workbook(["sku"], ["A"]), far)

    with pytest.raises(FileRefused, match="more than 50,000 rows"):
        read(content, "a.xlsx")


def test_empty_lines_at_the_end_are_no_rows() -> None:
    assert len(read(b"sku\nA\n" + b"\n" * 200_000)) == 1


def test_an_encrypted_zip_is_refused() -> None:
    content = bytearray(workbook(["sku"], ["A"]))
    at = content.find(b"PK\x01\x02")
    content[at + 8] |= 1

    with pytest.raises(archives.ArchiveRefused, match=r"encrypted|damaged"):
        archives.check(io.BytesIO(bytes(content)), most_bytes=10**6, most_files=50)
