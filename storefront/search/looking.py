"""From what was typed to the pages that fit: as it was typed, as it was meant, or some of it."""

from dataclasses import dataclass
from enum import StrEnum

from storefront.search import finding, synonyms, vocabulary
from storefront.search.finding import MOST_OF_A_KIND, Hit, Phrases
from storefront.search.highlighting import Marker, marker
from storefront.search.wording import Asked


class Match(StrEnum):
    """How what was found relates to what was typed."""

    ALL = "ALL"
    CORRECTED = "CORRECTED"
    SOME = "SOME"
    NONE = "NONE"


@dataclass(frozen=True, slots=True)
class Found:
    """What a search came to; `words` are those that it was made with in the end."""

    asked: Asked
    words: tuple[str, ...]
    match: Match
    hits: list[Hit]
    marker: Marker

    @property
    def text(self) -> str:
        """The search as the results were made with it."""
        return " ".join(self.words) if self.match is Match.CORRECTED else self.asked.text


def look_up(asked: Asked, *, is_exact: bool = False, limit: int = MOST_OF_A_KIND) -> Found:
    """Find pages; while there are none, try what was probably meant, then any of the words.

    :param is_exact: take what was typed at its word.
    """
    groups = synonyms.groups()

    def attempt(words: tuple[str, ...], match: Match) -> Found:
        wanted = synonyms.alternatives(words, groups)
        is_any = match is Match.SOME
        beginning = () if is_any else words
        hits = finding.find(wanted, beginning=beginning, is_any=is_any, limit=limit)
        return Found(asked, words, match, hits, _marker(words, wanted, is_any=is_any))

    found = attempt(asked.words, Match.ALL)
    if not found.hits and not is_exact:
        meant = vocabulary.current().corrected(asked.words)
        if meant:
            found = attempt(meant, Match.CORRECTED)
    if not found.hits and len(asked.words) > 1:
        found = attempt(asked.words, Match.SOME)
    if found.hits:
        return found
    return Found(asked, asked.words, Match.NONE, [], marker(()))


def _marker(words: tuple[str, ...], wanted: list[Phrases], *, is_any: bool) -> Marker:
    every = (word for phrases in wanted for phrase in phrases for word in phrase)
    return marker(every, () if is_any else words)
