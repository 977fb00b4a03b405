"""Notice when a text tells of somebody's own health, so that it can be asked in private instead.

A rule of thumb that stays on this machine: somebody speaks of themselves or of their own people,
and a few words later names an illness, a medicine or an alarming sign. It may be wrong either
way; all that follows from it is an offer.
"""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

_SENTENCE = re.compile(r"[.!?;\n]+")
_WORD = re.compile(r"[a-z]+(?:['’][a-z]+)?")

_WORDS = tomllib.loads((Path(__file__).parent / "health_words.toml").read_text(encoding="utf-8"))


def _named(kind: str) -> frozenset[str]:
    return frozenset(_WORDS[kind].split())


_SELF = _named("oneself")
# Who reads, hears or asks of something does not tell that they have it.
_ABOUT_OTHERS = _named("about_others")
# One of these alone is everyday talk; two of them are not.
_EVERYDAY = _named("everyday")
_TELLING = _named("illnesses") | _named("medicines") | _named("signs")
# How many words may lie between "I" and the illness.
REACH = 9
# A comment is no longer; whoever calls with more is spared the rest.
LONGEST = 20_000


def reads_as_own_health(text: str) -> bool:
    """Tell whether a text seems to tell of the health of its writer or of their people."""
    return any(_tells(words) for words in _sentences(text[:LONGEST]))


def _sentences(text: str) -> Iterator[list[str]]:
    for sentence in _SENTENCE.split(text.casefold().replace("’", "'")):
        yield _WORD.findall(sentence)


def _tells(words: list[str]) -> bool:
    """Look, behind each word of oneself, for what that sentence goes on to name."""
    since = None
    everyday: set[str] = set()
    for place, word in enumerate(words):
        if word in _SELF:
            since = place
        elif word in _ABOUT_OTHERS:
            since = None
        elif since is not None and place - since <= REACH:
            if word in _TELLING:
                return True
            if word in _EVERYDAY:
                everyday.add(word)
    return len(everyday) > 1
