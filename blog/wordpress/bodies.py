"""Blocks as the database stores them: with ids, and with pictures in place of wanted ones."""

import uuid
from collections.abc import Callable, Iterator
from html import escape
from typing import Any

from blog.wordpress.markup import WantedPicture

# Ids are made from where a block came from, so that a second run writes the same bytes.
_SPACE = uuid.UUID("0b2f6f5e-8a3c-4c3e-9a6b-6a1a5f0d9f41")
FindPicture = Callable[[WantedPicture], int | None]


def stored_body(
    blocks: list[tuple[str, Any]], *, source: str, find: FindPicture
) -> list[dict[str, Any]]:
    """Return the stored form of a body.

    :param source: what tells this body from every other one.
    :param find: returns the id of a picture's row, or nothing if there is no file for it.
    """
    stored = []
    for number, (kind, value) in enumerate(_with_pictures(blocks, find)):
        own = f"{source}/{number}"
        stored.append({"type": kind, "value": _value(kind, value, own), "id": _id(own)})
    return stored


def _with_pictures(blocks: list[tuple[str, Any]], find: FindPicture) -> Iterator[tuple[str, Any]]:
    """Yield blocks with found pictures; of those that are missing the caption stays."""
    for kind, value in blocks:
        if kind != "figure":
            yield kind, value
            continue
        image_id = find(value["image"])
        if image_id is not None:
            yield kind, value | {"image": image_id}
        elif value["caption"]:
            yield "text", f"<p>{escape(value['caption'], quote=False)}</p>"


def _value(kind: str, value: Any, own: str) -> Any:
    if kind != "faq":
        return value
    questions = [
        {"type": "item", "value": item, "id": _id(f"{own}/{number}")}
        for number, item in enumerate(value["questions"])
    ]
    return value | {"questions": questions}


def _id(name: str) -> str:
    return str(uuid.uuid5(_SPACE, name))
