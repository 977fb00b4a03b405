"""Goods come in, are kept for buyers, sold or let go, and every number can be told from rows."""

import datetime as dt
from types import SimpleNamespace

from django.db import IntegrityError, transaction
from django.db.transaction import TransactionManagementError
import pytest

from catalog import stock
from catalog.models import MovementKind, Offer, Reservation, ReservationStatus, Stock
from catalog.stock import Availability, AvailabilityState
from tests.catalog.factories import LONG_AGO, OfferFactory

pytestmark = pytest.mark.django_db

NOW = LONG_AGO + dt.timedelta(days=1)
LATER = NOW + dt.timedelta(minutes=35)


def reserve(*items: tuple[Offer, int], reference: str = "order:1") -> None:
    with transaction.atomic():
        stock.reserve(
            items=[(offer.pk, quantity) for offer, quantity in items],
            reference=reference,
            expires_at=LATER,
            at=NOW,
        )


def levels(offer: Offer) -> tuple[int, int, int]:
    row = Stock.objects.get(offer=offer)
    return row.on_hand, row.reserved, row.back_ordered


def movements(offer: Offer) -> list[tuple[str, int]]:
    return list(offer.stock.movements.order_by("pk").values_list("kind", "quantity"))


def allow_back_orders(offer: Offer, limit: int) -> None:
    stock.configure(offer_id=offer.pk, low_from=5, back_order_limit=limit, back_order_days=21)


def seen(offer: Offer) -> Availability:
    return stock.availability(Offer.objects.with_stock().get(pk=offer.pk))


def test_reserve_keeps_goods_and_sell_leaves_them_on_the_shelf() -> None:
    offer = OfferFactory(on_hand=10)

    reserve((offer, 3))
    assert levels(offer) == (10, 3, 0)

    assert stock.sell(reference="order:1") == 1
    assert levels(offer) == (10, 3, 0)
    assert movements(offer) == [("RECEIVED", 10)]
    assert list(stock.contradictions()) == []


def test_selling_twice_sells_once() -> None:
    offer = OfferFactory(on_hand=10)
    reserve((offer, 3))
    stock.sell(reference="order:1")

    assert stock.sell(reference="order:1") == 0

    assert levels(offer) == (10, 3, 0)


def test_release_frees_goods_once_and_never_after_a_sale() -> None:
    kept, sold = OfferFactory(on_hand=10), OfferFactory(on_hand=10)
    reserve((kept, 3))
    reserve((sold, 4), reference="order:2")
    stock.sell(reference="order:2")

    assert stock.release(reference="order:1") == 1
    assert stock.release(reference="order:1") == 0
    assert stock.release(reference="order:2") == 0

    assert levels(kept) == (10, 0, 0)
    assert levels(sold) == (10, 4, 0)


def test_selling_after_release_sells_nothing() -> None:
    offer = OfferFactory(on_hand=10)
    reserve((offer, 3))
    stock.release(reference="order:1")

    assert stock.sell(reference="order:1") == 0

    assert levels(offer) == (10, 0, 0)


def test_reserve_with_the_same_reference_keeps_goods_once() -> None:
    offer = OfferFactory(on_hand=10)
    reserve((offer, 3))

    reserve((offer, 3))

    assert levels(offer) == (10, 3, 0)


def test_reserve_after_release_keeps_goods_anew() -> None:
    offer = OfferFactory(on_hand=10)
    reserve((offer, 3))
    stock.release(reference="order:1")

    reserve((offer, 2))

    assert levels(offer) == (10, 2, 0)
    row = Reservation.objects.get(reference="order:1")
    assert (row.status, row.quantity, row.expires_at) == (ReservationStatus.HELD, 2, LATER)


def test_reserve_after_a_sale_under_the_same_reference_takes_nothing() -> None:
    offer = OfferFactory(on_hand=10)
    reserve((offer, 3))
    stock.sell(reference="order:1")

    reserve((offer, 3))

    assert levels(offer) == (10, 3, 0)


def test_reserve_more_than_left_is_refused_and_keeps_nothing() -> None:
    plenty, scarce = OfferFactory(on_hand=10), OfferFactory(on_hand=2)

    with pytest.raises(stock.SoldOut) as refusal:
        reserve((plenty, 1), (scarce, 3))

    assert (refusal.value.offer_id, refusal.value.wanted, refusal.value.available) == (
        scarce.pk,
        3,
        2,
    )
    assert str(refusal.value) == "Only 2 left."
    assert levels(plenty) == (10, 0, 0)
    assert levels(scarce) == (2, 0, 0)
    assert Reservation.objects.count() == 0


