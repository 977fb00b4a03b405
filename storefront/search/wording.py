"""What somebody typed into the search, cut down to words that are safe to look up."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache

LONGEST_QUERY = 120
MOST_WORDS = 8
LONGEST_WORD = 40
# A number keeps its decimals (“pH 5.5”); everything else that is no letter or digit parts words.
_WORD = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+")
# They stand on every page, or on none, and say nothing of what is looked for.
SMALL_WORDS = frozenset(
    (  # noqa: SIM905 (forty words in a row read better than a list)
        "a an and are as at be by can do does for from has have how i if in is it its me my of on"
        " or our should so that the their them this to was we what when which who why with you your"
    ).split()
)
_ENDINGS = ("ings", "ing", "ers", "er", "ies", "ed", "es", "s", "y", "e")
_SHORTEST_STEM = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """A search as it will be looked up; `text` is what the page shows of it."""

    text: str
    words: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.words)


def read(raw: str) -> Asked:
    """Read what was typed, whatever it is; beyond its first 120 characters nothing is looked at."""
    text = unicodedata.normalize("NFKC", raw[:LONGEST_QUERY])
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    text = " ".join(printable.split())
    return Asked(text=text, words=words_of(text))


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a short text that are worth looking up, in lower case, each once."""
    found = (match[:LONGEST_WORD] for match in _WORD.findall(text.casefold()[: 2 * LONGEST_QUERY]))
    words = tuple(dict.fromkeys(found))
    telling = tuple(word for word in words if word not in SMALL_WORDS)
    return (telling or words)[:MOST_WORDS]


def places_of_words(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the words of a text begin and end, found as they are asked for."""
    return (match.span() for match in _WORD.finditer(text))


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """Cut a word's ending off, roughly, so that “washes” and “washing” meet “wash”."""
    word = plain(word)
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)]
    return word


def plain(word: str) -> str:
    """Return a word in lower case without accents."""
    if word.isascii():
        return word.lower()
    parts = unicodedata.normalize("NFKD", word.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))


def forms_of(word: str) -> tuple[str, ...]:
    """Return a word with its plain plural or singular; not every database knows they are one."""
    if len(word) <= _SHORTEST_STEM or not word.isalpha():
        return (word,)
    forms = [word, plain(word)]
    if word.endswith("ies"):
        forms.append(f"{word[:-3]}y")
    elif word.endswith(("ches", "shes", "sses", "xes")):
        forms.append(word[:-2])
    elif word.endswith("s") and not word.endswith("ss"):
        forms.append(word[:-1])
    elif word.endswith(("ch", "sh", "ss", "x")):
        forms.append(f"{word}es")
    elif word.endswith("y") and word[-2] not in "aeiou":
        forms.append(f"{word[:-1]}ies")
    else:
        forms.append(f"{word}s")
    return tuple(dict.fromkeys(forms))


def are_all_known(words: Collection[str], known: Collection[str]) -> bool:
    """Tell whether every word is one of those known, or another form of one."""
    return all(any(form in known for form in forms_of(word)) for word in words)
