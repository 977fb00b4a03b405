"""Read the demo's data files: TOML for facts, Markdown with a TOML head for texts."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
CONTENT = FOLDER / "content"
PHOTOS = FOLDER / "photos"

Facts = Mapping[str, Any]

_FENCE = "+++"


@dataclass(frozen=True)
class Document:
    """A text and what is known about it."""

    facts: Facts
    text: str


def facts(name: str) -> dict[str, Any]:
    """Return one data file of the content folder: ``facts("shop")`` reads shop.toml."""
    return tomllib.loads((CONTENT / f"{name}.toml").read_text(encoding="utf-8"))


def each(folder: str) -> Iterator[dict[str, Any]]:
    """Yield the data files of a folder, in the order of their names."""
    for path in sorted((CONTENT / folder).glob("*.toml")):
        yield tomllib.loads(path.read_text(encoding="utf-8"))


def documents(folder: str) -> list[Document]:
    """Return the texts of a folder, in the order of their names."""
    return [_read(path) for path in sorted((CONTENT / folder).glob("*.md"))]


def _read(path: Path) -> Document:
    _, head, text = path.read_text(encoding="utf-8").split(f"{_FENCE}\n", 2)
    return Document(facts=tomllib.loads(head), text=text.strip())
