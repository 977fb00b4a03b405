"""Zones, rates and days of delivery."""

from datetime import UTC, datetime, timedelta

import pytest

from checkout import shipping
from checkout.models import DeliveryMethod, DeliveryRate, DeliveryZone
from money.money import Money

MONDAY = datetime(2026, 11, 23, 12, tzinfo=UTC)
FRIDAY = datetime(2026, 11, 27, 12, tzinfo=UTC)


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


@pytest.mark.parametrize(
    ("kind", "days", "ordered", "expected"),
    [
        ("COURIER", (1, 2), MONDAY, "Tue 24 to Wed 25 November"),
        ("COURIER", (1, 1), MONDAY, "Tue 24 November"),
        ("COURIER", (0, 1), MONDAY, "Mon 23 to Tue 24 November"),
        ("COURIER", (4, 6), MONDAY, "Fri 27 November to Tue 1 December"),
        ("PICKUP", (1, 3), MONDAY, "ready from Tue 24 November"),
        # Friday, Saturday and Sunday are packed on Friday, Monday and Monday.
        ("COURIER", (1, 2), FRIDAY, "Mon 30 November to Tue 1 December"),
        ("COURIER", (1, 2), FRIDAY + timedelta(days=1), "Tue 1 to Wed 2 December"),
        ("COURIER", (1, 2), FRIDAY + timedelta(days=2), "Tue 1 to Wed 2 December"),
        # Midnight in Berlin, an hour before it is in London.
        ("COURIER", (1, 2), MONDAY.replace(hour=23), "Wed 25 to Thu 26 November"),
        ("COURIER", (2, 3), datetime(2026, 12, 30, 12, tzinfo=UTC), "Fri 1 to Mon 4 January"),
    ],
)
def test_days_of_delivery_are_working_days_in_the_shops_zone(
    kind: str, days: tuple[int, int], ordered: datetime, expected: str
) -> None:
    method = DeliveryMethod(kind=kind, min_days=days[0], max_days=days[1])

    assert shipping.estimate(method, at=ordered) == expected
