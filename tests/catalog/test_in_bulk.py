"""The verbs for many do what the verbs for one do, and refuse what those refuse."""

import datetime as dt

import pytest

from catalog import prices, stock, stock_in_bulk
from catalog.models import MovementKind, Offer, OfferPrice, Stock, StockMovement
from catalog.prices import NewPrice
from catalog.stock_in_bulk import Move, Rules
from tests.catalog.factories import LONG_AGO, OfferFactory

pytestmark = pytest.mark.django_db
LATER = LONG_AGO + dt.timedelta(days=60)


def test_prices_of_many_offers_change_at_once() -> None:
    first, second = OfferFactory(price_minor=2400), OfferFactory(price_minor=3000)

    prices.change_many(
        changes=[NewPrice(second.pk, 2000, is_reduction=True), NewPrice(first.pk, 2500)],
        reason="Season",
        by=None,
        at=LATER,
    )

    rows = Offer.objects.order_by("pk").values_list("price_minor", "lowest_before_minor")
    assert list(rows) == [(2500, None), (2000, 3000)]
    assert OfferPrice.objects.filter(valid_from=LATER, reason="Season").count() == 2


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        (NewPrice(0, 2400), prices.SamePrice),
        (NewPrice(0, 2600, is_reduction=True), prices.NotAReduction),
        (NewPrice(0, -1), prices.NegativePrice),
    ],
)
def test_one_refused_price_changes_none(wrong: NewPrice, refusal: type[Exception]) -> None:
    good, bad = OfferFactory(price_minor=2400), OfferFactory(price_minor=2400)
    changes = [
        NewPrice(good.pk, 2600),
        NewPrice(bad.pk, wrong.price_minor, is_reduction=wrong.is_reduction),
    ]

    with pytest.raises(refusal):
        prices.change_many(changes=changes, reason="Season", by=None, at=LATER)

    assert set(Offer.objects.values_list("price_minor", flat=True)) == {2400}
    assert OfferPrice.objects.count() == 2


def test_stock_of_many_offers_moves_at_once() -> None:
    first, second = OfferFactory(on_hand=5), OfferFactory(on_hand=5)

    moved = stock_in_bulk.move_many(
        moves=[Move(first.pk, 3, MovementKind.RECEIVED), Move(second.pk, -4)],
        reason="Count",
        by=None,
        at=LATER,
    )

    assert moved == 2
    assert list(Stock.objects.order_by("offer").values_list("on_hand", flat=True)) == [8, 1]
    assert StockMovement.objects.filter(reason="Count").count() == 2
    assert list(stock.contradictions()) == []


def test_who_waits_on_back_order_is_served_by_a_bulk_delivery(db: None) -> None:
    offer = OfferFactory(on_hand=0)
    stock_in_bulk.configure_many(
        rules=[Rules(offer.pk, low_from=1, back_order_limit=5, back_order_days=9)]
    )
    stock.reserve(items=[(offer.pk, 2)], reference="order:1", expires_at=LATER, at=LONG_AGO)

    stock_in_bulk.move_many(
        moves=[Move(offer.pk, 3, MovementKind.RECEIVED)], reason="Delivery", by=None, at=LATER
    )

    row = Stock.objects.get()
    assert (row.on_hand, row.reserved, row.back_ordered, row.back_order_days) == (3, 2, 0, 9)
    assert list(stock.contradictions()) == []


def test_promised_goods_do_not_go_and_nothing_else_moves() -> None:
    free, promised = OfferFactory(on_hand=5), OfferFactory(on_hand=5)
    stock.reserve(items=[(promised.pk, 4)], reference="order:1", expires_at=LATER, at=LONG_AGO)
    moves = [Move(free.pk, -5), Move(promised.pk, -2)]

    with pytest.raises(stock_in_bulk.NotEnoughOnHand, match="Only 1 can go") as refusal:
        stock_in_bulk.move_many(moves=moves, reason="Count", by=None, at=LATER)

    assert refusal.value.offer_id == promised.pk
    assert set(Stock.objects.values_list("on_hand", flat=True)) == {5}


@pytest.mark.parametrize(
    "move",
    [Move(0, 0), Move(0, -1, MovementKind.RECEIVED), Move(0, 1, MovementKind.DAMAGED)],
    ids=str,
)
def test_a_change_against_its_kind_is_refused(move: Move) -> None:
    offer = OfferFactory(on_hand=5)

    with pytest.raises(stock.NotSoMany):
        stock_in_bulk.move_many(
            moves=[Move(offer.pk, move.change, move.kind)], reason="Count", by=None, at=LATER
        )

    assert Stock.objects.get().on_hand == 5
