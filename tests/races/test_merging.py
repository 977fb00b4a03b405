"""R12: two accounts of one person become one, once, while desks redeem what either has."""

import datetime as dt
from functools import partial
from typing import Any

import pytest

from tests.races.conftest import Repeats
from tests.races.shop import WORKERS, Shop, at_once
from tests.races.small_shop import TwoAccounts

pytestmark = pytest.mark.race

PASSES, SESSIONS = 2, 5
DESKS = 16
MERGES = 4


def test_of_merges_either_way_one_is_done_and_no_session_is_lost_or_taken_too_soon(
    shop: Shop, at: dt.datetime, repeats: Repeats
) -> None:
    for turn in range(repeats(2)):
        person = twice(shop, f"merged-{turn}", at=at)
        desks = [redeeming(shop, person, number, at=at) for number in range(DESKS)]

        answers = at_once([*merges(shop, person, at=at), *desks])

        merged, redeemed = answers[:MERGES], answers[MERGES:]
        [stays] = [answer["result"] for answer in merged if "result" in answer]
        assert refusals(merged) == ["NoSuchAccount"] * (MERGES - 1)
        assert owners(shop, person) == {stays}
        assert active(shop, person) == [stays]
        # Until they were one, each account was a person who may come today.
        taken = sum("result" in answer for answer in redeemed)
        assert taken in (1, 2)
        assert refusals(redeemed) == ["TooEarly"] * (DESKS - taken)
        assert left(shop, person) == 2 * PASSES * SESSIONS - taken
        late = [redeeming(shop, person, DESKS + number, at=at)() for number in range(2 * PASSES)]
        assert refusals(late) == ["TooEarly"] * (2 * PASSES)
    assert shop.do("broken_ledgers", at=at) == []


# --- Negative control ---------------------------------------------------------------------


def test_without_the_lock_both_accounts_are_closed_and_the_sessions_are_nobodys(
    unguarded_shop: Shop, at: dt.datetime
) -> None:
    """R12, counter-proof: where accounts are looked at and not locked, each becomes the other."""
    person = twice(unguarded_shop, "merged", at=at)

    at_once(merges(unguarded_shop, person, at=at, without="account_lock"))

    assert active(unguarded_shop, person) == []


def twice(shop: Shop, name: str, *, at: dt.datetime) -> TwoAccounts:
    person: TwoAccounts = shop.do(
        "add_person_twice", person=name, passes=PASSES, sessions=SESSIONS, at=at
    )
    return person


def merges(shop: Shop, person: TwoAccounts, *, at: dt.datetime, without: str = "") -> list[Any]:
    """Merge the two, each way in turn, one act per worker."""
    return [
        partial(
            shop.try_to,
            "merge",
            at=at,
            worker=number % WORKERS,
            gone_id=person["accounts"][number % 2],
            stays_id=person["accounts"][1 - number % 2],
            manager_id=person["manager"],
            without=without,
        )
        for number in range(MERGES)
    ]


def redeeming(shop: Shop, person: TwoAccounts, number: int, *, at: dt.datetime) -> Any:
    """Redeem one of the passes of either account."""
    return partial(
        shop.try_to,
        "redeem",
        at=at,
        worker=number % WORKERS,
        pass_id=person["passes"][number % len(person["passes"])],
        reference=f"visit:of-{person['manager']}:{number}",
    )


def refusals(answers: list[dict[str, Any]]) -> list[str]:
    return [answer["error"].partition(":")[0] for answer in answers if "error" in answer]


def owners(shop: Shop, person: TwoAccounts) -> set[int]:
    query = "SELECT owner_id FROM treatments_sessionpass WHERE id = ?"
    return {shop.database.value(query, each) for each in person["passes"]}


def active(shop: Shop, person: TwoAccounts) -> list[int]:
    query = "SELECT is_active FROM accounts_user WHERE id = ?"
    return [each for each in person["accounts"] if shop.database.value(query, each)]


def left(shop: Shop, person: TwoAccounts) -> int:
    query = "SELECT sum(sessions) FROM treatments_ledgerentry WHERE session_pass_id = ?"
    return sum(int(shop.database.value(query, each)) for each in person["passes"])
