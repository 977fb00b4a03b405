import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from treatments.spacing import NO_RULE, Spacing, clinic_day, next_day, recommended_day

BERLIN = ZoneInfo("Europe/Berlin")
EVERY_TWO_WEEKS = Spacing(min_days=14, recommended_days=28)
COURSE_OF_THREE = Spacing(min_days=7, recommended_days=7, most_in_course=3, rest_days=60)


def at(month: int, day: int, hour: int = 12, minute: int = 0) -> dt.datetime:
    """A moment of 2026 by the clinic's clock."""
    return dt.datetime(2026, month, day, hour, minute, tzinfo=BERLIN)


def test_the_first_session_may_be_any_day() -> None:
    assert next_day(EVERY_TWO_WEEKS, []) is None
    assert recommended_day(EVERY_TWO_WEEKS, []) is None


def test_without_a_rule_any_day_will_do() -> None:
    assert next_day(NO_RULE, [at(3, 1)]) is None


def test_the_last_session_counts_and_not_the_order_in_which_they_are_told() -> None:
    assert next_day(EVERY_TWO_WEEKS, [at(3, 20), at(3, 1)]) == dt.date(2026, 4, 3)
    assert recommended_day(EVERY_TWO_WEEKS, [at(3, 20), at(3, 1)]) == dt.date(2026, 4, 17)


@pytest.mark.parametrize(
    ("session", "possible_on"),
    [
        # Clocks go forward in the night to 29 March, back in the night to 25 October.
        (at(3, 28, 23, 59), dt.date(2026, 4, 11)),
        (at(3, 29, 0, 0), dt.date(2026, 4, 12)),
        (at(3, 29, 3, 30), dt.date(2026, 4, 12)),
        (at(10, 24, 23, 59), dt.date(2026, 11, 7)),
        (at(10, 25, 2, 30), dt.date(2026, 11, 8)),
    ],
)
def test_a_night_in_which_clocks_change_makes_no_difference(
    session: dt.datetime, possible_on: dt.date
) -> None:
    assert next_day(EVERY_TWO_WEEKS, [session]) == possible_on


def test_days_are_those_of_the_clinic_wherever_the_moment_was_written() -> None:
    late_evening_in_utc = dt.datetime(2026, 7, 1, 22, 30, tzinfo=dt.UTC)
    afternoon_in_new_york = dt.datetime(2026, 7, 1, 18, 30, tzinfo=ZoneInfo("America/New_York"))

    assert clinic_day(late_evening_in_utc) == dt.date(2026, 7, 2)
    assert late_evening_in_utc == afternoon_in_new_york
    assert next_day(EVERY_TWO_WEEKS, [afternoon_in_new_york]) == dt.date(2026, 7, 16)


def test_after_a_full_course_comes_its_rest() -> None:
    course = [at(1, 5), at(1, 12), at(1, 19)]

    assert next_day(COURSE_OF_THREE, course[:2]) == dt.date(2026, 1, 19)
    assert next_day(COURSE_OF_THREE, course) == dt.date(2026, 3, 20)


def test_a_rest_begins_a_new_course() -> None:
    sessions = [at(1, 5), at(1, 12), at(1, 19), at(3, 20)]

    assert next_day(COURSE_OF_THREE, sessions) == dt.date(2026, 3, 27)


def test_a_day_is_never_recommended_before_it_is_allowed() -> None:
    course = [at(1, 5), at(1, 12), at(1, 19)]

    assert recommended_day(COURSE_OF_THREE, course) == dt.date(2026, 3, 20)
