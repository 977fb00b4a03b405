"""Sets as bits: what goes in comes out, and comparing numbers digit by digit is comparing them."""

import random

from hypothesis import given
from hypothesis import strategies as st

from catalog.bitmaps import Marks, Numbers, Texts, bitmap, cut, numbers

places = st.sets(st.integers(0, 3_000))


@given(places)
def test_a_set_holds_what_was_put_into_it(members: set[int]) -> None:
    assert list(numbers(bitmap(members))) == sorted(members)


@given(places, st.integers(0, 3_000), st.integers(0, 60))
def test_a_cut_is_a_slice_of_the_members_in_the_order(
    members: set[int], start: int, length: int
) -> None:
    order = list(range(3_001))
    random.Random(3).shuffle(order)

    found = cut(bitmap(members), order, 3_001, start, start + length)

    wanted = [place for place in order if place in members]
    assert found == wanted[start : start + length]


prices = st.dictionaries(st.integers(0, 200), st.integers(0, 2**40), max_size=30)
bounds = st.one_of(st.none(), st.integers(0, 2**42))


@given(prices, bounds, bounds)
def test_bounds_find_the_numbers_between_them(
    known: dict[int, int], low: int | None, high: int | None
) -> None:
    index = _numbers(known)

    between = set(numbers(index.between(low, high)))

    assert between == {
        place
        for place, number in known.items()
        if (low is None or number >= low) and (high is None or number <= high)
    }


@given(prices, st.sets(st.integers(0, 200)))
def test_extremes_are_the_lowest_and_the_highest(known: dict[int, int], among: set[int]) -> None:
    inside = [number for place, number in known.items() if place in among]

    extremes = _numbers(known).extremes(bitmap(among))

    assert extremes == ((min(inside), max(inside)) if inside else None)


def _numbers(known: dict[int, int]) -> Numbers:
    marks: Marks[int] = Marks()
    for place, number in known.items():
        for digit in Numbers.digits_of(number):
            marks.add(digit, place)
    return Numbers(bitmap(known), dict(marks.bitmaps()))


def test_texts_are_found_by_number_and_can_be_replaced() -> None:
    before = Texts()
    before[0], before[1] = b"one", b"two"

    after = before.copy()
    after[1], after[2] = b"zwei", b""

    assert [before[0], before[1]] == [b"one", b"two"]
    assert [after[0], after[1], after[2]] == [b"one", b"zwei", b""]
