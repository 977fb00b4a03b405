"""Whole numbers as forms send them; whatever else was sent is none."""

from collections.abc import Mapping
from typing import Final

# The digits of amounts in minor units, of pieces, and of the ids of rows.
AMOUNT: Final = 12
PIECES: Final = 4
ID: Final = 18


def whole(text: str, *, digits: int) -> int | None:
    """Return the number that a text is, of at most so many digits; none if it is no such number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None


def wholes(texts: Mapping[int, str], *, digits: int) -> dict[int, int]:
    """Return those of several texts that are such numbers, under their own keys."""
    found = {key: whole(text, digits=digits) for key, text in texts.items()}
    return {key: number for key, number in found.items() if number is not None}
