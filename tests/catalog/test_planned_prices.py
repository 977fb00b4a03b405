"""Planned prices begin and end in time, through the laws that hold for every price."""

import datetime as dt

import pytest

from catalog import planned_prices, prices
from catalog.models import Offer, PlannedPrice, PlannedPriceStatus
from tests.catalog.factories import LONG_AGO, OfferFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
LATE = dt.timedelta(minutes=7)


def day(number: float) -> dt.datetime:
    return LONG_AGO + number * DAY


def plan(
    offer: Offer,
    price_minor: int,
    start: float,
    end: float | None = None,
    *,
    is_reduction: bool = True,
) -> PlannedPrice:
    return planned_prices.plan(
        offer_id=offer.pk,
        price_minor=price_minor,
        is_reduction=is_reduction,
        starts_at=day(start),
        ends_at=None if end is None else day(end),
        reason="Spring",
        by=None,
        at=day(1),
    )


def by_hand(offer: Offer, price_minor: int, on_day: float) -> None:
    prices.change(
        offer_id=offer.pk, price_minor=price_minor, reason="Hand", by=None, at=day(on_day)
    )


def history(offer: Offer) -> list[tuple[int, bool, dt.datetime]]:
    rows = offer.prices.order_by("valid_from")
    return list(rows.values_list("price_minor", "is_reduction", "valid_from"))


def test_a_reduction_begins_and_ends_in_time_with_its_lowest_price() -> None:
    offer = OfferFactory(price_minor=10000)
    spring = plan(offer, 8000, 40, 50)

    assert planned_prices.apply_due(at=day(39.9)) == 0
    assert planned_prices.apply_due(at=day(40)) == 1
    offer.refresh_from_db()
    assert (offer.price_minor, offer.lowest_before_minor) == (8000, 10000)
    assert planned_prices.apply_due(at=day(49)) == 0
    assert planned_prices.apply_due(at=day(50)) == 1

    offer.refresh_from_db()
    spring.refresh_from_db()
    assert (offer.price_minor, offer.lowest_before_minor) == (10000, None)
    assert history(offer) == [
        (10000, False, day(0)),
        (8000, True, day(40)),
        (10000, False, day(50)),
    ]
    assert (spring.status, spring.outcome) == (PlannedPriceStatus.DONE, "")


def test_a_late_worker_writes_a_lower_price_from_its_moment_and_a_higher_one_from_now() -> None:
    offer = OfferFactory(price_minor=10000)
    plan(offer, 8000, 40, 50)

    planned_prices.apply_due(at=day(40) + LATE)
    planned_prices.apply_due(at=day(50) + LATE)

    assert history(offer) == [
        (10000, False, day(0)),
        (8000, True, day(40)),
        (10000, False, day(50) + LATE),
    ]


def test_applying_twice_does_it_once() -> None:
    offer = OfferFactory(price_minor=10000)
    plan(offer, 8000, 40)

    assert planned_prices.apply_due(at=day(40)) == 1
    assert planned_prices.apply_due(at=day(41)) == 0

    assert len(history(offer)) == 2


def test_a_lower_price_is_written_from_now_when_another_one_began_after_its_moment() -> None:
    offer = OfferFactory(price_minor=10000)
    plan(offer, 8000, 40)
    by_hand(offer, 12000, 40.5)

    planned_prices.apply_due(at=day(41))

    assert history(offer)[-1] == (8000, True, day(41))
    offer.refresh_from_db()
    assert offer.lowest_before_minor == 10000


def test_80_100_90_holds_for_a_planned_90_too() -> None:
    offer = OfferFactory(price_minor=8000)
    by_hand(offer, 10000, 80)
    plan(offer, 9000, 100, 105)

    planned_prices.apply_due(at=day(100))

    offer.refresh_from_db()
    assert offer.lowest_before_minor == 8000


def test_a_second_planned_reduction_shows_the_lower_price_of_the_first() -> None:
    offer = OfferFactory(price_minor=10000)
    plan(offer, 7000, 40, 45)
    plan(offer, 9000, 50, 60)

    for moment in (40, 45, 50):
        planned_prices.apply_due(at=day(moment))

    offer.refresh_from_db()
    assert (offer.price_minor, offer.lowest_before_minor) == (9000, 7000)


def test_one_may_end_as_the_next_begins_and_both_are_written() -> None:
    offer = OfferFactory(price_minor=10000)
    plan(offer, 8000, 40, 50)
    plan(offer, 7000, 50, 60)
    planned_prices.apply_due(at=day(40))

    assert planned_prices.apply_due(at=day(50)) == 1
    assert planned_prices.apply_due(at=day(50) + dt.timedelta(seconds=1)) == 1

    prices_only = [price for price, _, _ in history(offer)]
    assert prices_only == [10000, 8000, 10000, 7000]


@pytest.mark.parametrize(
    ("start", "end"), [(30, 41), (40, 50), (45, 46), (49.9, None), (30, 90), (40, None)]
)
def test_overlapping_plans_are_refused_and_store_nothing(start: float, end: float | None) -> None:
    offer = OfferFactory(price_minor=10000)
    plan(offer, 8000, 40, 50)

    with pytest.raises(planned_prices.Overlaps, match=r"€80\.00 is planned from 2026-02-10"):
        plan(offer, 7000, start, end)

    assert PlannedPrice.objects.count() == 1


