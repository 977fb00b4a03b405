"""Prices change through one verb, with a history that tells the lowest one."""

import datetime as dt

from django.db import IntegrityError, connection, transaction
import pytest

from append_only.operations import protected_tables
from catalog import prices
from catalog.models import Offer, OfferKind, OfferPrice, Stock
from freshness.models import Change
from money.money import Money
from tests.catalog.factories import LONG_AGO, OfferFactory, ProductPageFactory

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


def change(offer: Offer, price_minor: int, on_day: int, *, is_reduction: bool = False) -> Offer:
    return prices.change(
        offer_id=offer.pk,
        price_minor=price_minor,
        is_reduction=is_reduction,
        reason="Season",
        by=None,
        at=LONG_AGO + on_day * DAY,
    )


def history(offer: Offer) -> list[tuple[int, bool]]:
    return list(offer.prices.values_list("price_minor", "is_reduction"))


def lowest(offer: Offer, on_day: int) -> Money | None:
    return prices.lowest_before_reduction(offer, LONG_AGO + on_day * DAY)


def test_first_price_starts_the_history_and_opens_the_stock() -> None:
    offer = OfferFactory(price_minor=8000, on_hand=0)

    assert history(offer) == [(8000, False)]
    assert (offer.stock.on_hand, offer.stock.reserved) == (0, 0)
    assert offer.lowest_before_minor is None


def test_a_package_has_no_stock() -> None:
    offer = OfferFactory(package=True)

    assert not Stock.objects.filter(offer=offer).exists()


def test_first_price_of_a_stored_offer_is_refused() -> None:
    offer = OfferFactory()

    with pytest.raises(prices.AlreadyPriced):
        prices.create_first(offer=offer, by=None, at=LONG_AGO)

    assert history(offer) == [(2400, False)]


def test_first_price_below_zero_is_refused_and_stores_nothing() -> None:
    offer = Offer(sku="A", page=ProductPageFactory(), label="a", price_minor=-1)

    with pytest.raises(prices.NegativePrice):
        prices.create_first(offer=offer, by=None, at=LONG_AGO)

    assert Offer.objects.count() == 0


def test_change_moves_price_and_history_together() -> None:
    offer = OfferFactory(price_minor=8000)

    change(offer, 10000, on_day=10)

    offer.refresh_from_db()
    assert offer.price == Money(10000)
    assert history(offer) == [(8000, False), (10000, False)]


def test_the_same_price_again_is_refused_and_adds_nothing() -> None:
    offer = OfferFactory(price_minor=8000)

    with pytest.raises(prices.SamePrice, match=r"The price is €80\.00 already\."):
        change(offer, 8000, on_day=10)

    assert history(offer) == [(8000, False)]


def test_the_same_amount_no_longer_announced_as_reduced_is_a_change() -> None:
    offer = OfferFactory(price_minor=8000)
    change(offer, 7000, on_day=10, is_reduction=True)

    changed = change(offer, 7000, on_day=20)

    assert changed.lowest_before_minor is None
    assert history(offer) == [(8000, False), (7000, True), (7000, False)]


@pytest.mark.parametrize("price_minor", [8000, 8001])
def test_a_reduction_that_is_not_lower_is_refused(price_minor: int) -> None:
    offer = OfferFactory(price_minor=8000)

    with pytest.raises(prices.NotAReduction):
        change(offer, price_minor, on_day=10, is_reduction=True)

    offer.refresh_from_db()
    assert offer.price_minor == 8000
    assert history(offer) == [(8000, False)]


def test_a_price_before_the_one_that_holds_is_refused() -> None:
    offer = OfferFactory(price_minor=8000)
    change(offer, 9000, on_day=10)

    with pytest.raises(prices.Backdated):
        change(offer, 7000, on_day=9)

    assert history(offer) == [(8000, False), (9000, False)]


def test_a_change_without_a_reason_is_refused() -> None:
    offer = OfferFactory(price_minor=8000)

    with pytest.raises(prices.ReasonMissing):
        prices.change(offer_id=offer.pk, price_minor=1, reason=" ", by=None, at=LONG_AGO + DAY)

    assert history(offer) == [(8000, False)]


