"""How long prepaid sessions may be used, in days and in words."""

import datetime as dt

from django.db import models
from django.utils import timezone

DAYS_OF_A_YEAR = 365
MONTHS_OF_A_YEAR = 12
# After the last day of a pass: its sessions are still honoured, and what is left then expires.
GRACE_DAYS = 14


class ValidityRule(models.TextChoices):
    """From which day the time of a pass runs."""

    FROM_PURCHASE = "FROM_PURCHASE", "from the purchase"
    FROM_FIRST_USE = "FROM_FIRST_USE", "from the first session"


def validity_window(
    *, rule: ValidityRule | str, days: int, at: dt.datetime
) -> tuple[dt.date | None, dt.date | None]:
    """First and last day of a pass bought at a moment; both open until its first session.

    Days are counted in the shop's time zone and the last day is whole, as German civil law
    counts periods (sections 187 and 188 BGB): 365 days from 1 March end with the next 1 March.
    """
    if rule == ValidityRule.FROM_FIRST_USE:
        return None, None
    starts_on = timezone.localdate(at)
    return starts_on, starts_on + dt.timedelta(days=days)


def describe_length(days: int) -> str:
    """Say a number of days as people do: 365 is "12 months", 90 is "90 days"."""
    years, rest = divmod(days, DAYS_OF_A_YEAR)
    if years and not rest:
        return f"{years * MONTHS_OF_A_YEAR} months"
    return "1 day" if days == 1 else f"{days} days"


def describe_validity(*, rule: ValidityRule | str, days: int) -> str:
    """Say how long sessions are valid: "valid 12 months from the first session"."""
    return f"valid {describe_length(days)} {ValidityRule(rule).label}"
