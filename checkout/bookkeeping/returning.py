"""Customers by the month of their first order, and how many of them came back how soon.

An order counts on the day on which it was paid, whatever became of it later; its value is what was
kept of it. Orders of one account are one customer's, orders of one address too, and so are those of
an account and of an address that one of its orders bears.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from django.db.models import F, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone

from checkout.models import Order
from cms.periods import span

# Days from the first order within which a second one counts.
WINDOWS: Final = (30, 90, 180, 365)

_Name = int | str


@dataclass(frozen=True, slots=True)
class Cohort:
    """Customers whose first order falls into one time.

    :ivar back: how many ordered again within each of `WINDOWS`, so far.
    :ivar ever: how many ordered again at all, so far.
    """

    customers: int = 0
    back: tuple[int, ...] = (0,) * len(WINDOWS)
    ever: int = 0
    orders: int = 0
    kept_minor: int = 0

    @property
    def kept_each_minor(self) -> int:
        """What was kept of a customer's orders, on average, in whole minor units."""
        return self.kept_minor // self.customers if self.customers else 0

    def __add__(self, other: "Cohort") -> "Cohort":
        return Cohort(
            self.customers + other.customers,
            tuple(ours + theirs for ours, theirs in zip(self.back, other.back, strict=True)),
            self.ever + other.ever,
            self.orders + other.orders,
            self.kept_minor + other.kept_minor,
        )


@dataclass(slots=True)
class _Customer:
    first_at: dt.datetime
    again_at: dt.datetime | None = None
    orders: int = 0
    kept_minor: int = 0

    def as_cohort(self) -> Cohort:
        again = self.again_at
        gone_by = again - self.first_at if again else dt.timedelta.max
        return Cohort(
            1,
            tuple(int(gone_by <= dt.timedelta(days=days)) for days in WINDOWS),
            int(again is not None),
            self.orders,
            self.kept_minor,
        )


def cohorts(*, from_on: dt.date, until_on: dt.date) -> dict[dt.date, Cohort]:
    """Return the customers whose first order falls on some days, by the first day of its month."""
    start, end = span(from_on, until_on)
    found: dict[dt.date, Cohort] = defaultdict(Cohort)
    for customer in _customers():
        if start <= customer.first_at < end:
            month = timezone.localdate(customer.first_at).replace(day=1)
            found[month] += customer.as_cohort()
    return {month: found[month] for month in sorted(found)}


def _customers() -> Iterable[_Customer]:
    """Gather every customer's orders, the earliest first."""
    paid = Order.objects.filter(paid_at__isnull=False)
    who = _People(_names(paid.order_by().distinct()))
    found: dict[_Name, _Customer] = {}
    orders = paid.annotate(to=Lower("email"), kept=F("total_minor") - F("refunded_minor"))
    rows = orders.order_by("paid_at", "pk").values_list("user_id", "to", "paid_at", "kept")
    for user_id, email, paid_at, kept_minor in rows.iterator():
        if paid_at is None:  # The query has asked for those that are there; the types do not know.
            continue
        customer = found.setdefault(who.of(user_id or email), _Customer(paid_at))
        customer.orders += 1
        customer.kept_minor += max(0, kept_minor)
        if customer.orders == 2:
            customer.again_at = paid_at
    return found.values()


def _names(paid: QuerySet[Order]) -> Iterator[tuple[int, str]]:
    """Yield which account has ordered under which address."""
    pairs = paid.filter(user__isnull=False).annotate(to=Lower("email"))
    yield from pairs.values_list("user_id", "to").iterator()


class _People:
    """Accounts and addresses, joined where one order bears both."""

    def __init__(self, pairs: Iterable[tuple[int, str]]) -> None:
        self._leads: dict[_Name, _Name] = {}
        for user_id, email in pairs:
            self._leads[self.of(email)] = self.of(user_id)

    def of(self, name: _Name) -> _Name:
        """Return the one name that stands for a person."""
        while self._leads.get(name, name) != name:
            name = self._leads[name]
        return name
