"""Exports whose cells no spreadsheet takes for a formula."""

from collections.abc import Callable
from typing import Any, ClassVar

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def inert(value: object) -> object:
    """Return a text that a spreadsheet shows instead of computing; anything else unchanged.

    Control characters, which no XLSX file can hold, are left out.
    """
    if not isinstance(value, str):
        return value
    text = ILLEGAL_CHARACTERS_RE.sub("", value)
    return f"'{text}" if text.startswith(_DANGEROUS) else text


class InertExport:
    """Mixed into a list with exports, in front of Wagtail's view.

    :cvar exported: what is said of a row under each heading of ``list_export``.
    """

    exported: ClassVar[dict[str, Callable[[Any], Any]]] = {}

    def to_row_dict(self, item: Any) -> dict[str, Any]:
        return {name: tell(item) for name, tell in self.exported.items()}

    def preprocess_field_value(self, field: str, value: Any, export_format: str) -> Any:
        cell = super().preprocess_field_value(field, value, export_format)  # type: ignore[misc]
        return inert(cell)
