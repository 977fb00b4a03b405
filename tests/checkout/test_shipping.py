"""Zones, rates and days of delivery."""

import datetime as dt
from datetime import UTC, datetime

import pytest

from checkout import shipping
from checkout.models import DeliveryMethod, DeliveryRate, DeliveryZone, Holiday
from money.money import Money

MONDAY = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def germany() -> DeliveryZone:
    return DeliveryZone.objects.create(name="Germany", countries="de", sort_order=1)


def _method(zone: DeliveryZone, code: str = "standard", **fields: object) -> DeliveryMethod:
    return DeliveryMethod.objects.create(zone=zone, code=code, name=code.title(), **fields)


def _rate(method: DeliveryMethod, price_minor: int, **fields: object) -> DeliveryRate:
    return DeliveryRate.objects.create(method=method, price_minor=price_minor, **fields)


def _options(country: str = "DE", *, value: int = 2400, grams: int = 300) -> dict[str, Money]:
    found = shipping.options(
        country=country, goods_value=Money(value), weight_grams=grams, at=MONDAY
    )
    return {option.code: option.price for option in found}


@pytest.mark.django_db
def test_the_cheapest_rate_that_fits_weight_and_value_is_taken(germany: DeliveryZone) -> None:
    method = _method(germany)
    _rate(method, 490, up_to_grams=1000)
    _rate(method, 390, up_to_grams=1000, from_value_minor=3000)
    _rate(method, 990)

    assert _options(value=2999, grams=1000) == {"standard": Money(490)}
    assert _options(value=3000, grams=1000) == {"standard": Money(390)}
    assert _options(value=3000, grams=1001) == {"standard": Money(990)}


@pytest.mark.django_db
def test_a_method_without_a_rate_for_the_weight_is_not_offered(germany: DeliveryZone) -> None:
    _rate(_method(germany, free_from_minor=1000), 490, up_to_grams=299)

    assert _options() == {}


@pytest.mark.django_db
def test_delivery_is_free_from_the_very_threshold(germany: DeliveryZone) -> None:
    _rate(_method(germany, free_from_minor=6000), 490)

    assert _options(value=5999) == {"standard": Money(490)}
    assert _options(value=6000) == {"standard": Money(0)}


@pytest.mark.django_db
def test_collecting_is_free_unless_a_rate_says_otherwise(germany: DeliveryZone) -> None:
    _method(germany, "pickup", kind=DeliveryMethod.Kind.PICKUP)
    _rate(_method(germany, "locker", kind=DeliveryMethod.Kind.PICKUP), 100)

    assert _options() == {"locker": Money(100), "pickup": Money(0)}


@pytest.mark.django_db
def test_only_the_countrys_own_active_methods_are_offered(germany: DeliveryZone) -> None:
    _rate(_method(germany), 490)
    _rate(_method(germany, "old", is_active=False), 100)
    europe = DeliveryZone.objects.create(name="Europe", countries="AT, FR ,", sort_order=2)
    _rate(_method(europe, "europe"), 1290)

    assert _options("DE") == {"standard": Money(490)}
    assert _options("FR") == {"europe": Money(1290)}
    assert _options("US") == {}


@pytest.mark.django_db
def test_countries_are_listed_by_name_and_the_first_zones_first_is_the_default() -> None:
    europe = DeliveryZone.objects.create(name="Europe", countries="FR, AT", sort_order=2)
    _method(europe, "europe")
    _method(DeliveryZone.objects.create(name="Home", countries="DE", sort_order=1), "home")
    DeliveryZone.objects.create(name="Nowhere yet", countries="NO", sort_order=0)

    assert shipping.countries() == [("AT", "Austria"), ("FR", "France"), ("DE", "Germany")]
    assert shipping.default_country() == "DE"


@pytest.mark.django_db
def test_a_shop_without_zones_delivers_nowhere() -> None:
    assert shipping.countries() == []
    assert shipping.default_country() == ""


@pytest.mark.django_db
def test_holidays_of_the_shop_and_of_the_country_postpone_what_is_offered(
    germany: DeliveryZone,
) -> None:
    _rate(_method(germany), 490)
    _rate(_method(DeliveryZone.objects.create(name="Austria", countries="AT"), "at"), 900)
    Holiday.objects.create(on=dt.date(2026, 11, 24), name="Closed")
    Holiday.objects.create(on=dt.date(2026, 11, 25), name="Of theirs", country="AT")

    assert _estimates("DE") == {"standard": "Wed 25 – Fri 27 Nov"}
    assert _estimates("AT") == {"at": "Thu 26 – Mon 30 Nov"}


def _estimates(country: str) -> dict[str, str]:
    found = shipping.options(country=country, goods_value=Money(2400), weight_grams=300, at=MONDAY)
    return {option.code: option.estimate for option in found}


@pytest.mark.django_db
def test_the_plan_for_everybody_is_the_first_zones_cheapest_courier(germany: DeliveryZone) -> None:
    _method(germany, "pickup", kind=DeliveryMethod.Kind.PICKUP)
    _rate(_method(germany, "express", min_days=1, max_days=1), 1290)
    _rate(_method(germany, "standard", min_days=2, max_days=3), 490)

    plan = shipping.default_plan(at=MONDAY)

    assert plan is not None
    assert (plan.country, plan.rules.min_days, plan.rules.max_days) == ("Germany", 2, 3)


@pytest.mark.django_db
def test_a_shop_that_delivers_nowhere_promises_nothing() -> None:
    assert shipping.default_plan(at=MONDAY) is None
