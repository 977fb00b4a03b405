"""The blocks of an article, named so that people can talk about them."""

from dataclasses import dataclass
from html import unescape
from typing import Any

from django.utils.html import strip_tags
from wagtail.blocks import StreamValue

_LABEL_LENGTH = 70


@dataclass(frozen=True)
class Part:
    """One block of an article's body, as somebody would refer to it."""

    id: str
    label: str


def parts_of(body: StreamValue) -> list[Part]:
    """Return the blocks of a body with their first words."""
    return [Part(str(block.id), _first_words(block)) for block in body]


def _first_words(block: Any) -> str:
    words = " ".join(unescape(strip_tags(str(block.render()).replace("<", " <"))).split())
    kind = str(block.block.label)
    if not words:
        return kind
    shown = words if len(words) <= _LABEL_LENGTH else f"{words[:_LABEL_LENGTH].rstrip()}…"
    return f"{kind}: {shown}"