def test_lowest_of_80_100_90_is_the_80_that_held_within_30_days() -> None:
    offer = OfferFactory(price_minor=8000)
    change(offer, 10000, on_day=80)

    reduced = change(offer, 9000, on_day=100, is_reduction=True)

    assert lowest(offer, on_day=100) == Money(8000)
    assert reduced.lowest_before_minor == 8000


def test_lowest_of_80_100_90_is_100_once_the_80_lies_further_back() -> None:
    offer = OfferFactory(price_minor=8000)
    change(offer, 10000, on_day=80)

    change(offer, 9000, on_day=110, is_reduction=True)

    assert lowest(offer, on_day=110) == Money(10000)


def test_the_80_counts_while_it_held_for_a_second_of_the_30_days() -> None:
    offer = OfferFactory(price_minor=8000)
    change(offer, 10000, on_day=80)

    prices.change(
        offer_id=offer.pk,
        price_minor=9000,
        is_reduction=True,
        reason="Season",
        by=None,
        at=LONG_AGO + 110 * DAY - dt.timedelta(seconds=1),
    )

    assert lowest(offer, on_day=110) == Money(8000)


def test_lowest_is_none_without_a_reduction_and_after_it() -> None:
    offer = OfferFactory(price_minor=8000)
    assert lowest(offer, on_day=1) is None

    change(offer, 7000, on_day=10, is_reduction=True)
    change(offer, 8000, on_day=20)

    assert lowest(offer, on_day=15) == Money(8000)
    assert lowest(offer, on_day=20) is None
    assert Offer.objects.get(pk=offer.pk).lowest_before_minor is None


def test_steps_down_are_one_reduction_that_began_with_the_first() -> None:
    offer = OfferFactory(price_minor=10000)
    change(offer, 9000, on_day=50, is_reduction=True)

    change(offer, 8000, on_day=55, is_reduction=True)

    assert lowest(offer, on_day=55) == Money(10000)


def test_a_second_reduction_within_30_days_counts_the_first_ones_price() -> None:
    offer = OfferFactory(price_minor=10000)
    change(offer, 7000, on_day=50, is_reduction=True)
    change(offer, 10000, on_day=60)

    change(offer, 9000, on_day=70, is_reduction=True)

    assert lowest(offer, on_day=70) == Money(7000)


def test_lowest_does_not_move_while_the_reduction_lasts() -> None:
    offer = OfferFactory(price_minor=10000)
    change(offer, 9000, on_day=50, is_reduction=True)

    assert lowest(offer, on_day=50) == lowest(offer, on_day=500) == Money(10000)


@pytest.mark.parametrize("table", ["catalog_offerprice", "catalog_stockmovement"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET reason = 'x'", "DELETE FROM {}"])
def test_the_database_refuses_to_change_history(table: str, statement: str) -> None:
    offer = OfferFactory(price_minor=8000, on_hand=3)

    with pytest.raises(IntegrityError, match="are append-only"), transaction.atomic():
        connection.cursor().execute(statement.format(table))

    assert history(offer) == [(8000, False)]
    assert [move.quantity for move in offer.stock.movements.all()] == [3]


def test_the_orm_cannot_delete_history_either() -> None:
    offer = OfferFactory(price_minor=8000)

    with pytest.raises(IntegrityError, match="offer prices are append-only"), transaction.atomic():
        OfferPrice.objects.filter(offer=offer).delete()

    assert history(offer) == [(8000, False)]


def test_a_package_offer_must_say_what_it_grants() -> None:
    offer = Offer(sku="A", label="a", kind=OfferKind.PACKAGE, price_minor=100)

    with pytest.raises(IntegrityError), transaction.atomic():
        prices.create_first(offer=offer, by=None, at=LONG_AGO)

    assert Offer.objects.count() == 0


def test_the_triggers_stand_after_all_migrations() -> None:
    assert {"catalog_batchmove", "catalog_offerprice", "catalog_stockmovement"} <= protected_tables(
        connection
    )


def test_a_changed_price_says_so_for_its_page_and_the_lists() -> None:
    offer = OfferFactory(price_minor=8000)
    before = Change.objects.order_by("-pk").values_list("pk", flat=True).first() or 0

    change(offer, 9000, on_day=10)

    noted = Change.objects.filter(pk__gt=before).values_list("tag", flat=True)
    assert set(noted) == {f"offers:{offer.page_id}", "catalog"}
