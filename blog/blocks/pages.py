"""Choosing a page whose facts are read with those of all others."""

from collections.abc import Iterator, Sequence
from typing import Any

from wagtail import blocks
from wagtail.models import Page


class PageNumberBlock(blocks.PageChooserBlock):
    """A chooser whose value is the page's number: an article reads all its pages at once."""

    def to_python(self, value: int | None) -> int | None:
        return value

    def bulk_to_python(self, values: Sequence[int | None]) -> list[int | None]:
        return list(values)

    def value_from_form(self, value: Any) -> int | None:
        return number_of(value)

    def normalize(self, value: Any) -> int | None:
        return number_of(super().normalize(value))

    def clean(self, value: Any) -> int | None:
        return number_of(super().clean(value))

    def get_prep_value(self, value: Any) -> int | None:
        return number_of(value)

    def extract_references(self, value: Any) -> Iterator[tuple[type[Page], str, str, str]]:
        """Say which page is named, so that its usage is known."""
        if (number := number_of(value)) is not None:
            yield self.model_class, str(number), "", ""

    def render_basic(self, value: Any, context: Any = None) -> str:  # noqa: ARG002
        """Show nothing: a card is built of facts that are read elsewhere."""
        return ""

    def deconstruct(self) -> tuple[str, Any, Any]:
        """Stand in migrations as what is stored: a page's number."""
        _, args, kwargs = super().deconstruct()
        return "wagtail.blocks.PageChooserBlock", args, kwargs


def number_of(value: Any) -> int | None:
    """Return a page's number, however it was given."""
    number: int | None = value.pk if isinstance(value, Page) else value
    return number