def test_reserve_adds_up_the_same_offer_named_twice() -> None:
    offer = OfferFactory(on_hand=3)

    with pytest.raises(stock.SoldOut):
        reserve((offer, 2), (offer, 2))
    reserve((offer, 2), (offer, 1))

    assert levels(offer) == (3, 3, 0)


def test_reserve_skips_packages() -> None:
    package = OfferFactory(package=True)

    reserve((package, 50))

    assert Reservation.objects.count() == 0


@pytest.mark.parametrize("quantity", [0, -1])
def test_reserve_of_less_than_one_is_refused(quantity: int) -> None:
    offer = OfferFactory(on_hand=3)

    with pytest.raises(stock.NotSoMany):
        reserve((offer, quantity))

    assert levels(offer) == (3, 0, 0)


def test_reserve_outside_a_transaction_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    offer = OfferFactory(on_hand=3)

    monkeypatch.setattr(stock, "connection", SimpleNamespace(in_atomic_block=False))

    with pytest.raises(TransactionManagementError):
        stock.reserve(items=[(offer.pk, 1)], reference="order:1", expires_at=LATER, at=NOW)

    assert levels(offer) == (3, 0, 0)


def test_reserve_locks_rows_in_the_order_of_offers(django_assert_num_queries) -> None:
    first, second = OfferFactory(on_hand=5), OfferFactory(on_hand=5)

    with django_assert_num_queries(11) as captured:  # With the savepoint's two.
        reserve((second, 1), (first, 1))

    updates = [query["sql"] for query in captured if query["sql"].startswith("UPDATE")]
    assert len(updates) == 2
    assert f'"offer_id" = {first.pk}' in updates[0]
    assert f'"offer_id" = {second.pk}' in updates[1]


def test_a_line_is_taken_wholly_on_back_order_when_stock_is_too_small() -> None:
    offer = OfferFactory(on_hand=2)
    allow_back_orders(offer, 5)

    reserve((offer, 3))

    assert levels(offer) == (2, 0, 3)
    assert Reservation.objects.get().is_back_order is True


def test_what_is_there_waits_for_the_back_order_that_came_first() -> None:
    offer = OfferFactory(on_hand=2)
    allow_back_orders(offer, 5)
    reserve((offer, 3))

    reserve((offer, 2), reference="order:2")

    assert levels(offer) == (2, 0, 5)
    with pytest.raises(stock.SoldOut):
        reserve((offer, 1), reference="order:3")


def test_released_back_order_frees_the_promise() -> None:
    offer = OfferFactory(on_hand=0)
    allow_back_orders(offer, 5)
    reserve((offer, 3))

    stock.release(reference="order:1")

    assert levels(offer) == (0, 0, 0)


def test_received_goods_go_to_back_orders_oldest_first() -> None:
    offer = OfferFactory(on_hand=0)
    allow_back_orders(offer, 9)
    reserve((offer, 3), reference="order:1")
    reserve((offer, 4), reference="order:2")
    stock.sell(reference="order:1")
    assert levels(offer) == (0, 0, 7)

    stock.receive(offer_id=offer.pk, quantity=5, reason="Delivery", by=None, at=LATER)

    # The paid three are kept; the four still to be paid wait, with a claim on the two.
    assert levels(offer) == (5, 3, 4)
    assert movements(offer) == [("RECEIVED", 5)]
    assert seen(offer).state == AvailabilityState.BACK_ORDER

    stock.receive(offer_id=offer.pk, quantity=3, reason="Delivery", by=None, at=LATER)

    assert levels(offer) == (8, 7, 0)
    assert stock.sell(reference="order:2") == 1
    assert levels(offer) == (8, 7, 0)
    assert list(stock.contradictions()) == []


def test_extend_moves_only_what_is_held() -> None:
    offer = OfferFactory(on_hand=5)
    reserve((offer, 1))
    reserve((offer, 1), reference="order:2")
    stock.release(reference="order:2")
    much_later = LATER + dt.timedelta(days=1)

    assert stock.extend(reference="order:1", expires_at=much_later) == 1
    assert stock.extend(reference="order:2", expires_at=much_later) == 0

    assert list(Reservation.objects.overdue(LATER)) == []
    assert [held.reference for held in Reservation.objects.overdue(much_later)] == ["order:1"]


