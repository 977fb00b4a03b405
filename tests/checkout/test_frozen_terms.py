"""What a line of an order promises is copied when it is placed, not asked of the catalog again."""

from datetime import UTC, datetime

import pytest

from catalog import prices
from checkout.models import OrderLine
from tests.checkout import buying

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def place_six_sessions() -> None:
    basket = buying.basket_with((buying.package("MD-6", at=NOW), 1), at=NOW)
    buying.place(basket, at=NOW)


def test_a_package_keeps_what_one_session_cost_that_day() -> None:
    single = buying.package("MD-1", price_minor=9_000, sessions=1, at=NOW)
    place_six_sessions()

    prices.change(offer_id=single.pk, price_minor=12_000, reason="A new year", by=None, at=NOW)

    assert OrderLine.objects.get().single_price_minor == 9_000


def test_without_a_single_session_on_sale_there_is_no_single_price() -> None:
    place_six_sessions()

    assert OrderLine.objects.get().single_price_minor is None
