"""Exports whose cells no spreadsheet takes for a formula."""

from typing import Any

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def inert(value: object) -> object:
    """Return a text that a spreadsheet shows instead of computing; anything else unchanged."""
    is_formula = isinstance(value, str) and value.startswith(_DANGEROUS)
    return f"'{value}" if is_formula else value


class InertExport:
    """Mixed into a list with exports, in front of Wagtail's view."""

    def preprocess_field_value(self, field: str, value: Any, export_format: str) -> Any:
        cell = super().preprocess_field_value(field, value, export_format)  # type: ignore[misc]
        return inert(cell)
