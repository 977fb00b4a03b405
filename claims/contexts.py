"""What surrounds a match and takes its sting: a denial, a question, somebody else's words."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from claims.patterns import Lines, Pattern, places
from claims.words import Word

# A denial reaches so many words ahead.
_REACH = 12
_MOST = 32


@dataclass(frozen=True, slots=True)
class Language:
    """What denials, questions and reports are made of."""

    denials: tuple[Pattern, ...]
    no_denials: tuple[Pattern, ...]
    reports: tuple[Pattern, ...]
    definitions: tuple[Pattern, ...]
    professionals: tuple[Pattern, ...]
    own_treatments: tuple[Pattern, ...]
    rhetorical: tuple[Pattern, ...]
    turns: frozenset[str]
    subjects: frozenset[str]
    askers: frozenset[str]


class Context:
    """What one sentence says around its matches."""

    def __init__(
        self, words: Sequence[Word], lines: Lines, language: Language, *, is_question: bool
    ) -> None:
        self.words, self.lines, self.language = words, lines, language
        self.is_question = is_question

    @cached_property
    def _reports(self) -> int | None:
        if _first_end(self.lines, self.language.definitions) is not None:
            return -1
        return _first_end(self.lines, self.language.reports)

    @cached_property
    def _excusing(self) -> list[tuple[int, int]]:
        language, lines = self.language, self.lines
        return [
            (lines.start(pattern, end), end)
            for pattern in (*language.professionals, *language.own_treatments)
            for end in places(lines.ends(pattern), _MOST)
        ]

    def denies(self, start: int) -> bool:
        """Tell whether a denial stands before this word, in the same thought."""
        for place in range(start - 1, max(-1, start - 1 - _REACH), -1):
            if place in self._denied:
                return True
            if self._turns_at(place + 1) or self.words[place].is_stop:
                return False
        return False

    def reports(self, start: int) -> bool:
        """Tell whether the sentence speaks of what others say, or of what may be said."""
        return self._reports is not None and self._reports < start

    def excuses(self, start: int) -> bool:
        """Tell whether a doctor or a medicine acts here, or the reader's own treatment."""
        return any(begun < start and end >= start - _REACH for begun, end in self._excusing)

    def only_asks(self) -> bool:
        """Tell whether the sentence asks what may be denied: “Does it regrow hair?”"""
        first = next((word.plain for word in self.words if not word.is_stop), "")
        is_open = self.is_question and first in self.language.askers
        return is_open and _first_end(self.lines, self.language.rhetorical) is None

    @cached_property
    def _denied(self) -> frozenset[int]:
        found = {
            end
            for pattern in self.language.denials
            for end in places(self.lines.ends(pattern), _MOST)
        }
        for pattern in self.language.no_denials:
            for end in places(self.lines.ends(pattern), _MOST):
                found -= set(range(self.lines.start(pattern, end), end + 1))
        return frozenset(found)

    def _turns_at(self, place: int) -> bool:
        """Tell whether a new thought begins at a word: “…, it”, “but”, “and heals”."""
        word = self.words[place]
        if word.plain in self.language.turns:
            return True
        if word.after_comma and word.plain in self.language.subjects:
            return True
        before = self.words[place - 1].plain if place else ""
        return before == "and" and len(word.plain) > 4 and word.plain[-1] == "s"


def _first_end(lines: Lines, patterns: Sequence[Pattern]) -> int | None:
    ends = 0
    for pattern in patterns:
        ends |= lines.ends(pattern)
    return (ends & -ends).bit_length() - 1 if ends else None
