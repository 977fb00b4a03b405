"""Find numbers of payment cards, so that no text field takes one."""

import re
import unicodedata

from django.core.exceptions import ValidationError

# Blanks, dots and dashes as people group digits, and signs without width, which nobody sees
# between them; a phone number's slash or bracket ends a run.
_BETWEEN = r"[ .\t\u00a0\u2009\u202f\u2010-\u2013\u200b-\u200d\u2060\ufe0f\ufeff-]"
_RUN = re.compile(rf"\d(?:{_BETWEEN}?\d){{12,199}}")
SHORTEST, LONGEST = 13, 19
# What cards begin with: the industry's own digits, ISO/IEC 7812.
_FIRST = frozenset("23456")
# What is looked for between other digits; 15 digits are American Express.
_IN_LONGER = ((16, ("2", "3", "4", "5", "6")), (15, ("34", "37")))


def holds_card_number(text: str) -> bool:
    """Tell whether a text holds a number that could be a card's."""
    return any(_is_one_of(_digits(match[0])) for match in _RUN.finditer(text))


def refuse_card_number(text: str) -> None:
    """Validate that a field holds no card number.

    :raises ValidationError: if it does.
    """
    if holds_card_number(text):
        raise ValidationError(
            "This looks like the number of a payment card. Please take it out.", code="card_number"
        )


def _digits(run: str) -> str:
    return "".join(str(unicodedata.digit(sign)) for sign in run if sign.isdigit())


def _is_one_of(digits: str) -> bool:
    """Tell whether digits are a card's number, or hold one between others."""
    if len(digits) <= LONGEST and _passes(digits):
        return True
    return any(
        digits.startswith(beginnings, start) and _passes(digits[start : start + length])
        for length, beginnings in _IN_LONGER
        for start in range(len(digits) - length + 1)
    )


def _passes(digits: str) -> bool:
    """Luhn's check, ISO/IEC 7812-1 annex B."""
    if digits[0] not in _FIRST or len(set(digits)) == 1:
        return False
    total = 0
    for place, sign in enumerate(reversed(digits)):
        value = int(sign) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
