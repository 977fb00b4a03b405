"""The law's table: what kind of line, opened or not, begun or not, on which day."""

import datetime as dt
from itertools import product

import pytest

from checkout.withdrawal_terms import WORDS, Standing, ends_on, standing

BOUGHT = dt.date(2026, 6, 20)
ARRIVED = dt.date(2026, 6, 24)
# Days after the window began: the first, the last one, and the one after it.
DAYS = {0: False, 14: False, 15: True, 400: True}
S = Standing
IN_TIME = {
    # is_package, is_opened, is_begun
    (False, False, False): S.IN_FULL,
    (False, False, True): S.IN_FULL,
    (False, True, False): S.OPENED,
    (False, True, True): S.OPENED,
    (True, False, False): S.IN_FULL,
    (True, True, False): S.IN_FULL,
    (True, False, True): S.IN_PROPORTION,
    (True, True, True): S.IN_PROPORTION,
}
# A card is not opened; begun it is once it has paid for something.
OF_A_CARD = {False: S.IN_FULL, True: S.SPENT}


@pytest.mark.parametrize(
    ("is_package", "is_opened", "is_begun", "day"),
    [(*line, day) for line, day in product(IN_TIME, DAYS)],
)
def test_how_a_line_stands(is_package: bool, is_opened: bool, is_begun: bool, day: int) -> None:
    begins = BOUGHT if is_package else ARRIVED
    ends = ends_on(is_package=is_package, bought_on=BOUGHT, arrived_on=[ARRIVED])

    found = standing(
        is_package=is_package,
        is_opened=is_opened,
        is_begun=is_begun,
        ends=ends,
        on=begins + dt.timedelta(days=day),
    )

    assert found == (S.LATE if DAYS[day] else IN_TIME[is_package, is_opened, is_begun])


@pytest.mark.parametrize(("is_begun", "day"), list(product(OF_A_CARD, DAYS)))
def test_how_a_gift_card_stands(is_begun: bool, day: int) -> None:
    found = standing(
        is_package=True,
        is_opened=False,
        is_begun=is_begun,
        is_gift_card=True,
        ends=ends_on(is_package=True, bought_on=BOUGHT, arrived_on=[]),
        on=BOUGHT + dt.timedelta(days=day),
    )

    assert found == (S.LATE if DAYS[day] else OF_A_CARD[is_begun])


@pytest.mark.parametrize(
    ("arrived", "ends"),
    [
        ([], None),
        ([None], None),
        ([ARRIVED, None], None),
        ([ARRIVED], dt.date(2026, 7, 8)),
        ([ARRIVED, ARRIVED + dt.timedelta(days=3)], dt.date(2026, 7, 11)),
    ],
)
def test_the_window_for_goods_begins_when_the_last_of_them_is_there(
    arrived: list[dt.date | None], ends: dt.date | None
) -> None:
    assert ends_on(is_package=False, bought_on=BOUGHT, arrived_on=arrived) == ends


def test_goods_that_are_not_there_yet_can_be_withdrawn_from() -> None:
    found = standing(is_package=False, is_opened=False, is_begun=False, ends=None, on=dt.date.max)

    assert found == S.IN_FULL


def test_every_standing_is_put_into_words() -> None:
    assert set(WORDS) == set(Standing)
