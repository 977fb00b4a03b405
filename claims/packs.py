"""The rules, read from the files in `packs/`: what a jurisdiction says, as data."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from enum import IntEnum
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from claims.contexts import Language
from claims.patterns import Lexicon, Lines, Pattern, symbols_needed

FOLDER = Path(__file__).parent / "packs"
WORDS = "english"


class Severity(IntEnum):
    """How much a finding weighs; only blocking ones keep a text from being published."""

    NONE = 0
    ADVICE = 1
    WARNING = 2
    BLOCKING = 3

    @property
    def label(self) -> str:
        return self.name.lower()


class UnknownPack(ValueError):
    """There is no file of rules by this name."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that a text may not say, why, and how to say it more kindly."""

    id: str
    pack: str
    title: str
    severity: Severity
    source: str
    url: str
    explanation: str
    kinder: str
    patterns: tuple[Pattern, ...]
    exceptions: tuple[Pattern, ...]
    # Evidence on record lifts it, where the sentence names it.
    takes_evidence: bool
    # A denial or a doctor's name makes it no better: “no more dandruff”.
    stands_denied: bool

    @property
    def key(self) -> str:
        """The rule's name among all packs: ``eu_uk.growth``."""
        return f"{self.pack}.{self.id}"


@dataclass(frozen=True)
class Book:
    """The rules of some packs, with all words they know."""

    lexicon: Lexicon
    language: Language
    rules: tuple[Rule, ...]

    @cached_property
    def _by_first_symbol(self) -> Mapping[int, list[tuple[int, int, Pattern]]]:
        found: dict[int, list[tuple[int, int, Pattern]]] = {}
        for number, rule in enumerate(self.rules):
            for pattern in rule.patterns:
                told = (number, symbols_needed(pattern), pattern)
                found.setdefault(pattern[0].symbol, []).append(told)
        return found

    def patterns_within(self, lines: Lines) -> Iterator[tuple[Rule, list[Pattern]]]:
        """Yield the rules, in the packs' order, with their patterns whose words are all there."""
        within: dict[int, list[Pattern]] = {}
        for symbol in lines.places:
            for number, needed, pattern in self._by_first_symbol.get(symbol, ()):
                if needed & lines.symbols == needed:
                    within.setdefault(number, []).append(pattern)
        for number in sorted(within):
            yield self.rules[number], within[number]

    def rule(self, key: str) -> Rule | None:
        return next((rule for rule in self.rules if rule.key == key), None)


def available() -> list[str]:
    """Name the packs there are."""
    return sorted(path.stem for path in FOLDER.glob("*.toml") if path.stem != WORDS)


@cache
def book(names: tuple[str, ...]) -> Book:
    """Read these packs.

    :raises UnknownPack: when one of them is not there.
    """
    if missing := sorted(set(names) - set(available())):
        raise UnknownPack(f"No pack of rules is called {', '.join(missing)}.")
    reading = _Reading(_read(WORDS))
    rules = tuple(rule for name in names for rule in reading.rules(name))
    return Book(reading.lexicon, reading.language(), rules)


def _read(name: str) -> dict[str, Any]:
    with (FOLDER / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


@dataclass
class _Reading:
    """Turns what the files say into rules; all of them share one lexicon."""

    english: Mapping[str, Any]
    lexicon: Lexicon = field(default_factory=Lexicon)

    def language(self) -> Language:
        context = self.english["context"]
        words = {"turns", "subjects", "askers"}
        told: dict[str, Any] = {
            name: frozenset(context[name]) if name in words else self._patterns(context[name])
            for name in (part.name for part in fields(Language))
        }
        return Language(**told)

    def rules(self, name: str) -> list[Rule]:
        pack = _read(name)
        return [self._rule(name, told, pack["sources"]) for told in pack["rule"]]

    def _rule(self, pack: str, told: Mapping[str, Any], sources: Mapping[str, Any]) -> Rule:
        written = [*told.get("patterns", ())]
        for phrase in told.get("phrases", ()):
            written += self.english["phrases"][phrase]
        excused = [*told.get("exceptions", ())]
        for name in told.get("excuses", ()):
            excused += self.english["excuses"][name]
        source = sources[told["source"]]
        return Rule(
            id=told["id"],
            pack=pack,
            title=told["title"],
            severity=Severity[told["severity"].upper()],
            source=source["title"],
            url=source["url"],
            explanation=told["explanation"],
            kinder=told["kinder"],
            patterns=self._patterns(written),
            exceptions=self._patterns(excused),
            takes_evidence=told.get("takes_evidence", False),
            stands_denied=told.get("stands_denied", False),
        )

    def _patterns(self, written: Sequence[str]) -> tuple[Pattern, ...]:
        return tuple(self.lexicon.compile(one, self.english["lists"]) for one in written)
