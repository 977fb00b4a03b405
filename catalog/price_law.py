"""The law of announced reductions, as a function of a price history and nothing else.

Directive 98/6/EC, article 6a: an announced reduction shows the lowest price of the 30 days
before it. https://eur-lex.europa.eu/eli/dir/1998/6/2022-05-28
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.timezone import localtime

LOOK_BACK = dt.timedelta(days=30)


class ContradictsHistory(ValueError):
    """Earlier prices must all lie before the history that is known, and make sense in turn."""


@dataclass(frozen=True, slots=True)
class PricePoint:
    """A price in minor units from a moment on, until the next point begins."""

    price_minor: int
    is_reduction: bool
    valid_from: dt.datetime


def lowest_before(newest_first: Sequence[PricePoint]) -> int | None:
    """Return the lowest price of the 30 days before the reduction that leads the history.

    None when the newest price is no reduction, or the first one ever. A reduction that goes
    further step by step is one reduction, as the directive's article 6a(5) allows.
    """
    if not newest_first or not newest_first[0].is_reduction:
        return None
    first = _first_step(newest_first)
    began = newest_first[first].valid_from
    before = newest_first[first + 1 :]
    recent = [point for point in before if point.valid_from > began - LOOK_BACK]
    # The price that held when the 30 days began is the newest of the older ones.
    recent += before[len(recent) : len(recent) + 1]
    return min((point.price_minor for point in recent), default=None)


def check_earlier(oldest_first: Sequence[PricePoint], known_from: dt.datetime) -> None:
    """Refuse prices from before a known history that cannot be true.

    :raises ContradictsHistory: if there are none, one does not lie before the known history, two
        begin at one moment, a price follows itself, or a reduction does not reduce.
    """
    if not oldest_first:
        raise ContradictsHistory("Give at least one earlier price.")
    if oldest_first[-1].valid_from >= known_from:
        raise ContradictsHistory(
            f"The history begins at {_in_words(known_from)}: what follows it is known."
        )
    if oldest_first[0].is_reduction:
        raise ContradictsHistory("The first price cannot be a reduction: there is none before it.")
    for before, after in pairwise(oldest_first):
        _check_step(before, after)


def _check_step(before: PricePoint, after: PricePoint) -> None:
    moment = _in_words(after.valid_from)
    if before.valid_from == after.valid_from:
        raise ContradictsHistory(f"Two prices begin at {moment}.")
    if after.is_reduction and after.price_minor >= before.price_minor:
        raise ContradictsHistory(f"The price from {moment} does not reduce the one before it.")
    if (after.price_minor, after.is_reduction) == (before.price_minor, before.is_reduction):
        raise ContradictsHistory(f"The price from {moment} follows itself: give it once.")


def _in_words(at: dt.datetime) -> str:
    """Say a moment as staff read and write it: in the shop's own time."""
    return f"{localtime(at):%Y-%m-%d %H:%M:%S}"


def _first_step(newest_first: Sequence[PricePoint]) -> int:
    """Find where the reduction that leads the list began: as long as each step is lower."""
    steps = 0
    while (
        steps + 1 < len(newest_first)
        and newest_first[steps + 1].is_reduction
        and newest_first[steps + 1].price_minor > newest_first[steps].price_minor
    ):
        steps += 1
    return steps
