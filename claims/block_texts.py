"""The texts inside blocks, however deep, and inside rich text."""

import html
import re
from collections.abc import Callable, Iterator
from typing import Any

from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock

# A tag holds no other tag: the search for its end never looks past the next beginning.
_TAG = re.compile(r"<[^<>]*>")
_BREAKS = re.compile(
    r"<(?:/?(?:p|li|ul|ol|h[1-6]|div|blockquote|tr|td|th)|br|hr)\b[^<>]*>", re.IGNORECASE
)


class UnknownBlock(TypeError):
    """A block that is neither known as text nor as none."""


def texts_of_block(block: blocks.Block, value: Any) -> Iterator[str]:
    """Yield the texts inside a block's value.

    :raises UnknownBlock: for a kind of block that nobody has said anything about.
    """
    reader = reader_of(block)
    if value is not None:
        yield from reader(block, value)


def reader_of(block: blocks.Block) -> Callable[[Any, Any], Iterator[str]]:
    """What reads the texts of a block.

    :raises UnknownBlock: for a kind of block that nobody has said anything about.
    """
    for kinds, reader in _READERS:
        if isinstance(block, kinds):
            return reader
    raise UnknownBlock(f"Say in claims.block_texts whether {type(block).__name__} holds text.")


def blocks_within(block: blocks.Block) -> Iterator[blocks.Block]:
    """Yield a block and all that it is made of."""
    yield block
    for child in _children(block):
        yield from blocks_within(child)


def plain(rich: str) -> str:
    """The words of rich text, a line for every paragraph."""
    return html.unescape(_TAG.sub("", _BREAKS.sub("\n", rich))).strip()


def _children(block: Any) -> list[blocks.Block]:
    if isinstance(block, blocks.ListBlock):
        return [block.child_block]
    return list(getattr(block, "child_blocks", {}).values())


def _of_table(_block: Any, value: Any) -> Iterator[str]:
    if caption := getattr(value, "caption", ""):
        yield str(caption)
    for column in value.columns:
        yield str(column["heading"])
    for row in value.row_data:
        for column, cell in zip(value.columns, row["values"], strict=True):
            yield from texts_of_block(column["block"], cell)


def _of_stream(_block: Any, value: Any) -> Iterator[str]:
    for child in value:
        yield from texts_of_block(child.block, child.value)


def _of_struct(block: Any, value: Any) -> Iterator[str]:
    for name, child in block.child_blocks.items():
        yield from texts_of_block(child, value.get(name))


def _of_list(block: Any, value: Any) -> Iterator[str]:
    for item in value:
        yield from texts_of_block(block.child_block, item)


def _of_words(_block: Any, value: Any) -> Iterator[str]:
    yield str(value)


def _of_rich_text(_block: Any, value: Any) -> Iterator[str]:
    yield plain(str(getattr(value, "source", value)))


def _of_nothing(_block: Any, _value: Any) -> Iterator[str]:
    yield from ()


# The first that fits reads a block; what holds words in a way of its own comes first.
_READERS: tuple[tuple[tuple[type, ...], Callable[[Any, Any], Iterator[str]]], ...] = (
    ((TypedTableBlock,), _of_table),
    ((blocks.BaseStreamBlock,), _of_stream),
    ((blocks.BaseStructBlock,), _of_struct),
    ((blocks.ListBlock,), _of_list),
    ((blocks.RichTextBlock, blocks.RawHTMLBlock), _of_rich_text),
    ((blocks.CharBlock, blocks.TextBlock, blocks.BlockQuoteBlock, blocks.RegexBlock), _of_words),
    (
        (
            blocks.BooleanBlock,
            blocks.ChoiceBlock,
            blocks.ChooserBlock,
            blocks.DateBlock,
            blocks.DateTimeBlock,
            blocks.DecimalBlock,
            blocks.EmailBlock,
            blocks.FloatBlock,
            blocks.IntegerBlock,
            blocks.MultipleChoiceBlock,
            blocks.StaticBlock,
            blocks.TimeBlock,
            blocks.URLBlock,
        ),
        _of_nothing,
    ),
)
