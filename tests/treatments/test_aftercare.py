"""What is gentle enough when: every protocol, every kind of thing, every day."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.treatments.factories import ProtocolFactory
from treatments.aftercare import (
    LAST_DAY,
    NO_RULES,
    Answer,
    Fit,
    Rules,
    Window,
    date_of,
    day_after,
    of_care,
    of_habit,
    rules_of,
)
from treatments.models import AftercareWindow, CareTag

BERLIN = ZoneInfo("Europe/Berlin")
MIST, WASH, ACID, DYE, STRANGE = 1, 2, 3, 4, 5
PROTOCOLS = {
    "strong": Rules(
        care={MIST: Window(0), WASH: Window(2), ACID: Window(8), DYE: Window(14)},
        habits={"SUN": Window(8, "Wear a hat until then.")},
    ),
    "mild": Rules(care={MIST: Window(0), WASH: Window(1)}, habits={"SUN": Window(1)}),
    "silent": NO_RULES,
}
PRODUCTS = {
    "mist": {MIST},
    "wash": {WASH},
    "acid wash": {WASH, ACID},
    "dye": {DYE},
    "strange": {MIST, STRANGE},
    "untagged": set(),
}
NEVER = None
# The first gentle day by protocol and product; on all days if none is known.
FIRST_DAYS = {
    ("strong", "mist"): 0,
    ("strong", "wash"): 2,
    ("strong", "acid wash"): 8,
    ("strong", "dye"): 14,
    ("strong", "strange"): NEVER,
    ("strong", "untagged"): NEVER,
    ("mild", "mist"): 0,
    ("mild", "wash"): 1,
    ("mild", "acid wash"): NEVER,
    ("mild", "dye"): NEVER,
    ("mild", "strange"): NEVER,
    ("mild", "untagged"): NEVER,
    ("silent", "mist"): NEVER,
    ("silent", "wash"): NEVER,
    ("silent", "acid wash"): NEVER,
    ("silent", "dye"): NEVER,
    ("silent", "strange"): NEVER,
    ("silent", "untagged"): NEVER,
}


@pytest.mark.parametrize(("protocol", "product"), FIRST_DAYS, ids=str)
def test_a_product_is_gentle_from_its_day_on_and_not_before(protocol: str, product: str) -> None:
    first = FIRST_DAYS[protocol, product]

    answers = [
        of_care(PROTOCOLS[protocol], PRODUCTS[product], day=day).fit for day in range(LAST_DAY + 1)
    ]

    if first is NEVER:
        assert answers == [Fit.UNKNOWN] * (LAST_DAY + 1)
    else:
        gentle_days = LAST_DAY + 1 - first
        assert answers == [Fit.NOT_YET] * first + [Fit.GENTLE] * gentle_days


def test_a_habit_says_from_when_and_how() -> None:
    rules = PROTOCOLS["strong"]

    assert of_habit(rules, "SUN", day=7) == Answer(Fit.NOT_YET, 8, ("Wear a hat until then.",))
    assert of_habit(rules, "SUN", day=8).fit is Fit.GENTLE
    assert of_habit(rules, "SWIMMING", day=14) == Answer(Fit.UNKNOWN)


def test_news_come_on_the_days_on_which_something_begins_within_two_weeks() -> None:
    rules = Rules(care={MIST: Window(0), DYE: Window(21)}, habits={"SUN": Window(14)})

    assert rules.days_with_news == [0, 14]


WINDOWS = st.dictionaries(st.integers(1, 5), st.builds(Window, st.integers(0, 400)), max_size=5)


@given(care=WINDOWS, tags=st.sets(st.integers(1, 6)), day=st.integers(0, 400))
def test_what_is_gentle_enough_stays_so_and_the_unknown_is_never_allowed(
    care: dict[int, Window], tags: set[int], day: int
) -> None:
    rules = Rules(care, {})

    today, tomorrow = (of_care(rules, tags, day=each) for each in (day, day + 1))

    if today.fit is Fit.GENTLE:
        assert tomorrow.fit is Fit.GENTLE
        assert tags
        assert tags <= care.keys()
        assert all(care[tag].from_day <= day for tag in tags)
    assert (today.fit is Fit.UNKNOWN) == (not tags or not tags <= care.keys())
    assert (today.from_day is None) == (today.fit is Fit.UNKNOWN)


@pytest.mark.parametrize(
    ("session_at", "moment", "day"),
    [
        # The clocks go forward in the night to 29 March, and back in the night to 25 October.
        ("2026-03-28 23:30", "2026-03-29 00:30", 1),
        ("2026-03-28 12:00", "2026-03-30 00:15", 2),
        ("2026-10-24 23:59", "2026-10-25 23:59", 1),
        ("2026-10-25 00:05", "2026-10-25 23:55", 0),
        ("2026-10-24 18:00", "2026-11-07 06:00", 14),
    ],
)
def test_days_are_the_clinic_s_calendar_days_whatever_the_clocks_do(
    session_at: str, moment: str, day: int
) -> None:
    had, now = (
        dt.datetime.fromisoformat(each).replace(tzinfo=BERLIN) for each in (session_at, moment)
    )

    assert day_after(had.astimezone(dt.UTC), on=now.date()) == day
    assert date_of(had.astimezone(dt.UTC), day) == now.date()


@pytest.mark.django_db
@pytest.mark.parametrize(("shops_day", "first"), [(None, 2), (1, 2), (8, 8)])
def test_the_shop_s_own_day_of_a_kind_of_care_can_only_make_it_later(
    shops_day: int | None, first: int
) -> None:
    tag = CareTag.objects.create(name="Mild wash", slug="mild-wash", gentle_from_day=shops_day)
    protocol = ProtocolFactory.create()
    AftercareWindow.objects.create(protocol=protocol, care_tag=tag, from_day=2, note="Lukewarm.")

    rules = rules_of(protocol.aftercare_windows.select_related("care_tag"))

    assert rules == Rules({tag.pk: Window(first, "Lukewarm.")}, {})
