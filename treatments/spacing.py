"""How far apart sessions are: the one place that says which day the next may be.

Days are whole days in the clinic's time zone. A session at 23:30 and one at 00:30 are a day apart,
and the night on which clocks change makes no difference.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from treatments.models import Protocol


@dataclass(frozen=True, slots=True)
class Spacing:
    """What a protocol says about the days between sessions."""

    min_days: int = 0
    recommended_days: int = 0
    most_in_course: int | None = None
    rest_days: int | None = None


NO_RULE = Spacing()


def clinic_day(at: dt.datetime) -> dt.date:
    """Return the day that it is at the clinic at a moment."""
    return timezone.localdate(at)


def spacing_of(protocol: Protocol | None) -> Spacing:
    """Return what a protocol asks; without one, sessions may be any day."""
    if protocol is None:
        return NO_RULE
    return Spacing(
        min_days=protocol.min_days,
        recommended_days=protocol.recommended_days,
        most_in_course=protocol.most_in_course,
        rest_days=protocol.rest_days,
    )


def next_day(spacing: Spacing, sessions_at: Iterable[dt.datetime]) -> dt.date | None:
    """Return the first day on which another session may be, or nothing if any day will do."""
    days = sorted(clinic_day(at) for at in sessions_at)
    if not days:
        return None
    wait = spacing.min_days
    if _is_course_full(spacing, days):
        wait = max(wait, spacing.rest_days or 0)
    return days[-1] + dt.timedelta(days=wait) if wait else None


def recommended_day(spacing: Spacing, sessions_at: Iterable[dt.datetime]) -> dt.date | None:
    """Return the day from which another session is recommended; never before it is allowed."""
    moments = list(sessions_at)
    if not moments or not spacing.recommended_days:
        return next_day(spacing, moments)
    recommended = clinic_day(max(moments)) + dt.timedelta(days=spacing.recommended_days)
    return max(recommended, next_day(spacing, moments) or recommended)


def _is_course_full(spacing: Spacing, days: list[dt.date]) -> bool:
    """Tell whether the last sessions, which no rest parts, are as many as a course may have."""
    if not spacing.most_in_course or not spacing.rest_days:
        return False
    length = 1
    for earlier, later in zip(reversed(days[:-1]), reversed(days[1:]), strict=True):
        if (later - earlier).days >= spacing.rest_days:
            break
        length += 1
    return length >= spacing.most_in_course
