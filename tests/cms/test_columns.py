"""Days and moments in the admin's lists."""

import datetime as dt
from types import SimpleNamespace

import pytest

from cms.columns import WhenColumn


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (dt.date(2031, 12, 3), "3 Dec 2031"),
        (dt.datetime(2031, 7, 3, 22, 5, tzinfo=dt.UTC), "4 Jul 2031, 00:05"),
        (None, ""),
    ],
    ids=["a day to come", "a moment in the shop's zone", "nothing"],
)
def test_a_list_says_the_day_also_of_what_is_to_come(value: dt.date | None, said: str) -> None:
    row = SimpleNamespace(ends=value)

    assert WhenColumn("ends", label="Until").get_value(row) == said
