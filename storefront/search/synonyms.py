"""Put beside each word of a search what staff say means the same."""

from collections.abc import Sequence

from freshness.keeping import as_of, keep
from storefront.models import Synonym
from storefront.search.finding import Phrases
from storefront.search.wording import forms_of, stem

Group = list[tuple[str, ...]]


def groups() -> list[Group]:
    """Return what staff have written; one query, or none."""
    return keep(("synonyms",), _read, since=as_of())


def _read() -> list[Group]:
    return [synonym.phrases for synonym in Synonym.objects.all()]


def alternatives(words: Sequence[str], groups: Sequence[Group]) -> list[Phrases]:
    """Return for each word, or run of words, all that may stand in its place."""
    found: list[Phrases] = []
    place = 0
    while place < len(words):
        length, others = _longest_match(words[place:], groups)
        own = [(form,) for form in forms_of(words[place])] if length == 1 else []
        whole = [tuple(words[place : place + length])] if length > 1 else []
        found.append(tuple(dict.fromkeys([*own, *whole, *others])))
        place += length
    return found


def _longest_match(words: Sequence[str], groups: Sequence[Group]) -> tuple[int, Group]:
    """Return how many words, at least one, are a phrase of some groups, and those groups' all."""
    best = 1
    others: Group = []
    for group in groups:
        for phrase in group:
            if not _begins_with(words, phrase) or len(phrase) < best:
                continue
            if len(phrase) > best:
                best, others = len(phrase), []
            others += group
    return best, others


def _begins_with(words: Sequence[str], phrase: tuple[str, ...]) -> bool:
    if len(words) < len(phrase):
        return False
    pairs = zip(words, phrase, strict=False)
    return all(word == other or stem(word) == stem(other) for word, other in pairs)
