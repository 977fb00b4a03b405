import datetime as dt

import pytest

from treatments.validity import ValidityRule, describe_length, describe_validity, validity_window


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (1, "1 day"),
        (90, "90 days"),
        (364, "364 days"),
        (365, "12 months"),
        (730, "24 months"),
        (366, "366 days"),
    ],
)
def test_lengths_are_said_as_people_say_them(days: int, words: str) -> None:
    assert describe_length(days) == words


def test_validity_says_from_when_it_runs() -> None:
    assert describe_validity(rule="FROM_PURCHASE", days=180) == "valid 180 days from the purchase"


def test_days_are_those_of_the_shop_and_the_last_one_is_whole() -> None:
    just_after_midnight_in_berlin = dt.datetime(2026, 2, 28, 23, 30, tzinfo=dt.UTC)

    window = validity_window(
        rule=ValidityRule.FROM_PURCHASE, days=365, at=just_after_midnight_in_berlin
    )

    assert window == (dt.date(2026, 3, 1), dt.date(2027, 3, 1))


def test_from_the_first_session_no_day_is_set_yet() -> None:
    now = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)

    assert validity_window(rule="FROM_FIRST_USE", days=365, at=now) == (None, None)
