"""R12: a session is taken once, however many desks reach for it at the same moment."""

import datetime as dt
from collections import Counter
from functools import partial
from typing import Any

import pytest

from tests.races.conftest import Repeats
from tests.races.shop import WORKERS, Shop, at_once

pytestmark = pytest.mark.race

DESKS = 64
SESSIONS = 10


def test_64_desks_take_10_sessions_exactly(shop: Shop, at: dt.datetime, repeats: Repeats) -> None:
    """R12: 64 redemptions of a balance of 10 at once: ten succeed, 54 are refused by name."""
    for turn in range(repeats(2)):
        [pass_id] = passes(shop, f"r12-{turn}", at=at)

        answers = redeem_at_once(shop, [pass_id] * DESKS, name=f"r12-{turn}", at=at)

        left = sorted(answer["result"] for answer in answers if "result" in answer)
        assert left == list(range(SESSIONS))
        assert refusals(answers) == {"NotEnoughSessions": DESKS - SESSIONS}
        assert balance(shop, pass_id) == 0
    assert shop.do("broken_ledgers", at=at) == []


def test_one_reference_sent_64_times_takes_one_session(shop: Shop, at: dt.datetime) -> None:
    """R12: a button that is pressed again and again redeems once, and always answers the same."""
    [pass_id] = passes(shop, "r12-again", at=at)

    answers = redeem_at_once(shop, [pass_id] * DESKS, name="", reference="visit:again", at=at)

    assert [answer.get("result") for answer in answers] == [SESSIONS - 1] * DESKS
    assert balance(shop, pass_id) == SESSIONS - 1


def test_two_passes_of_one_person_do_not_get_around_spacing(shop: Shop, at: dt.datetime) -> None:
    """R12: desks that each redeem another pass of the same person: one session, not several."""
    both = passes(shop, "r12-spaced", count=4, min_days=14, at=at)

    answers = redeem_at_once(shop, both * 4, name="r12-spaced", at=at)

    assert refusals(answers) == {"TooEarly": 15}
    assert sum(balance(shop, each) for each in both) == 4 * SESSIONS - 1
    assert shop.do("broken_ledgers", at=at) == []


# --- Negative controls --------------------------------------------------------------------


def test_without_the_lock_more_sessions_are_taken_than_there_are(
    unguarded_shop: Shop, at: dt.datetime
) -> None:
    """R12, counter-proof: a balance that is read, checked and then written is overdrawn."""
    [pass_id] = passes(unguarded_shop, "r12", at=at)

    redeem_at_once(unguarded_shop, [pass_id] * DESKS, name="r12", at=at, without="pass_lock")

    assert balance(unguarded_shop, pass_id) < 0


def test_without_the_lock_spacing_is_got_around(unguarded_shop: Shop, at: dt.datetime) -> None:
    """R12, counter-proof: a last session that is looked up and not locked is overlooked."""
    both = passes(unguarded_shop, "r12-spaced", count=4, min_days=14, at=at)

    redeem_at_once(unguarded_shop, both * 4, name="r12-s", at=at, without="pass_lock")

    assert sum(balance(unguarded_shop, each) for each in both) < 4 * SESSIONS - 1


def passes(
    shop: Shop, name: str, *, at: dt.datetime, count: int = 1, min_days: int = 0
) -> list[int]:
    ids: list[int] = shop.do(
        "add_passes",
        email=f"{name}@example.com",
        count=count,
        sessions=SESSIONS,
        min_days=min_days,
        at=at,
    )
    return ids


def redeem_at_once(
    shop: Shop,
    pass_ids: list[int],
    *,
    name: str,
    at: dt.datetime,
    reference: str = "",
    without: str = "",
) -> list[dict[str, Any]]:
    """Redeem each at the same moment, spread over worker processes."""
    return at_once(
        [
            partial(
                shop.try_to,
                "redeem",
                at=at,
                worker=number % WORKERS,
                pass_id=pass_id,
                reference=reference or f"visit:{name}:{number}",
                without=without,
            )
            for number, pass_id in enumerate(pass_ids)
        ]
    )


def refusals(answers: list[dict[str, Any]]) -> Counter[str]:
    return Counter(answer["error"].partition(":")[0] for answer in answers if "error" in answer)


def balance(shop: Shop, pass_id: int) -> int:
    return int(
        shop.database.value(
            "SELECT sum(sessions) FROM treatments_ledgerentry WHERE session_pass_id = ?", pass_id
        )
    )
