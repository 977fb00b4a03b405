"""Turn a table of HTML into the table block of a page, or say that it does not fit."""

from collections.abc import Iterator
from typing import Any

from blog.html_tree import Element
from blog.wordpress.inline import links_of
from blog.wordpress.notes import Notes

LONGEST_CELL = 250
_WIDEST = 50


def table_value(table: Element, caption: str, notes: Notes) -> dict[str, Any] | None:
    """The stored value of a table block; nothing if a cell holds more than a cell here can."""
    if any(each.tag == "table" for each in table.elements()):
        return None
    rows = [cells for row in _rows(table) if (cells := _cells(row, notes))]
    if not rows or any(len(cell) > LONGEST_CELL for row in rows for cell in row):
        return None
    width = min(max(len(row) for row in rows), _WIDEST)
    if any(len(row) > width for row in rows) or len(caption) > LONGEST_CELL:
        return None
    rows = [row + [""] * (width - len(row)) for row in rows]
    heads, body = (rows[0], rows[1:]) if _has_heads(table) else ([""] * width, rows)
    for link in links_of(table):
        notes.add("link in a table", link)
    return {
        "columns": [{"type": "text", "heading": head} for head in heads],
        "rows": [{"values": row} for row in body],
        "caption": caption,
    }


def table_lines(table: Element) -> list[list[Element]]:
    """The cells of each row, for a table that becomes text."""
    return [[cell for cell in row.children if isinstance(cell, Element)] for row in _rows(table)]


def _rows(table: Element) -> Iterator[Element]:
    """Yield a table's own rows, not those of tables inside its cells."""
    for child in table.children:
        if isinstance(child, Element) and child.tag == "tr":
            yield child
        elif isinstance(child, Element) and child.tag in {"thead", "tbody", "tfoot"}:
            yield from _rows(child)


def _cells(row: Element, notes: Notes) -> list[str]:
    cells: list[str] = []
    for cell in row.children:
        if not isinstance(cell, Element):
            continue
        cells.append(cell.text())
        across = cell.attributes.get("colspan", "1")
        if across.isdecimal() and 1 < int(across[:3]) <= _WIDEST:
            cells += [""] * (int(across[:3]) - 1)
            notes.add("cell across columns", cell.text())
        if cell.attributes.get("rowspan", "1") not in {"", "0", "1"}:
            notes.add("cell across rows", cell.text())
    return cells


def _has_heads(table: Element) -> bool:
    first = table.first("tr")
    cells = [each for each in first.children if isinstance(each, Element)] if first else []
    return table.first("thead") is not None or bool(cells and all(c.tag == "th" for c in cells))
