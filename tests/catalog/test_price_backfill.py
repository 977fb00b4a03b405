"""Prices from before the history begins can be added, but never to make an old price up."""

import datetime as dt

from django.apps import apps
from django.db import models
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog import forms, prices
from catalog.models import Offer
from catalog.price_law import ContradictsHistory, PricePoint, lowest_before
from tests.catalog.factories import LONG_AGO, OfferFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
NOW = LONG_AGO + 100 * DAY


def point(price_minor: int, on_day: int, *, is_reduction: bool = False) -> PricePoint:
    return PricePoint(price_minor, is_reduction, LONG_AGO + on_day * DAY)


def backfill(offer: Offer, *points: PricePoint, reason: str = "From the old shop") -> Offer:
    return prices.backfill(offer_id=offer.pk, earlier=points, reason=reason, by=None, at=NOW)


def history(offer: Offer) -> list[int]:
    return list(offer.prices.order_by("valid_from").values_list("price_minor", flat=True))


def reduce(offer: Offer, price_minor: int, on_day: int) -> Offer:
    return prices.change(
        offer_id=offer.pk,
        price_minor=price_minor,
        is_reduction=True,
        reason="Season",
        by=None,
        at=LONG_AGO + on_day * DAY,
    )


def test_earlier_prices_come_before_the_known_ones_in_any_order_given() -> None:
    offer = OfferFactory(price_minor=10000)

    backfill(offer, point(9000, -10), point(8000, -60))

    assert history(offer) == [8000, 9000, 10000]
    offer.refresh_from_db()
    assert (offer.price_minor, offer.lowest_before_minor) == (10000, None)
    assert set(offer.prices.exclude(price_minor=10000).values_list("reason", flat=True)) == {
        "Earlier price: From the old shop"
    }


def test_an_earlier_lower_price_corrects_what_stands_beside_a_running_reduction() -> None:
    """80, 100, 90 with the 80 told later: the 80 held within the 30 days."""
    offer = OfferFactory(price_minor=10000)
    reduced = reduce(offer, 9000, on_day=20)
    assert reduced.lowest_before_minor == 10000

    corrected = backfill(offer, point(8000, -40))

    assert corrected.lowest_before_minor == 8000


def test_an_earlier_price_from_beyond_the_30_days_changes_nothing_shown() -> None:
    offer = OfferFactory(price_minor=10000)
    reduce(offer, 9000, on_day=31)

    assert backfill(offer, point(8000, -40)).lowest_before_minor == 10000


def test_no_earlier_price_raises_what_stands_beside_a_reduction() -> None:
    offer = OfferFactory(price_minor=10000)
    reduce(offer, 9000, on_day=1)

    assert backfill(offer, point(50000, -20)).lowest_before_minor == 10000


@given(
    known=st.lists(st.integers(100, 900), min_size=1, max_size=5),
    earlier=st.lists(st.integers(0, 2000), max_size=5),
    days=st.lists(st.integers(1, 20), min_size=11, max_size=11),
)
def test_whatever_is_added_before_a_history_can_only_lower_the_lowest_price(
    known: list[int], earlier: list[int], days: list[int]
) -> None:
    amounts = [*earlier, *known]
    moments = [LONG_AGO + sum(days[: place + 1]) * DAY for place in range(len(amounts) + 1)]
    points = [PricePoint(a, is_reduction=False, valid_from=m) for a, m in zip(amounts, moments)]  # noqa: B905
    reduction = PricePoint(50, is_reduction=True, valid_from=moments[-1])
    without = lowest_before([reduction, *reversed(points[len(earlier) :])])

    together = lowest_before([reduction, *reversed(points)])

    assert together is not None
    assert without is not None
    assert together <= without


@pytest.mark.parametrize(
    ("points", "message"),
    [
        ([], "at least one"),
        ([point(8000, 0)], "The history begins at 2026-01-01 10:00:00"),
        ([point(8000, 5)], "The history begins at"),
        ([point(8000, -5), point(7000, -5)], "Two prices begin at 2025-12-27 10:00:00"),
        ([point(8000, -5, is_reduction=True)], "first price cannot be a reduction"),
        ([point(8000, -9), point(8000, -5, is_reduction=True)], "does not reduce the one before"),
        ([point(8000, -9), point(8000, -5)], "follows itself"),
    ],
)
def test_what_contradicts_the_history_or_itself_is_refused_and_adds_nothing(
    points: list[PricePoint], message: str
) -> None:
    offer = OfferFactory(price_minor=10000)

    with pytest.raises(ContradictsHistory, match=message):
        backfill(offer, *points)

    assert history(offer) == [10000]


def test_an_earlier_price_below_zero_or_without_a_reason_is_refused_and_adds_nothing() -> None:
    offer = OfferFactory(price_minor=10000)

    with pytest.raises(prices.NegativePrice):
        backfill(offer, point(8000, -9), point(-1, -5))
    with pytest.raises(prices.ReasonMissing):
        backfill(offer, point(8000, -9), reason=" ")

    assert history(offer) == [10000]


def test_a_second_backfill_must_lie_before_the_first_one() -> None:
    offer = OfferFactory(price_minor=10000)
    backfill(offer, point(8000, -40))

    with pytest.raises(ContradictsHistory):
        backfill(offer, point(7000, -20))
    backfill(offer, point(7000, -50))

    assert history(offer) == [7000, 8000, 10000]


def test_no_form_of_the_catalogue_lets_anybody_type_the_price_from_before() -> None:
    """The only stored "was" price is derived: it is editable in no model and in no form."""
    typed = {
        name
        for form in vars(forms).values()
        if isinstance(form, type) and hasattr(form, "base_fields")
        for name in form.base_fields
    }
    money = {
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config("catalog").get_models()
        for field in model._meta.local_fields
        if isinstance(field, models.BigIntegerField) and field.name.endswith("_minor")
    }

    assert not {name for name in typed if "lowest" in name or "before" in name or "was" in name}
    assert not Offer._meta.get_field("lowest_before_minor").editable
    assert money == {
        "Offer.price_minor",
        "Offer.lowest_before_minor",
        "OfferPrice.price_minor",
        "PlannedPrice.price_minor",
        # What the shop pays its makers, which no customer sees.
        "GoodsReceiptLine.cost_minor",
        "Stock.cost_minor",
    }
