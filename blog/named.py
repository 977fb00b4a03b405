"""What the blocks of an article name: pages, pictures and links, found without a query."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from wagtail.blocks import StreamValue

from cms import page_links

SELLING = {"product_card", "package_card"}
TREATING = {"treatment_card", "aftercare"}
PICTURED = {"figure", "video"}


@dataclass(frozen=True, slots=True)
class Named:
    """Numbers of pages and pictures, each in the order in which it is named first."""

    sold: list[int]
    treatments: list[int]
    images: set[int]
    links: set[int]


def named_in(body: StreamValue) -> Named:
    """Read the stored blocks as they are: whoever turned them into values would ask for each."""
    stored: list[dict[str, Any]] = body.get_prep_value()
    return Named(
        sold=list(dict.fromkeys(_numbers(stored, SELLING, "page"))),
        treatments=list(dict.fromkeys(_numbers(stored, TREATING, "page"))),
        images=set(_numbers(stored, PICTURED, "image")),
        links=page_links.ids_in(json.dumps(stored, ensure_ascii=False, default=str)),
    )


def _numbers(stored: Iterable[dict[str, Any]], kinds: set[str], name: str) -> Iterator[int]:
    for block in stored:
        if block["type"] in kinds and isinstance(number := block["value"].get(name), int):
            yield number
