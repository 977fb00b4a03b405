"""Where the sentences of a text begin and end."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

# One character class each: no part of these patterns can match the same text in two ways.
_END = re.compile(r"[.!?…]+|\n")
_ABBREVIATIONS = frozenset({
    "approx", "art", "ca", "cf", "dr", "e.g", "eg", "etc", "fig", "i.e", "ie", "incl", "jr", "ltd",
    "mr", "mrs", "ms", "mt", "nos", "pp", "prof", "st", "vol", "vs",
})  # fmt: skip
_CLOSERS = "\"'”’)]»"
_LONGEST_BEFORE = 12


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a text, without the white space around it."""

    text: str
    start: int
    end: int

    @property
    def is_question(self) -> bool:
        return self.text.rstrip(_CLOSERS).endswith("?")


def sentences_of(text: str) -> Iterator[Sentence]:
    """Yield the sentences of a text in order; a line break always ends one."""
    begun = 0
    for found in _END.finditer(text):
        place = found.end()
        if not _ends_here(text, found.start(), place):
            continue
        while place < len(text) and text[place] in _CLOSERS:
            place += 1
        yield from _trimmed(text, begun, place)
        begun = place
    yield from _trimmed(text, begun, len(text))


def _trimmed(text: str, start: int, end: int) -> Iterator[Sentence]:
    part = text[start:end]
    start += len(part) - len(part.lstrip())
    if words := part.strip():
        yield Sentence(words, start, start + len(words))


def _ends_here(text: str, place: int, end: int) -> bool:
    """Tell whether the marks between two places end a sentence."""
    if text[place] == "\n":
        return True
    after = text[end : end + 3].lstrip(_CLOSERS)
    if after and not after[0].isspace():
        return False
    if text[end - 1] in "!?":
        return True
    following = after.lstrip()
    return not (_is_abbreviation(text, place) or (following and following[0].islower()))


def _is_abbreviation(text: str, place: int) -> bool:
    before = text[max(0, place - _LONGEST_BEFORE) : place].split()
    last = before[-1].lower().lstrip("(“\"'[") if before else ""
    return last in _ABBREVIATIONS or (len(last) == 1 and last.isalpha() and last not in "ai")
