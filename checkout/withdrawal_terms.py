"""Whether a purchase may be withdrawn from on a day: the law's table, without a query.

Directive 2011/83/EU as changed by (EU) 2023/2673: 14 days (article 9), for goods from the day the
last of them arrives; sealed goods that are unsealed are left out for hygiene (article 16 e);
services begun at express request are paid for in proportion (article 14 paragraph 3). Whoever
takes the statement does not weigh it: it is received whatever stands here.
"""

import datetime as dt
from collections.abc import Iterable
from enum import StrEnum
from typing import Final

WINDOW: Final = dt.timedelta(days=14)
REFUND_WITHIN: Final = dt.timedelta(days=14)


class Standing(StrEnum):
    """How a withdrawal stands for one line."""

    IN_FULL = "IN_FULL"
    IN_PROPORTION = "IN_PROPORTION"
    SPENT = "SPENT"
    OPENED = "OPENED"
    LATE = "LATE"


WORDS: Final = {
    Standing.IN_FULL: "You get back what you paid for it.",
    Standing.IN_PROPORTION: "You get back what you paid, less the sessions you have had.",
    Standing.SPENT: "You get back what is left on the card, and not what was paid with it.",
    Standing.OPENED: (
        "Goods that are sealed for hygiene cannot be returned once they are opened. A person looks"
        " at it and answers you."
    ),
    Standing.LATE: (
        "The 14 days for this have passed. We take your statement all the same; a person looks at"
        " it and answers you."
    ),
}


def ends_on(
    *, is_package: bool, bought_on: dt.date, arrived_on: Iterable[dt.date | None]
) -> dt.date | None:
    """Return the last day of the window; none while goods are still to arrive.

    :param arrived_on: of goods, the day on which each parcel arrived, none for one that has not.
    """
    if is_package:
        return bought_on + WINDOW
    days = list(arrived_on)
    known = [day for day in days if day is not None]
    return max(known) + WINDOW if known and len(known) == len(days) else None


def standing(
    *,
    is_package: bool,
    is_opened: bool,
    is_begun: bool,
    ends: dt.date | None,
    on: dt.date,
    is_gift_card: bool = False,
) -> Standing:
    """Return how a withdrawal of a line stands on a day.

    :param is_package: whether nothing is sent for it: gift cards, too.
    :param is_begun: whether a session of the package was had, or passed on; or a card paid.
    """
    if ends is not None and on > ends:
        return Standing.LATE
    if is_package:
        used = Standing.SPENT if is_gift_card else Standing.IN_PROPORTION
        return used if is_begun else Standing.IN_FULL
    return Standing.OPENED if is_opened else Standing.IN_FULL
