"""Numbers and moments as people type them into cells."""

import datetime as dt
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from catalog.imports.sheets import Row


class WrongNumber(ValueError):
    """A count that cannot be."""

    def __init__(self, column: str, message: str) -> None:
        self.column = column
        super().__init__(message)


def count(row: Row, column: str, most: int) -> int:
    """Read a whole number of nothing or more.

    :raises WrongNumber: if it is none, or more than `most`.
    """
    text = row.cells[column]
    if not (text.isascii() and text.isdigit()) or len(text) > 9 or int(text) > most:
        raise WrongNumber(column, f"Type a whole number from 0 to {most:,}.")
    return int(text)


def percent(text: str) -> int:
    """Read a rate in percent as basis points.

    :raises ValidationError: if it is none.
    """
    try:
        rate = Decimal(text.rstrip(" %").replace(",", ".")) * 100
        if not 0 <= rate <= 10_000 or rate != rate.to_integral_value():
            raise InvalidOperation
    except InvalidOperation as error:
        raise ValidationError("Type a rate in percent, such as 19.") from error
    return int(rate)


def moment(text: str) -> dt.datetime | None:
    """Read a day, or a day and a time, in the shop's zone.

    :raises ValidationError: if it is neither.
    """
    if not text:
        return None
    try:
        found = parse_datetime(text.replace("T", " "))
        day = parse_date(text)
    except ValueError:
        found = day = None
    if found is None and day is not None:
        found = dt.datetime.combine(day, dt.time.min)
    if found is None or not 2000 <= found.year <= 2200:
        raise ValidationError("Type a day, or a day and a time: 2026-12-01 09:00.")
    return timezone.make_aware(found) if timezone.is_naive(found) else found
