"""Read the block editor's markup: HTML between comments such as `<!-- wp:image {"id":7} -->`."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

# Deeper blocks are read as if they stood beside one another.
DEEPEST = 40
_COMMENT = re.compile(
    r"<!--\s{1,5}(?P<end>/?)wp:(?P<name>[a-z][a-z0-9_-]*(?:/[a-z][a-z0-9_-]*)?)\s{1,5}"
)
_CLOSE = "-->"


@dataclass(slots=True)
class SourceBlock:
    """One block: its name, its settings, and its HTML and inner blocks in their order.

    The name is empty for HTML that stands in no block.
    """

    name: str
    settings: dict[str, Any] = field(default_factory=dict)
    parts: "list[str | SourceBlock]" = field(default_factory=list)

    @property
    def html(self) -> str:
        """All HTML of the block and of those inside it."""
        return "".join(part if isinstance(part, str) else part.html for part in self.parts)

    @property
    def inner(self) -> "list[SourceBlock]":
        return [part for part in self.parts if isinstance(part, SourceBlock)]


def has_blocks(content: str) -> bool:
    """Tell whether a text was written in the block editor."""
    return _COMMENT.search(content) is not None


def read_blocks(content: str) -> list[SourceBlock]:
    """Return the blocks of a text; broken markup loses no words."""
    root = SourceBlock("")
    opened = [root]
    position = 0
    for found in _COMMENT.finditer(content):
        if found.start() < position:
            continue
        end = content.find(_CLOSE, found.end())
        if end < 0:
            break
        _add_html(opened, content[position : found.start()])
        position = end + len(_CLOSE)
        _take(opened, found["name"], found["end"], content[found.end() : end].strip())
    _add_html(opened, content[position:])
    return root.inner


def _take(opened: list[SourceBlock], name: str, end: str, settings: str) -> None:
    name = name.removeprefix("core/")
    if end:
        if any(block.name == name for block in opened[1:]):
            while opened.pop().name != name:
                pass
        return
    is_alone = settings.endswith("/")
    block = SourceBlock(name, _settings(settings.removesuffix("/").strip()))
    opened[-1].parts.append(block)
    if not is_alone and len(opened) <= DEEPEST:
        opened.append(block)


def _add_html(opened: list[SourceBlock], html: str) -> None:
    if not html:
        return
    if len(opened) > 1:
        opened[-1].parts.append(html)
    elif html.strip():
        opened[-1].parts.append(SourceBlock("", parts=[html]))


def _settings(text: str) -> dict[str, Any]:
    try:
        read = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}
