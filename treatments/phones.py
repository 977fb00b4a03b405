"""Telephone numbers as digits, so that however they are typed they are found."""

LONGEST = 20


def digits_of(number: str) -> str:
    """Return a number's digits alone, without the zeros that dial out of a country or town."""
    digits = "".join(letter for letter in number if letter.isascii() and letter.isdigit())
    return digits.lstrip("0")[:LONGEST]


def looks_like_one(words: str) -> bool:
    """Tell whether somebody typed a number, and not a name or a code with digits in it."""
    return bool(words) and all(letter in "0123456789+-/(). " for letter in words)
