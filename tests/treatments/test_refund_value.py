"""What comes back for unused sessions: the rule of the terms, to the cent."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from treatments.refund_value import refund_value

AMOUNTS = st.integers(min_value=0, max_value=1_000_000)


@st.composite
def passes(draw: st.DrawFn) -> dict[str, int | None]:
    """Any pass, with any number of its sessions used and passed on."""
    sessions = draw(st.integers(min_value=1, max_value=60))
    used = draw(st.integers(min_value=0, max_value=sessions))
    return {
        "paid_minor": draw(AMOUNTS),
        "sessions": sessions,
        "used": used,
        "passed_on": draw(st.integers(min_value=0, max_value=sessions - used)),
        "single_minor": draw(st.none() | AMOUNTS),
    }


@pytest.mark.parametrize(
    ("used", "refund_minor"),
    [(0, 48_000), (1, 39_000), (2, 30_000), (5, 3_000), (6, 0)],
)
def test_used_sessions_count_at_the_single_price(used: int, refund_minor: int) -> None:
    value = refund_value(paid_minor=48_000, sessions=6, used=used, single_minor=9_000)

    assert value.refund_minor == refund_minor
    assert value.used_minor == 48_000 - refund_minor


def test_nothing_comes_back_once_the_used_ones_are_worth_what_was_paid() -> None:
    value = refund_value(paid_minor=70_000, sessions=10, used=9, single_minor=9_000)

    assert (value.refund_minor, value.used_minor, value.unused) == (0, 70_000, 1)


def test_without_a_single_price_a_session_is_worth_its_share() -> None:
    value = refund_value(paid_minor=10_000, sessions=3, used=1, single_minor=None)

    assert (value.used_minor, value.refund_minor) == (3_333, 6_667)


def test_sessions_passed_on_keep_their_share() -> None:
    value = refund_value(paid_minor=48_000, sessions=6, used=2, passed_on=1, single_minor=9_000)

    assert (value.used_minor, value.passed_on_minor, value.refund_minor) == (18_000, 7_500, 22_500)


@given(passes())
def test_the_parts_sum_to_what_was_paid_and_none_is_negative(facts: dict[str, int]) -> None:
    value = refund_value(**facts)

    parts = (value.used_minor, value.passed_on_minor, value.refund_minor)
    assert sum(parts) == facts["paid_minor"]
    assert min(parts) >= 0
    assert value.refund_minor == 0 or value.unused > 0


@given(passes())
def test_using_one_more_never_brings_more_back(facts: dict[str, int]) -> None:
    assume(facts["used"] + facts["passed_on"] < facts["sessions"])

    now = refund_value(**facts)
    later = refund_value(**(facts | {"used": facts["used"] + 1}))

    assert later.refund_minor <= now.refund_minor


@pytest.mark.parametrize(
    "wrong",
    [{"used": 7}, {"used": -1}, {"used": 4, "passed_on": 3}, {"paid_minor": -1}, {"sessions": 0}],
)
def test_impossible_numbers_are_refused(wrong: dict[str, int]) -> None:
    facts = {"paid_minor": 48_000, "sessions": 6, "used": 2, "passed_on": 0, "single_minor": 9_000}

    with pytest.raises(ValueError, match="one session or more"):
        refund_value(**(facts | wrong))