def test_receive_and_adjust_write_movements_that_add_up() -> None:
    offer = OfferFactory(on_hand=0)

    stock.receive(offer_id=offer.pk, quantity=10, reason="Delivery", by=None, at=NOW)
    for change, kind in [
        (-1, MovementKind.DAMAGED),
        (2, MovementKind.COUNTED),
        (1, MovementKind.RETURNED),
    ]:
        stock.adjust(offer_id=offer.pk, change=change, kind=kind, reason="x", by=None, at=NOW)

    assert levels(offer) == (12, 0, 0)
    assert movements(offer) == [("RECEIVED", 10), ("DAMAGED", -1), ("COUNTED", 2), ("RETURNED", 1)]


def test_adjust_with_the_same_reference_counts_once() -> None:
    offer = OfferFactory(on_hand=10)

    for _ in range(2):
        stock.adjust(
            offer_id=offer.pk,
            change=1,
            kind=MovementKind.RETURNED,
            reason="x",
            by=None,
            at=NOW,
            reference="return:7",
        )

    assert levels(offer) == (11, 0, 0)


def test_promised_goods_cannot_be_written_off() -> None:
    offer = OfferFactory(on_hand=10)
    reserve((offer, 8))

    with pytest.raises(stock.NotEnoughOnHand, match="Only 2 can go"):
        stock.adjust(
            offer_id=offer.pk, change=-3, kind=MovementKind.DAMAGED, reason="x", by=None, at=NOW
        )

    assert levels(offer) == (10, 8, 0)
    assert movements(offer) == [("RECEIVED", 10)]


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (0, MovementKind.COUNTED),
        (1, MovementKind.DAMAGED),
        (-1, MovementKind.RETURNED),
        (-1, MovementKind.SOLD),
        (1, MovementKind.RECEIVED),
    ],
)
def test_adjust_against_its_kind_is_refused(change: int, kind: MovementKind) -> None:
    offer = OfferFactory(on_hand=10)

    with pytest.raises(stock.NotSoMany):
        stock.adjust(offer_id=offer.pk, change=change, kind=kind, reason="x", by=None, at=NOW)

    assert movements(offer) == [("RECEIVED", 10)]


def test_movements_without_a_reason_are_refused() -> None:
    offer = OfferFactory(on_hand=10)

    with pytest.raises(stock.ReasonMissing):
        stock.receive(offer_id=offer.pk, quantity=1, reason=" ", by=None, at=NOW)

    assert levels(offer) == (10, 0, 0)


def test_back_order_limit_cannot_fall_below_what_is_promised() -> None:
    offer = OfferFactory(on_hand=0)
    allow_back_orders(offer, 5)
    reserve((offer, 3))

    with pytest.raises(stock.LimitBelowPromises):
        allow_back_orders(offer, 2)

    assert Stock.objects.get(offer=offer).back_order_limit == 5


@pytest.mark.parametrize(
    "levels",
    [
        {"on_hand": 1, "reserved": 2},
        {"back_order_limit": 1, "back_ordered": 2},
    ],
)
def test_the_database_refuses_impossible_stock(levels: dict[str, int]) -> None:
    offer = OfferFactory(on_hand=0)

    with pytest.raises(IntegrityError), transaction.atomic():
        Stock.objects.filter(offer=offer).update(**levels)


def test_availability_in_all_its_states() -> None:
    offer = OfferFactory(on_hand=0)
    assert seen(offer) == Availability(AvailabilityState.SOLD_OUT, None, 0, None)

    allow_back_orders(offer, 7)
    assert seen(offer) == Availability(AvailabilityState.BACK_ORDER, None, 7, 21)

    stock.receive(offer_id=offer.pk, quantity=3, reason="x", by=None, at=NOW)
    assert seen(offer) == Availability(AvailabilityState.LOW, 3, 7, None)

    stock.receive(offer_id=offer.pk, quantity=3, reason="x", by=None, at=NOW)
    assert seen(offer) == Availability(AvailabilityState.IN_STOCK, None, 7, None)

    stock.receive(offer_id=offer.pk, quantity=300, reason="x", by=None, at=NOW)
    assert seen(offer).max_quantity == 99


def test_a_package_is_always_available() -> None:
    package = OfferFactory(package=True)

    assert seen(package) == Availability(AvailabilityState.IN_STOCK, None, 99, None)


def test_contradictions_name_the_stock_whose_rows_differ() -> None:
    offer = OfferFactory(on_hand=4)
    Stock.objects.filter(offer=offer).update(on_hand=9, reserved=2)

    assert list(stock.contradictions()) == [
        f"Stock of {offer}: on_hand 9, rows 4",
        f"Stock of {offer}: reserved 2, rows 0",
    ]
