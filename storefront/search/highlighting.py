"""Show why something was found: the part of a text that holds the words, and where they stand."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from storefront.search.wording import places_of_words, plain, stem

SNIPPET_LETTERS = 170
_LEAD = 50
# A body can be a book; the beginning of it is enough to show a place in it.
_LONGEST_TEXT = 40_000
# The index puts commas between the parts of a page, also where one ends with a full stop.
_SEAM = re.compile(r"(?<=[.,:;!?])(?: *,)+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text; templates mark the hits, and escape them like all else."""

    text: str
    is_hit: bool = False


@dataclass(frozen=True, slots=True)
class Marker:
    """Knows the words that were looked for; the last one may be the beginning of another."""

    stems: frozenset[str]
    beginning: str = ""

    def pieces(self, text: str) -> list[Piece]:
        """Cut a text into what was looked for and what stands between."""
        return self._cut(text, self._hits(text))

    def is_in(self, text: str) -> bool:
        return any(True for _ in self._hits(text))

    def snippet(self, text: str) -> list[Piece]:
        """Cut a piece out of a long text that shows the first hit, or its beginning."""
        text = " ".join(text[:_LONGEST_TEXT].split())
        first = next(iter(self._hits(text)), (0, 0))
        begin = 0 if first[0] <= _LEAD * 2 else text.find(" ", first[0] - _LEAD) + 1
        part = _SEAM.sub("", text[begin : begin + SNIPPET_LETTERS])
        if begin + SNIPPET_LETTERS < len(text):
            part = f"{part.rsplit(' ', 1)[0].rstrip(',;:')} …"
        pieces = self.pieces(part)
        return [Piece("… "), *pieces] if begin else pieces

    def _hits(self, text: str) -> Iterable[tuple[int, int]]:
        return ((begin, end) for begin, end in places_of_words(text) if self._fits(text[begin:end]))

    def _fits(self, word: str) -> bool:
        if self.beginning and plain(word).startswith(self.beginning):
            return True
        return stem(word) in self.stems

    @staticmethod
    def _cut(text: str, hits: Iterable[tuple[int, int]]) -> list[Piece]:
        pieces, at = [], 0
        for begin, end in hits:
            if begin > at:
                pieces.append(Piece(text[at:begin]))
            pieces.append(Piece(text[begin:end], is_hit=True))
            at = end
        if at < len(text):
            pieces.append(Piece(text[at:]))
        return pieces


def marker(words: Iterable[str], beginning: Collection[str] = ()) -> Marker:
    """Return what marks these words in any form, and what begins like the last of `beginning`."""
    last = plain(list(beginning)[-1]) if beginning else ""
    return Marker(frozenset(stem(word) for word in words), last if len(last) > 1 else "")