@pytest.mark.parametrize(("start", "end"), [(30, 40), (50, 60), (50, None), (39, None)])
def test_plans_that_only_touch_are_taken(start: float, end: float | None) -> None:
    offer = OfferFactory(price_minor=10000)
    plan(offer, 8000, 40, 50)

    plan(offer, 7000, start, end)

    assert PlannedPrice.objects.count() == 2


def test_a_price_set_by_hand_meanwhile_survives_the_end() -> None:
    offer = OfferFactory(price_minor=10000)
    spring = plan(offer, 8000, 40, 50)
    planned_prices.apply_due(at=day(40))
    by_hand(offer, 11000, 45)

    planned_prices.apply_due(at=day(50))

    spring.refresh_from_db()
    offer.refresh_from_db()
    assert spring.status == PlannedPriceStatus.OVERTAKEN
    assert spring.outcome == "Another price was set in the meantime: €110.00."
    assert offer.price_minor == 11000


def test_a_plan_that_reduces_nothing_when_it_begins_is_refused_and_says_so() -> None:
    offer = OfferFactory(price_minor=10000)
    spring = plan(offer, 8000, 40, 50)
    by_hand(offer, 7500, 30)

    planned_prices.apply_due(at=day(40))

    spring.refresh_from_db()
    assert spring.status == PlannedPriceStatus.REFUSED
    assert spring.outcome == "€80.00 is no reduction: the price is €75.00 now."
    assert len(history(offer)) == 2


def test_one_refused_plan_does_not_hold_up_another() -> None:
    refused, fine = OfferFactory(price_minor=100), OfferFactory(price_minor=10000)
    plan(refused, 8000, 40)
    plan(fine, 8000, 40)

    assert planned_prices.apply_due(at=day(40)) == 2

    fine.refresh_from_db()
    assert fine.price_minor == 8000


def test_a_plan_that_only_took_the_announcement_away_ends_and_holds_up_nobody() -> None:
    offer, other = OfferFactory(price_minor=12000), OfferFactory(price_minor=10000)
    prices.change(
        offer_id=offer.pk, price_minor=9900, is_reduction=True, reason="Sale", by=None, at=day(2)
    )
    quiet = plan(offer, 9900, 40, 50, is_reduction=False)
    late = plan(other, 9000, 50)
    planned_prices.apply_due(at=day(40))

    assert planned_prices.apply_due(at=day(50)) == 2

    for each in (quiet, late, offer):
        each.refresh_from_db()
    assert (quiet.status, quiet.outcome) == (
        PlannedPriceStatus.DONE,
        "The price is the same; it is not announced as reduced again.",
    )
    assert late.status == PlannedPriceStatus.DONE
    assert history(offer)[-1] == (9900, False, day(40))


def test_a_plan_that_fails_holds_up_no_other_and_is_heard_of(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broken, other = OfferFactory(price_minor=10000), OfferFactory(price_minor=10000)
    for offer in (broken, other):
        plan(offer, 9000, 40)
    begin = planned_prices._begin

    def fail_at_one(planned: PlannedPrice, at: dt.datetime) -> None:
        if planned.offer_id == broken.pk:
            raise RuntimeError("broken")
        begin(planned, at)

    monkeypatch.setattr(planned_prices, "_begin", fail_at_one)

    with pytest.raises(RuntimeError):
        planned_prices.apply_due(at=day(40))

    other.refresh_from_db()
    assert other.price_minor == 9000


def test_a_reduction_that_was_over_before_the_worker_came_never_happened() -> None:
    offer = OfferFactory(price_minor=10000)
    spring = plan(offer, 8000, 40, 50)

    planned_prices.apply_due(at=day(51))

    spring.refresh_from_db()
    assert spring.status == PlannedPriceStatus.REFUSED
    assert len(history(offer)) == 1


def test_what_is_to_come_is_called_off_and_what_runs_ends_now() -> None:
    offer = OfferFactory(price_minor=10000)
    to_come, running = plan(offer, 7000, 60, 70), plan(offer, 8000, 40, 50)
    planned_prices.apply_due(at=day(40))

    for each in (to_come, running):
        planned_prices.cancel(plan_id=each.pk, by=None, at=day(41))
    planned_prices.apply_due(at=day(65))

    offer.refresh_from_db()
    to_come.refresh_from_db()
    running.refresh_from_db()
    assert offer.price_minor == 10000
    assert history(offer)[-1] == (10000, False, day(41))
    assert (to_come.status, running.status) == ("CANCELLED", "DONE")
    with pytest.raises(planned_prices.NothingToCancel):
        planned_prices.cancel(plan_id=running.pk, by=None, at=day(42))


@pytest.mark.parametrize(
    ("start", "end", "refusal"),
    [
        (0.5, None, planned_prices.TooLate),
        (40, 40, planned_prices.EndsTooSoon),
        (40, 39, planned_prices.EndsTooSoon),
    ],
)
def test_impossible_times_are_refused(
    start: float, end: float | None, refusal: type[Exception]
) -> None:
    offer = OfferFactory(price_minor=10000)

    with pytest.raises(refusal):
        plan(offer, 8000, start, end)

    assert not PlannedPrice.objects.exists()


def test_a_plan_below_zero_or_without_a_reason_is_refused() -> None:
    offer = OfferFactory(price_minor=10000)

    with pytest.raises(prices.NegativePrice):
        plan(offer, -1, 40)
    with pytest.raises(prices.ReasonMissing):
        planned_prices.plan(
            offer_id=offer.pk, price_minor=1, starts_at=day(40), reason=" ", by=None, at=day(1)
        )

    assert not PlannedPrice.objects.exists()
