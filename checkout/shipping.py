"""How goods can reach a buyer, for how much, and when."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils import dateformat, timezone

from checkout.countries import country_name
from checkout.models import DeliveryMethod, DeliveryZone
from money.money import Money

_SATURDAY = 5


@dataclass(frozen=True)
class DeliveryOption:
    """One way of delivery that a buyer may choose, priced for this basket."""

    method_id: int
    code: str
    name: str
    kind: str
    carrier: str
    price: Money
    estimate: str
    free_from: Money | None
    is_chosen: bool = False


def zones() -> list[DeliveryZone]:
    """Load every zone with its offered methods and their rates, in three queries."""
    offered = DeliveryMethod.objects.filter(is_active=True).prefetch_related("rates")
    every = DeliveryZone.objects.prefetch_related(Prefetch("methods", queryset=offered))
    return [zone for zone in every if zone.methods.all()]


def countries(served: Sequence[DeliveryZone] | None = None) -> list[tuple[str, str]]:
    """Return code and name of every country delivered to, by name."""
    codes = {code for zone in _given(served) for code in zone.country_codes()}
    return sorted(((code, country_name(code)) for code in codes), key=lambda pair: pair[1])


def default_country(served: Sequence[DeliveryZone] | None = None) -> str:
    """Return the first zone's first country; empty if nothing is delivered anywhere."""
    return next((code for zone in _given(served) for code in zone.country_codes()), "")


def options(
    *,
    country: str,
    goods_value: Money,
    weight_grams: int,
    at: dt.datetime,
    served: Sequence[DeliveryZone] | None = None,
) -> list[DeliveryOption]:
    """Return the ways to deliver goods of a value and weight to a country.

    :param served: the result of `zones()`, where a caller has it at hand.
    """
    zone = next((zone for zone in _given(served) if country in zone.country_codes()), None)
    if zone is None:
        return []
    return [
        DeliveryOption(
            method_id=method.pk,
            code=method.code,
            name=method.name,
            kind=method.kind,
            carrier=method.carrier,
            price=price,
            estimate=estimate(method, at=at),
            free_from=_money_or_none(method.free_from_minor, goods_value.currency),
        )
        for method in zone.methods.all()
        if (price := price_of(method, goods_value=goods_value, weight_grams=weight_grams))
        is not None
    ]


def cheapest(options: Sequence[DeliveryOption]) -> DeliveryOption:
    """Return the cheapest delivery to the door; collecting only where nothing else is offered."""
    return min(
        options, key=lambda option: (option.kind == DeliveryMethod.Kind.PICKUP, option.price.minor)
    )


def price_of(method: DeliveryMethod, *, goods_value: Money, weight_grams: int) -> Money | None:
    """Return the cheapest rate that fits; nothing where the method cannot carry the goods.

    Collecting at the clinic costs nothing unless a rate says so.
    """
    fitting = [
        rate.price_minor
        for rate in method.rates.all()
        if (rate.up_to_grams is None or weight_grams <= rate.up_to_grams)
        and goods_value.minor >= rate.from_value_minor
    ]
    if not fitting and method.kind == DeliveryMethod.Kind.PICKUP and not method.rates.all():
        return Money(0, goods_value.currency)
    if not fitting:
        return None
    is_free = method.free_from_minor is not None and goods_value.minor >= method.free_from_minor
    return Money(0 if is_free else min(fitting), goods_value.currency)


def estimate(method: DeliveryMethod, *, at: dt.datetime) -> str:
    """Say on which days goods ordered now arrive, such as "Tue 24 to Wed 25 November".

    An order of a weekend is packed on Monday.
    """
    packed_on = _working_day_from(timezone.localdate(at))
    first = _add_working_days(packed_on, method.min_days)
    if method.kind == DeliveryMethod.Kind.PICKUP:
        return f"ready from {_day(first, 'D j F')}"
    last = _add_working_days(packed_on, method.max_days)
    if first == last:
        return _day(first, "D j F")
    is_same_month = (first.year, first.month) == (last.year, last.month)
    return f"{_day(first, 'D j' if is_same_month else 'D j F')} to {_day(last, 'D j F')}"


def _given(served: Sequence[DeliveryZone] | None) -> Sequence[DeliveryZone]:
    return zones() if served is None else served


def _money_or_none(minor: int | None, currency: str) -> Money | None:
    return None if minor is None else Money(minor, currency)


def _working_day_from(day: dt.date) -> dt.date:
    while day.weekday() >= _SATURDAY:
        day += dt.timedelta(days=1)
    return day


def _add_working_days(day: dt.date, count: int) -> dt.date:
    for _ in range(count):
        day = _working_day_from(day + dt.timedelta(days=1))
    return day


def _day(day: dt.date, pattern: str) -> str:
    return dateformat.format(day, pattern)
