"""How goods can reach a buyer, for how much, and when."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, Min, Prefetch, QuerySet
from django.utils import timezone

from checkout.arrival import Arrival, Closed, Rules, arrival
from checkout.countries import country_name
from checkout.models import DeliveryMethod, DeliveryZone, DestinationVat, Holiday
from cms.row_lists import row_list, unpacked
from money.money import Money


@dataclass(frozen=True)
class DeliveryOption:
    """One way of delivery that a buyer may choose, priced for this basket.

    :ivar full_price: what it costs before a discount; none if there is none.
    """

    method_id: int
    code: str
    name: str
    kind: str
    carrier: str
    price: Money
    arrival: Arrival
    free_from: Money | None
    is_chosen: bool = False
    full_price: Money | None = None

    @property
    def off_minor(self) -> int:
        """What a discount takes off its price, in minor units."""
        return (self.full_price - self.price).minor if self.full_price else 0

    @property
    def estimate(self) -> str:
        """The days on which it arrives."""
        return self.arrival.text


@dataclass(frozen=True, slots=True)
class DeliveryPlan:
    """What a promise to somebody whose basket is not known follows from."""

    rules: Rules
    closed: Closed
    country: str

    def arrival(self, *, at: dt.datetime, back_order_days: int | None) -> Arrival:
        """Return when goods ordered at a moment arrive."""
        return arrival(
            self.rules,
            at=at,
            zone=shop_zone(),
            closed=self.closed,
            back_order_days=back_order_days,
        )


class DeliveryFacts:
    """Zones and holidays for the length of one request, each read when it is first asked for."""

    def __init__(self) -> None:
        self._closed: dict[str, Closed] = {}

    @cached_property
    def zones(self) -> list[DeliveryZone]:
        """Every zone with its offered methods and their rates."""
        return zones()

    def closed_days(self, country: str, *, at: dt.datetime) -> Closed:
        """Return the holidays that matter to what is ordered now for a country."""
        if country not in self._closed:
            self._closed[country] = closed_days(country, at=at)
        return self._closed[country]


def shop_zone() -> ZoneInfo:
    """Return the time zone whose clock the cut-off means."""
    return ZoneInfo(settings.TIME_ZONE)


def zones() -> list[DeliveryZone]:
    """Load every zone with its offered methods and their rates, in three queries.

    Each knows as `taxes_there` whether goods bear the VAT of where they go.
    """
    offered = DeliveryMethod.objects.filter(is_active=True).prefetch_related("rates")
    is_on = Exists(DestinationVat.objects.filter(is_on=True))
    every = DeliveryZone.objects.annotate(taxes_there=is_on).prefetch_related(
        Prefetch("methods", queryset=offered)
    )
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
    facts: DeliveryFacts | None = None,
    back_order_days: int | None = None,
) -> list[DeliveryOption]:
    """Return the ways to deliver goods of a value and weight to a country.

    :param back_order_days: in how many days what is not in stock comes to us.
    :param facts: zones and holidays, where a caller has them at hand.
    """
    facts = facts or DeliveryFacts()
    zone = next((zone for zone in facts.zones if country in zone.country_codes()), None)
    if zone is None:
        return []
    closed = facts.closed_days(country, at=at)
    return [
        DeliveryOption(
            method_id=method.pk,
            code=method.code,
            name=method.name,
            kind=method.kind,
            carrier=method.carrier,
            price=price,
            arrival=arrival(
                rules_of(method),
                at=at,
                zone=shop_zone(),
                closed=closed,
                back_order_days=back_order_days,
            ),
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


def rules_of(method: DeliveryMethod) -> Rules:
    """Return how a method carries, as `checkout.arrival` reckons with it."""
    return Rules(
        is_pickup=method.kind == DeliveryMethod.Kind.PICKUP,
        cut_off=method.cut_off,
        handling_days=method.handling_days,
        min_days=method.min_days,
        max_days=method.max_days,
        leaves_on=method.leaves_on,
        arrives_on=method.arrives_on,
    )


def closed_days(country: str, *, at: dt.datetime) -> Closed:
    """Return the holidays that matter to what is ordered now for a country; one query."""
    rows = _holidays(at).filter(country__in=["", country]).values_list("on", "country")
    return _closed(rows, country)


def _holidays(at: dt.datetime) -> QuerySet[Holiday]:
    return Holiday.objects.filter(on__gte=timezone.localdate(at) - dt.timedelta(days=1))


def _closed(rows: Iterable[tuple[dt.date, str]], country: str) -> Closed:
    days = list(rows)
    return Closed(
        here=frozenset(day for day, where in days if not where),
        there=frozenset(day for day, where in days if where and where == country),
    )


def default_plan(*, at: dt.datetime) -> DeliveryPlan | None:
    """Return how a small parcel reaches most buyers: the first zone's cheapest; one query."""
    couriers = DeliveryMethod.objects.filter(is_active=True, kind=DeliveryMethod.Kind.COURIER)
    priced = couriers.annotate(cheapest=Min("rates__price_minor")).exclude(cheapest=None)
    priced = priced.annotate(holidays=row_list(_holidays(at), "on", "country"))
    first = ("zone__sort_order", "zone__name", "cheapest", "sort_order", "pk")
    method = priced.select_related("zone").order_by(*first).first()
    if method is None:
        return None
    country = next(iter(method.zone.country_codes()), "")
    days = unpacked(method.holidays)
    closed = _closed(((dt.date.fromisoformat(day), where) for day, where in days), country)
    return DeliveryPlan(rules=rules_of(method), closed=closed, country=country_name(country))


def _given(served: Sequence[DeliveryZone] | None) -> Sequence[DeliveryZone]:
    return zones() if served is None else served


def _money_or_none(minor: int | None, currency: str) -> Money | None:
    return None if minor is None else Money(minor, currency)
