"""What to do about what is felt: the worst holds, and what nobody can tell means a call."""

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from treatments.symptoms import Advice, Felt, Lasting, Sign, Strength, advise

REDNESS, BLISTERS = Sign(48, "CALL_US"), Sign(0, "SEEK_CARE")
WITHIN, BEYOND, UNSURE = Strength.WITHIN, Strength.BEYOND, Strength.UNKNOWN


def _advice(*signs: Sign, strength: str, lasting: str, hours: float, other: bool = False) -> Advice:
    return advise(Felt(signs, other, strength, lasting, hours))


@pytest.mark.parametrize(
    ("strength", "lasting", "hours", "advice"),
    [
        (WITHIN, Lasting.DAY, 20, Advice.REASSURE),
        (WITHIN, Lasting.TWO_DAYS, 48, Advice.REASSURE),
        (WITHIN, Lasting.TWO_DAYS, 48.1, Advice.CALL_US),
        (WITHIN, Lasting.THREE_DAYS, 20, Advice.CALL_US),
        (WITHIN, Lasting.LONGER, 20, Advice.CALL_US),
        (BEYOND, Lasting.DAY, 2, Advice.CALL_US),
        (UNSURE, Lasting.DAY, 2, Advice.CALL_US),
        (WITHIN, Lasting.UNKNOWN, 2, Advice.CALL_US),
    ],
)
def test_a_sign_is_usual_within_its_limit_and_its_hours(
    strength: str, lasting: str, hours: float, advice: Advice
) -> None:
    assert _advice(REDNESS, strength=strength, lasting=lasting, hours=hours) is advice


def test_what_is_never_usual_asks_for_its_own_from_the_first_hour() -> None:
    advice = _advice(BLISTERS, strength=WITHIN, lasting=Lasting.DAY, hours=0)

    assert advice is Advice.SEEK_CARE


def test_the_worst_of_several_holds() -> None:
    mild = {"strength": WITHIN, "lasting": Lasting.DAY, "hours": 2.0}

    assert _advice(REDNESS, BLISTERS, **mild) is Advice.SEEK_CARE
    assert _advice(REDNESS, **mild, other=True) is Advice.CALL_US
    assert _advice(**mild, other=True) is Advice.CALL_US


SIGNS = st.builds(Sign, st.integers(0, 100), st.sampled_from(["CALL_US", "SEEK_CARE"]))
HOURS = st.floats(0, 200)
LENGTHS = [Lasting.DAY, Lasting.TWO_DAYS, Lasting.THREE_DAYS, Lasting.LONGER]


@given(
    signs=st.lists(SIGNS, max_size=4),
    one_more=SIGNS,
    hours=HOURS,
    later=HOURS,
    lasting=st.integers(0, 3),
    longer=st.integers(0, 3),
)
def test_more_longer_and_stronger_is_never_less_urgent(
    signs: list[Sign], one_more: Sign, hours: float, later: float, lasting: int, longer: int
) -> None:
    length, more = LENGTHS[min(lasting, longer)], LENGTHS[max(lasting, longer)]
    before = _advice(*signs, strength=WITHIN, lasting=length, hours=min(hours, later))

    after = [
        _advice(*signs, one_more, strength=WITHIN, lasting=length, hours=min(hours, later)),
        _advice(*signs, strength=WITHIN, lasting=more, hours=min(hours, later)),
        _advice(*signs, strength=WITHIN, lasting=length, hours=max(hours, later)),
        _advice(*signs, strength=BEYOND, lasting=length, hours=min(hours, later)),
    ]

    # Nothing chosen asks for a call, so a first sign may say less.
    assert all(each >= before for each in (after if signs else after[1:]))


@given(
    signs=st.lists(SIGNS),
    other=st.booleans(),
    strength=st.sampled_from(Strength.values),
    lasting=st.sampled_from(Lasting.values),
    hours=HOURS | st.just(inf),
)
def test_only_what_is_known_and_within_every_limit_is_usual(
    signs: list[Sign], other: bool, strength: str, lasting: str, hours: float
) -> None:
    advice = advise(Felt(signs, other, strength, lasting, hours))

    if advice is Advice.REASSURE:
        assert signs
        assert not other
        assert strength == WITHIN
        assert lasting not in {Lasting.UNKNOWN, Lasting.LONGER}
        assert all(hours <= sign.usual_hours for sign in signs)
