"""R14: a gift is accepted, exchanged or taken back, whoever presses at the same moment."""

import datetime as dt
from functools import partial
from typing import Any

import pytest

from tests.races.conftest import Repeats
from tests.races.shop import WORKERS, Shop, at_once

pytestmark = pytest.mark.race

SESSIONS, GIVEN = 10, 3
PRESSES = 16
VERBS = ("accept_gift", "take_gift_back", "exchange_gift")
STATUS = {"accepted": "ACCEPTED", "taken back": "TAKEN_BACK", "exchanged": "EXCHANGED"}


def test_a_gift_is_accepted_or_exchanged_or_taken_back_and_never_two_of_it(
    shop: Shop, at: dt.datetime, repeats: Repeats
) -> None:
    for turn in range(repeats(2)):
        pass_id, gift_id = a_gift(shop, f"gift-{turn}", at=at)

        done = press_at_once(shop, gift_id, presses=PRESSES, at=at)

        assert len(set(done)) == 1
        how = done[0]
        status = value(shop, "SELECT status FROM treatments_gift WHERE id = ?", gift_id)
        assert status == STATUS[how]
        gone = 0 if how == "taken back" else GIVEN
        assert left(shop, pass_id) == (SESSIONS - gone, 0)
        received = f"gift:{gift_id}"
        count = "SELECT count(*) FROM treatments_sessionpass WHERE grant_reference = ?"
        assert value(shop, count, received) == (1 if how == "accepted" else 0)
    assert shop.do("broken_ledgers", at=at) == []


# --- Negative control ---------------------------------------------------------------------


def test_without_the_lock_a_gift_is_accepted_and_exchanged_and_taken_back(
    unguarded_shop: Shop, at: dt.datetime
) -> None:
    """R14, counter-proof: where the gift is looked at and not locked, all are told yes."""
    _, gift_id = a_gift(unguarded_shop, "gift", at=at)

    done = press_at_once(unguarded_shop, gift_id, presses=WORKERS, at=at, without="gift_lock")

    assert set(done) == set(STATUS)


def a_gift(shop: Shop, name: str, *, at: dt.datetime) -> tuple[int, int]:
    [pass_id] = shop.do(
        "add_passes",
        email=f"{name}@example.com",
        count=1,
        sessions=SESSIONS,
        min_days=0,
        at=at,
    )
    return pass_id, shop.do("add_gift", pass_id=pass_id, sessions=GIVEN, at=at)


def press_at_once(
    shop: Shop, gift_id: int, *, presses: int, at: dt.datetime, without: str = ""
) -> list[str]:
    """Accept, take back and exchange it at the same moment, in turn; say what worked."""
    answers = at_once(
        [
            partial(
                shop.try_to,
                VERBS[number % len(VERBS)],
                at=at,
                worker=number % WORKERS,
                gift_id=gift_id,
                without=without,
            )
            for number in range(presses)
        ]
    )
    refused = {answer["error"].partition(":")[0] for answer in answers if "error" in answer}
    assert refused <= {"NotWaiting"}
    return [answer["result"] for answer in answers if "result" in answer]


def value(shop: Shop, query: str, key: object) -> Any:
    return shop.database.value(query, key)


def left(shop: Shop, pass_id: int) -> tuple[int, int]:
    """What is left of a pass, and how much of it is set aside."""
    sums = "SELECT sum({}) FROM treatments_ledgerentry WHERE session_pass_id = ?"
    sessions, held = (value(shop, sums.format(name), pass_id) for name in ("sessions", "held"))
    return int(sessions), int(held)
