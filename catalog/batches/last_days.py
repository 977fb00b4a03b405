"""Until when a batch can be sold: a buyer must have time to use it up."""

import datetime as dt
from calendar import monthrange

from catalog.models import Offer

MONTHS_OF_A_YEAR = 12


def sold_until(expires_on: dt.date | None, *, use_months: int) -> dt.date | None:
    """Return the last day on which a piece can be sold; none for what has no last day.

    :param use_months: for how many months the product keeps once opened.
    """
    return None if expires_on is None else months_before(expires_on, use_months)


def months_before(day: dt.date, months: int) -> dt.date:
    """Return the same day some months earlier, or the last day of a month that is too short."""
    years, month = divmod(day.year * MONTHS_OF_A_YEAR + day.month - 1 - months, MONTHS_OF_A_YEAR)
    return dt.date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))


def use_months_of(offer: Offer) -> int:
    """Return for how many months an article keeps once opened; 0 where its page does not say."""
    page = getattr(offer.page, "productpage", None)
    return int(page.period_after_opening_months or 0) if page is not None else 0
