"""What somebody writes of an amendment who has not thought of two people at one screen."""

import datetime as dt
import multiprocessing
from typing import Any

from accounts.models import User
from checkout import calling_off
from checkout.models import DeskBasket, Order
from checkout.selling import amending
from tests.races.shop import WORKERS

# Made before the workers are forked: each waits here until all of them have looked.
_all_have_looked = multiprocessing.Barrier(WORKERS)


def take_out_after_looking(
    _guarded: object,
    *,
    desk: DeskBasket,
    agreed_back_minor: int,
    by: User,
    at: dt.datetime,
    **_: Any,
) -> Order:
    """Look what is to be taken out, and take it out, whoever else has seen the same."""
    amended = desk.amends
    assert amended is not None
    units = amending.units_of(desk)
    _all_have_looked.wait(timeout=60)
    calling_off.call_off(
        order_id=amended.pk,
        units=units,
        agreed_minor=agreed_back_minor,
        reason="Amended",
        by=by,
        at=at,
    )
    return amended
