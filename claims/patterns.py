"""The small language that rules are written in, and how it is matched.

    regrow*                 a word, or a beginning of one
    stop|stops|prevent*     any of these
    {hair}                  any word of a list that the packs name
    ?the                    this word, or nothing
    ..3                     up to three words of any kind, inside one thought

A sentence becomes one whole number per symbol, whose bits say at which words the symbol stands;
a pattern is a handful of shifts of such numbers. So the cost grows with the text and with
nothing else: there is no input on which matching tries again and again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from claims.words import Word

_SHORTEST_BEGINNING = 2


class BadPattern(ValueError):
    """A rule is written in a way that cannot be matched."""


@dataclass(frozen=True, slots=True)
class Step:
    """One part of a pattern: a symbol, which may be left out, or a gap of some words."""

    symbol: int = -1
    gap: int = 0
    is_optional: bool = False


Pattern = tuple[Step, ...]


@dataclass
class Lexicon:
    """All symbols of the packs, and which words belong to which."""

    exact: dict[str, int] = field(default_factory=dict)
    beginnings: dict[str, int] = field(default_factory=dict)
    symbols: dict[frozenset[str], int] = field(default_factory=dict)

    def compile(self, written: str, lists: Mapping[str, Sequence[str]]) -> Pattern:
        """Return the pattern that was written.

        :raises BadPattern: when it begins or ends with something that may be nothing.
        """
        steps = tuple(self._step(part, lists) for part in written.split())
        if not steps or any(step.gap or step.is_optional for step in (steps[0], steps[-1])):
            raise BadPattern(f"“{written}” begins or ends with what may be nothing.")
        return steps

    def _step(self, part: str, lists: Mapping[str, Sequence[str]]) -> Step:
        if part.startswith(".."):
            return Step(gap=int(part[2:]))
        names = frozenset(_terms(part.removeprefix("?"), lists))
        if names not in self.symbols:
            self.symbols[names] = len(self.symbols)
            self._enter(names, self.symbols[names])
        return Step(symbol=self.symbols[names], is_optional=part.startswith("?"))

    def _enter(self, names: frozenset[str], symbol: int) -> None:
        for name in names:
            table = self.beginnings if name.endswith("*") else self.exact
            key = name.removesuffix("*")
            if not key or (table is self.beginnings and len(key) < _SHORTEST_BEGINNING):
                raise BadPattern(f"“{name}” would match almost anything.")
            table[key] = table.get(key, 0) | 1 << symbol

    def meaning(self, plain: str) -> int:
        """The symbols that a word belongs to, one bit each."""
        found = self.exact.get(plain, 0)
        for length in range(_SHORTEST_BEGINNING, len(plain) + 1):
            found |= self.beginnings.get(plain[:length], 0)
        return found


def _terms(part: str, lists: Mapping[str, Sequence[str]]) -> list[str]:
    terms: list[str] = []
    for written in part.split("|"):
        term = written.removeprefix("?")
        if term.startswith("{"):
            terms += lists[term.strip("{}")]
        else:
            terms.append(term)
    return terms


class Lines:
    """Where each symbol stands in one sentence: a whole number per symbol, a bit per word."""

    def __init__(self, words: Sequence[Word], lexicon: Lexicon) -> None:
        self.places: dict[int, int] = {}
        self.open = 0
        self.symbols = 0
        for place, word in enumerate(words):
            bit = 1 << place
            if not word.is_stop:
                self.open |= bit
            meaning = lexicon.meaning(word.plain)
            self.symbols |= meaning
            while meaning:
                symbol = (meaning & -meaning).bit_length() - 1
                self.places[symbol] = self.places.get(symbol, 0) | bit
                meaning &= meaning - 1

    def ends(self, pattern: Pattern) -> int:
        """The places at which the pattern ends, one bit each."""
        return self._walk(pattern, None)

    def start(self, pattern: Pattern, end: int) -> int:
        """The latest place at which a match that ends there begins."""
        starts = self._walk(tuple(reversed(pattern)), 1 << end)
        return starts.bit_length() - 1

    def _walk(self, pattern: Pattern, first: int | None) -> int:
        """Follow a pattern to its other end; backwards where a first place is given."""
        forwards = first is None
        here = self.places.get(pattern[0].symbol, 0)
        here &= here if first is None else first
        for step in pattern[1:]:
            if not here:
                return 0
            if step.gap:
                reached = here
                for _ in range(step.gap):
                    moved = reached << 1 if forwards else reached >> 1
                    reached |= moved & self.open
                here = reached
                continue
            moved = here << 1 if forwards else here >> 1
            arrived = moved & self.places.get(step.symbol, 0)
            here = arrived | here if step.is_optional else arrived
        return here


def symbols_needed(pattern: Pattern) -> int:
    """The symbols without which a pattern cannot match, one bit each."""
    needed = 0
    for step in pattern:
        if not step.gap and not step.is_optional:
            needed |= 1 << step.symbol
    return needed


def places(bits: int, most: int) -> list[int]:
    """The places of the lowest bits that are set, at most so many."""
    found: list[int] = []
    while bits and len(found) < most:
        found.append((bits & -bits).bit_length() - 1)
        bits &= bits - 1
    return found
