"""An article's blocks as HTML, with headings that can be led to and numbered references."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from wagtail.blocks import StreamValue

# Names of places that the page's own template has.
_TAKEN = frozenset({"comments", "contents", "main", "read-next", "related", "sources", "top"})
# Warnings and asides are read where they stand; all else may head a part of the article.
_WITHOUT_PART = {"care_card", "callout", "quote", "product_card", "package_card", "treatment_card"}
_HEADING = re.compile(r"<h2\b[^>]*>(.*?)</h2>", re.DOTALL)
_TAG = re.compile(r"(<[^>]*>)")
_OPENS_OR_CLOSES = re.compile(r"<(/?)(a|option|script|style|textarea|button)\b", re.IGNORECASE)
# “[1]”, “[2, 3]”: as people write references.
_MARK = re.compile(r"[ \u00a0]?\[(\d{1,2}(?:,\s?\d{1,2})*)\]")
# A list of contents is worth its place from so many parts on.
WORTH_LISTING = 3


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the article, as the list of contents names it."""

    id: str
    title: str


@dataclass(slots=True)
class ArticleBody:
    """The article's HTML; `mentions` says how often it refers to each source.

    An article with a film, `has_video`, needs the film's own style and script.
    """

    html: SafeString
    parts: list[Part]
    mentions: Counter[int]
    has_video: bool

    @property
    def contents(self) -> list[Part]:
        """The parts, where there are enough of them to choose from."""
        return self.parts if len(self.parts) >= WORTH_LISTING else []


@dataclass(slots=True)
class _Writing:
    """What has been written so far."""

    sources: int
    parts: list[Part] = field(default_factory=list)
    mentions: Counter[int] = field(default_factory=Counter)


def render(body: StreamValue, context: dict[str, Any], *, sources: int) -> ArticleBody:
    """Write all blocks.

    :param sources: how many there are; a mark that names none of them stays as it was typed.
    """
    writing = _Writing(sources)
    written = [_block(block, context, writing) for block in body]
    # Blocks escape what they were given; only addresses and marks of ours were added.
    html = mark_safe("".join(written))  # noqa: S308
    has_video = any(block.block_type == "video" for block in body)
    return ArticleBody(html, writing.parts, writing.mentions, has_video)


def marks_in(html: str) -> set[int]:
    """Return the numbers of the sources that a text refers to."""
    return {number for found in _MARK.finditer(strip_tags(html)) for number in _numbers(found[1])}


def _block(block: Any, context: dict[str, Any], writing: _Writing) -> str:
    html = str(block.render(context=context))
    if block.block_type not in _WITHOUT_PART:
        html = _HEADING.sub(lambda found: _heading(found[1], writing), html)
    return _with_references(html, writing) if writing.sources else html


def _heading(inner: str, writing: _Writing) -> str:
    title = " ".join(unescape(strip_tags(_MARK.sub("", inner))).split())
    wanted = slugify(title)[:60].strip("-") or "part"
    taken = {part.id for part in writing.parts} | _TAKEN
    number, name = 1, wanted
    while name in taken:
        number += 1
        name = f"{wanted}-{number}"
    writing.parts.append(Part(name, title))
    return f'<h2 id="{name}">{inner}</h2>'


def _with_references(html: str, writing: _Writing) -> str:
    """Turn marks into links to the sources, but for those inside links and controls."""
    return "".join(_pieces(html, writing))


def _pieces(html: str, writing: _Writing) -> Iterator[str]:
    inside = 0
    for piece in _TAG.split(html):
        if piece.startswith("<"):
            found = _OPENS_OR_CLOSES.match(piece)
            if found:
                inside = max(0, inside + (-1 if found[1] else 1))
            yield piece
        elif inside:
            yield piece
        else:
            yield _MARK.sub(lambda found: _reference(found, writing), piece)


def _reference(found: re.Match[str], writing: _Writing) -> str:
    numbers = _numbers(found[1])
    if not all(1 <= number <= writing.sources for number in numbers):
        return found[0]
    return f'<sup class="references">{" ".join(_link(number, writing) for number in numbers)}</sup>'


def _link(number: int, writing: _Writing) -> str:
    writing.mentions[number] += 1
    count = writing.mentions[number]
    return (
        f'<a href="#source-{number}" id="mention-{number}-{count}"'
        f' aria-label="Source {number}">[{number}]</a>'
    )


def _numbers(text: str) -> list[int]:
    return [int(number) for number in text.split(",")]
