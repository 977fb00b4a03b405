"""Days and months as reports group by them, in the clinic's zone."""

import datetime as dt
from collections.abc import Mapping
from typing import Final

from django.db.models.functions import TruncDay, TruncMonth
from django.utils import timezone

DAYS, MONTHS = "day", "month"
TRUNCATED: Final[Mapping[str, type[TruncDay | TruncMonth]]] = {DAYS: TruncDay, MONTHS: TruncMonth}


def span(from_on: dt.date, until_on: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """Return when some days begin, and when the day after the last one does."""
    return _midnight(from_on), _midnight(until_on + dt.timedelta(days=1))


def _midnight(on: dt.date) -> dt.datetime:
    return dt.datetime.combine(on, dt.time.min, tzinfo=timezone.get_default_timezone())
