"""The number on the box: GTIN-8, -12, -13 or -14 with its check digit."""

from django.core.exceptions import ValidationError

_LENGTHS = {8, 12, 13, 14}


def validate_barcode(barcode: str) -> None:
    """Refuse what is no GTIN; https://www.gs1.org/services/check-digit-calculator

    :raises ValidationError: if the length or the check digit is wrong.
    """
    if len(barcode) not in _LENGTHS or not (barcode.isascii() and barcode.isdigit()):
        raise ValidationError("A barcode has 8, 12, 13 or 14 digits.", code="barcode_length")
    if _check_digit(barcode[:-1]) != int(barcode[-1]):
        raise ValidationError("The last digit does not fit the others.", code="barcode_digit")


def _check_digit(digits: str) -> int:
    weighted = (
        int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits))
    )
    return -sum(weighted) % 10
