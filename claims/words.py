"""Words of a text as the rules see them, and where each stands in it.

What only changes how a word looks is undone: accents, wide and styled letters, characters that
cannot be seen, Cyrillic or Greek letters and digits that pass for Latin ones, and letters that
are spaced out. Every step reads the text once.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

# Letters of other scripts that look like a Latin one.
_LOOKALIKES = str.maketrans(
    "аеорсухіјѕԁһԛԝкмтвнзɡɩαβγεηικνορτυχω",
    "aeopcyxijsdhqwkmtbhzgiabyenikvoptuxw",
)
_DIGITS = str.maketrans("013457@$!", "oieastasi")
_APOSTROPHES = "'’‘\u02bc`\u00b4"
# Where a thought ends inside a sentence; a match never crosses one.
_STOPS = frozenset(";:—()[]…?!\n•·|")
_QUOTES = frozenset('"“”„«»')
_SHORTENED = frozenset({"it's", "let's", "that's", "what's", "who's", "here's", "there's"})
# Words and marks of a text without any of that, found in one go.
_PLAIN = re.compile(r"""[a-z0-9][a-z0-9'@$]*|[";:()\[\]?!\n|,%]|(?<=\s)-(?=\s)""", re.IGNORECASE)
# So many letters that stand alone in a row are one word that was spaced out.
_SPACED_OUT = 4
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Word:
    """One word or mark of a text: its plain form, and where it stands."""

    plain: str
    start: int
    end: int
    after_comma: bool = False

    @property
    def is_stop(self) -> bool:
        """Tell whether a thought ends here."""
        return self.plain in _STOPS


def words_of(text: str, start: int, end: int) -> list[Word]:
    """Return the words between two places of a text, and the marks where a thought ends."""
    marked = _plainly if text.isascii() else _marked
    return _joined(list(_after_commas(marked(text, start, end))))


def _after_commas(words: Iterator[Word]) -> Iterator[Word]:
    """Leave commas and quotation marks out; the word after a comma knows of it."""
    is_after = False
    for word in words:
        if word.plain == ",":
            is_after = True
        elif word.plain != '"':
            yield Word(word.plain, word.start, word.end, after_comma=True) if is_after else word
            is_after = False


def _plainly(text: str, start: int, end: int) -> Iterator[Word]:
    """Do what `_marked` does, several times as fast, for a text of plain ASCII."""
    for found in _PLAIN.finditer(text, start):
        place, letters = found.start(), found.group()
        if place >= end:
            return
        if letters[0].isalnum():
            until = min(found.end(), end)
            yield _word(letters[: until - place].lower(), place, until)
        else:
            yield Word("—" if letters == "-" else letters, place, place + 1)


def _marked(text: str, start: int, end: int) -> Iterator[Word]:
    begun, letters = start, ""
    for place in range(start, end):
        seen = _letters(text[place])
        if seen is None:
            continue
        if seen and (seen.isalnum() or (seen == "'" and letters) or (seen in "@$" and letters)):
            begun = begun if letters else place
            letters += seen
            continue
        if letters:
            yield _word(letters, begun, place)
            letters = ""
        if mark := _mark(text, place):
            yield Word(mark, place, place + 1)
    if letters:
        yield _word(letters, begun, end)


def _letters(character: str) -> str | None:
    """The plain letters of one character; none for what cannot be seen."""
    if character in "\u00ad\u034f\u115f\u1160\u3164\ufeff":
        return None
    if character.isascii():
        return character.lower()
    if character in _APOSTROPHES:
        return "'"
    category = unicodedata.category(character)
    if category in {"Cf", "Mn", "Me"}:
        return None
    wide = unicodedata.normalize("NFKD", character).casefold()
    return "".join(one for one in wide if not unicodedata.combining(one))


def _mark(text: str, place: int) -> str:
    character = text[place]
    if character in _QUOTES:
        return '"'
    if character in _STOPS or character == ",":
        return character
    if character == "%":
        return "%"
    is_dash = character in "-–" and text[place - 1 : place].isspace()
    return "—" if is_dash and text[place + 1 : place + 2].isspace() else ""


def _word(letters: str, start: int, end: int) -> Word:
    if letters.isascii() and letters.isalpha():
        return Word(letters[:_LONGEST], start, end)
    plain = letters.strip("'")[:_LONGEST]
    if plain.endswith("'s") and plain not in _SHORTENED:
        plain = plain[:-2]
    if not plain.isascii():
        plain = plain.translate(_LOOKALIKES)
    if any(one.isdigit() or one in "@$" for one in plain):
        plain = _without_digits(plain)
    return Word(plain, start, end)


def _without_digits(plain: str) -> str:
    """Read digits inside a word as the letters they pass for: “cur3s” is “cures”."""
    letters = sum(one.isalpha() for one in plain)
    is_word = letters >= 3 and plain[0].isalpha() and not plain[-1].isdigit()
    return plain.translate(_DIGITS) if is_word else plain


def _joined(words: list[Word]) -> list[Word]:
    """Put letters that stand alone in a row together: “c u r e s” is one word."""
    joined: list[Word] = []
    row: list[Word] = []
    for word in words:
        if len(word.plain) == 1 and word.plain.isalpha():
            row.append(word)
            continue
        joined += _closed(row)
        row = []
        joined.append(word)
    return joined + _closed(row)


def _closed(row: list[Word]) -> list[Word]:
    if len(row) < _SPACED_OUT:
        return row
    return [Word("".join(word.plain for word in row)[:_LONGEST], row[0].start, row[-1].end)]
