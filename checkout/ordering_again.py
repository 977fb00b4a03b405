"""Put what an earlier order held into the basket once more, at what it costs today."""

import contextlib
import datetime as dt
from dataclasses import dataclass, field

from accounts.models import User
from checkout import baskets
from checkout.models import Basket, Order, OrderLine


@dataclass
class Again:
    """The basket, and a sentence for each article that is not in it as it was ordered."""

    basket: Basket | None
    notices: list[str] = field(default_factory=list)


def order_again(
    *, order: Order, basket: Basket | None, user: User | None, at: dt.datetime
) -> Again:
    """Put in as much of every line as there is to sell.

    What the basket holds already stays as it is, so that doing it twice does it once.
    """
    again = Again(basket)
    for line in order.lines.select_related("offer").order_by("position"):
        try:
            _put_in(line, line.quantity, into=again, user=user, at=at)
        except baskets.REFUSALS as refusal:
            again.notices.append(f"{f'{line.name} {line.label}'.rstrip()}: {refusal}")
            left = getattr(refusal, "available", 0)
            if left:
                with contextlib.suppress(*baskets.REFUSALS):  # Others buy them this moment.
                    _put_in(line, left, into=again, user=user, at=at)
    return again


def _put_in(
    line: OrderLine, quantity: int, *, into: Again, user: User | None, at: dt.datetime
) -> None:
    into.basket = baskets.restore(
        basket=into.basket, user=user, sku=line.offer.sku, quantity=quantity, at=at
    )
