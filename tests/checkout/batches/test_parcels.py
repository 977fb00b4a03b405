"""Which batch goes into which parcel: what expires first, unless a packer says otherwise."""

import datetime as dt

import pytest

from catalog import stock
from catalog.batches import allotting, keeping
from catalog.models import Batch, Offer, Stock
from checkout import shipments, to_send
from checkout.batches import parcels
from checkout.models import Order, ParcelBatch, Shipment
from tests.catalog.batches.delivered import deliver
from tests.checkout import buying
from tests.checkout.test_shipments import items, paid
from tests.stripe_in_process import StripeInProcess

pytestmark = pytest.mark.django_db

YEARS = dt.timedelta(days=365)


@pytest.fixture
def wash(at: dt.datetime) -> Offer:
    """Two pieces that expire in three years, three in two years; good for one once opened."""
    offer = buying.product(on_hand=0, at=at)
    today = at.date()
    deliver(offer, "LATE", 2, today + 3 * YEARS, at=at)
    deliver(offer, "SOON", 3, today + 2 * YEARS, at=at)
    return offer


@pytest.fixture
def order(stripe: StripeInProcess, wash: Offer, at: dt.datetime) -> Order:
    """Four of the five are sold."""
    buying.courier()
    return paid(stripe, (wash, 4), at=at)


def pack(order: Order, count: int, batch: str = "", *, at: dt.datetime) -> Shipment:
    [item] = items(order).values()
    named = {item: Batch.objects.get(code=batch).pk} if batch else {}
    return shipments.pack(
        order_id=order.pk,
        pieces={item: count},
        batches=named,
        reference=f"test:{Shipment.objects.count()}",
        by=None,
        at=at,
    )


def levels() -> dict[str, tuple[int, int]]:
    """On hand and packed, by batch."""
    return {each.code: (each.on_hand, each.packed) for each in Batch.objects.all()}


def taken(shipment: Shipment) -> dict[str, int]:
    rows = ParcelBatch.objects.filter(line__shipment=shipment)
    return dict(rows.values_list("batch__code", "quantity"))


def wrong() -> list[str]:
    found = (stock, keeping, to_send, parcels)
    return [words for each in found for words in each.contradictions()]


def test_what_expires_first_is_packed_first(order: Order, at: dt.datetime) -> None:
    shipment = pack(order, 4, at=at)

    assert taken(shipment) == {"SOON": 3, "LATE": 1}
    assert levels() == {"SOON": (3, 3), "LATE": (2, 1)}
    assert wrong() == []

    shipments.hand_over(shipment_id=shipment.pk, by=None, at=at)

    assert levels() == {"SOON": (0, 0), "LATE": (1, 0)}
    assert Stock.objects.get().in_batches == 1
    assert wrong() == []


def test_a_packer_may_take_another_batch(order: Order, at: dt.datetime) -> None:
    shipment = pack(order, 3, "LATE", at=at)

    assert taken(shipment) == {"LATE": 2, "SOON": 1}


def test_unpacked_pieces_are_free_again(order: Order, at: dt.datetime) -> None:
    shipment = pack(order, 4, at=at)

    shipments.cancel(shipment_id=shipment.pk, by=None, at=at)

    assert levels() == {"SOON": (3, 0), "LATE": (2, 0)}
    assert wrong() == []


def test_a_stopped_batch_is_neither_packed_nor_handed_over(order: Order, at: dt.datetime) -> None:
    shipment = pack(order, 1, at=at)
    keeping.stop(batch_id=Batch.objects.get(code="SOON").pk, reason="Cloudy", by=None, at=at)

    with pytest.raises(allotting.MayNotLeave, match="SOON of WASH-250 is stopped"):
        shipments.hand_over(shipment_id=shipment.pk, by=None, at=at)
    with pytest.raises(allotting.TooFewThatMayGo, match="only 2 can be packed"):
        pack(order, 3, at=at)
    with pytest.raises(allotting.MayNotLeave):
        pack(order, 1, "SOON", at=at)

    assert levels() == {"SOON": (3, 1), "LATE": (2, 0)}
    assert taken(pack(order, 2, at=at)) == {"LATE": 2}


def test_what_became_too_short_leaves_only_when_a_person_says_so(
    order: Order, at: dt.datetime
) -> None:
    later = at + 2 * YEARS - dt.timedelta(days=30)

    assert taken(pack(order, 1, at=later)) == {"LATE": 1}
    assert taken(pack(order, 2, "SOON", at=later)) == {"SOON": 2}
    with pytest.raises(allotting.MayNotLeave, match="has expired"):
        pack(order, 1, "SOON", at=at + 2 * YEARS + dt.timedelta(days=2))


def test_what_was_packed_before_there_were_batches_leaves_as_it_lies(
    stripe: StripeInProcess, at: dt.datetime
) -> None:
    buying.courier()
    offer = buying.product(on_hand=2, at=at)
    order = paid(stripe, (offer, 1), at=at)
    shipment = pack(order, 1, at=at)
    deliver(offer, "L1", 5, at=at)

    shipments.hand_over(shipment_id=shipment.pk, by=None, at=at)

    assert levels() == {"": (1, 0), "L1": (5, 0)}
    assert wrong() == []
