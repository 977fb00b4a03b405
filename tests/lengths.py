"""How much the suite tries of what could be tried for an hour; `make thorough` tries all of it."""

import os
import random
from collections.abc import Collection
from typing import TypeVar

IS_THOROUGH = os.environ.get("THOROUGH") == "1"

Choice = TypeVar("Choice")


def some(choices: Collection[Choice], *, most: int) -> list[Choice]:
    """Return all choices in a thorough run, else so many that were drawn by lot.

    Every run draws others: pytest-randomly seeds the dice before each test, and its header says
    with what; `-p randomly_seed=…` draws the same again.
    """
    if IS_THOROUGH or len(choices) <= most:
        return list(choices)
    return random.sample(list(choices), most)


def is_drawn(*, one_in: int) -> bool:
    """Tell whether this one is tried: each in a thorough run, else one in so many."""
    return IS_THOROUGH or random.randrange(one_in) == 0
