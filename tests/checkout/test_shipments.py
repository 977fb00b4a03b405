"""Parcels: what may be packed, what leaves, what the buyer is told, and what is refused."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
import pytest

from accounts.models import User
from catalog import kits, stock, stock_leaving
from catalog.models import Offer, Stock, StockMovement
from checkout import reconciliation, settlement, shipments, to_send
from checkout.models import (
    Fulfilment,
    ItemToSend,
    Order,
    OrderStatus,
    Shipment,
    ShipmentLine,
    ShipmentStatus,
)
from checkout.shipments import Parcel
from outbox.models import OutboundMail
from tests.checkout import buying
from tests.stripe_in_process import StripeInProcess

pytestmark = pytest.mark.django_db


def paid(stripe: StripeInProcess, *wanted: tuple[Offer, int], at: datetime) -> Order:
    """An order that its buyer has paid."""
    placed = buying.check_out(buying.basket_with(*wanted, at=at), at=at).order
    stripe.pay(buying.session_id_of(placed))
    return settlement.settle(buying.session_id_of(placed), at=at)


@pytest.fixture
def packer() -> User:
    return User.objects.create_user("packer@example.com", name="Milan Novak", is_staff=True)


@pytest.fixture
def order(stripe: StripeInProcess, at: datetime) -> Order:
    """Three washes, two balms and a package, paid."""
    method = buying.courier()
    method.tracking_link = "https://parcels.example/{number}"
    method.save()
    return paid(
        stripe,
        (buying.product(at=at), 3),
        (buying.product("BALM-75", at=at), 2),
        (buying.package(at=at), 1),
        at=at,
    )


def items(order: Order) -> dict[str, int]:
    return {item.sku: item.pk for item in order.items_to_send.select_related("line", "part")}


def pack(order: Order, at: datetime, by: User | None = None, /, **skus: int) -> Shipment:
    named = {sku.replace("_", "-"): quantity for sku, quantity in skus.items()}
    return shipments.pack(
        order_id=order.pk,
        pieces={items(order)[sku]: quantity for sku, quantity in named.items()},
        reference=f"test:{Shipment.objects.count()}",
        by=by,
        at=at,
    )


def shelf(sku: str) -> tuple[int, int]:
    found = Stock.objects.get(offer__sku=sku)
    return found.on_hand, found.reserved


def mails(order: Order) -> list[str]:
    found = OutboundMail.objects.about(order.reference).order_by("pk")
    return list(found.values_list("event", flat=True))


def state(order: Order) -> tuple[str, str, int, int]:
    order.refresh_from_db()
    return order.status, order.fulfilment, order.pieces_to_pack, order.parcels_waiting


# --- Packing and handing over --------------------------------------------------------------


def test_a_paid_order_knows_what_has_to_be_sent(order: Order) -> None:
    assert state(order) == ("PAID", "UNFULFILLED", 5, 0)
    assert [(item.sku, item.ordered) for item in order.items_to_send.all()] == [
        ("WASH-250", 3),
        ("BALM-75", 2),
    ]
    to_send.open_for(order)
    assert ItemToSend.objects.count() == 2
    assert shelf("WASH-250") == (10, 3)


def test_an_order_leaves_in_two_parcels(order: Order, packer: User, at: datetime) -> None:
    first = pack(order, at, packer, WASH_250=1, BALM_75=2)

    assert state(order) == ("PAID", "UNFULFILLED", 2, 1)
    assert shelf("WASH-250") == (10, 3)

    shipments.hand_over(shipment_id=first.pk, by=packer, at=at)

    assert state(order) == ("PAID", "PARTLY", 2, 0)
    assert (shelf("WASH-250"), shelf("BALM-75")) == ((9, 2), (8, 0))

    second = pack(order, at, packer, WASH_250=2)
    shipments.hand_over(shipment_id=second.pk, by=packer, at=at)

    assert state(order) == ("SHIPPED", "FULFILLED", 0, 0)
    assert shelf("WASH-250") == (7, 0)
    assert mails(order) == ["order_paid", "order_sent", "order_sent"]
    assert [(event.kind, str(event.actor)) for event in order.events.all()][-5:] == [
        ("PACKED", "packer@example.com"),
        ("HANDED_OVER", "packer@example.com"),
        ("PACKED", "packer@example.com"),
        ("HANDED_OVER", "packer@example.com"),
        ("SHIPPED", "packer@example.com"),
    ]
    assert list(stock.contradictions()) == list(to_send.contradictions()) == []
    assert list(reconciliation.differences()) == []


def test_goods_leave_as_movements_with_who_handed_them_over(
    order: Order, packer: User, at: datetime
) -> None:
    parcel = pack(order, at, packer, WASH_250=2)
    shipments.hand_over(shipment_id=parcel.pk, by=packer, at=at)

    left = StockMovement.objects.get(kind="SOLD")

    assert (left.quantity, left.reason, left.by) == (-2, order.reference, packer)


def test_the_same_form_sent_twice_packs_once(order: Order, at: datetime) -> None:
    pieces = {items(order)["WASH-250"]: 1}
    packed = {
        shipments.pack(order_id=order.pk, pieces=pieces, reference="form:1", by=None, at=at).pk
        for _ in range(2)
    }

    assert len(packed) == Shipment.objects.count() == 1
    assert state(order) == ("PAID", "UNFULFILLED", 4, 1)


def test_more_than_was_paid_for_is_refused_and_packs_nothing(order: Order, at: datetime) -> None:
    pack(order, at, WASH_250=2)

    with pytest.raises(to_send.TooMany, match="WASH-250, 250 ml only 1 can go"):
        pack(order, at, BALM_75=1, WASH_250=2)

    assert state(order) == ("PAID", "UNFULFILLED", 3, 1)
    assert ShipmentLine.objects.count() == 1


def test_the_database_refuses_more_than_was_paid_for(order: Order) -> None:
    item = order.items_to_send.first()
    assert item is not None

    for changes in ({"packed": 4}, {"called_off": 4}, {"handed_over": 1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ItemToSend.objects.filter(pk=item.pk).update(**changes)


def test_an_empty_parcel_is_refused(order: Order, at: datetime) -> None:
    with pytest.raises(shipments.EmptyParcel):
        pack(order, at, WASH_250=0)

    assert state(order) == ("PAID", "UNFULFILLED", 5, 0)


def test_another_order_s_item_is_refused(
    order: Order, stripe: StripeInProcess, at: datetime
) -> None:
    other = paid(stripe, (Offer.objects.get(sku="BALM-75"), 1), at=at)

    with pytest.raises(to_send.NotOfThisOrder):
        shipments.pack(
            order_id=order.pk,
            pieces={items(other)["BALM-75"]: 1},
            reference="form:1",
            by=None,
            at=at,
        )

    assert Shipment.objects.count() == 0
    assert state(other) == ("PAID", "UNFULFILLED", 1, 0)


@pytest.mark.parametrize("status", [s for s in OrderStatus if s != OrderStatus.PAID])
def test_nothing_leaves_unless_the_order_is_paid(
    order: Order, at: datetime, status: OrderStatus
) -> None:
    waiting = pack(order, at, WASH_250=1)
    Order.objects.filter(pk=order.pk).update(status=status)

    with pytest.raises(shipments.NotToBeSent):
        pack(order, at, BALM_75=1)
    with pytest.raises(shipments.NotToBeSent):
        shipments.hand_over(shipment_id=waiting.pk, by=None, at=at)

    assert state(order) == (status, "UNFULFILLED", 4, 1)
    assert shelf("WASH-250") == (10, 3)


def test_what_is_on_back_order_is_not_packed_before_it_is_here(
    stripe: StripeInProcess, at: datetime
) -> None:
    buying.courier()
    mask = buying.product("MASK", on_hand=0, at=at)
    stock.configure(offer_id=mask.pk, low_from=1, back_order_limit=5, back_order_days=14)
    order = paid(stripe, (mask, 2), at=at)

    with pytest.raises(shipments.NotArrived, match="not here yet"):
        pack(order, at, MASK=1)
    assert state(order) == ("PAID", "UNFULFILLED", 2, 0)

    stock.receive(offer_id=mask.pk, quantity=3, reason="Delivery", by=None, at=at)
    parcel = pack(order, at, MASK=2)
    shipments.hand_over(shipment_id=parcel.pk, by=None, at=at)

    assert shelf("MASK") == (1, 0)
    assert list(stock.contradictions()) == []


def test_a_kit_is_packed_part_by_part(stripe: StripeInProcess, at: datetime) -> None:
    buying.courier()
    balm, brush = (buying.product(sku, at=at) for sku in ("BALM", "BRUSH"))
    kit = buying.product("KIT", on_hand=0, at=at)
    kit = kits.set_parts(kit_id=kit.pk, parts=[(balm.pk, 2), (brush.pk, 1)])
    order = paid(stripe, (kit, 2), (balm, 1), at=at)

    rows = [(item.sku, item.ordered) for item in order.items_to_send.all()]
    assert rows == [("BALM", 4), ("BRUSH", 2), ("BALM", 1)]

    everything = {item.pk: item.ordered for item in order.items_to_send.all()}
    parcel = shipments.pack(
        order_id=order.pk, pieces=everything, reference="form:1", by=None, at=at
    )
    shipments.hand_over(shipment_id=parcel.pk, by=None, at=at)

    assert state(order) == ("SHIPPED", "FULFILLED", 0, 0)
    assert (shelf("BALM"), shelf("BRUSH")) == ((5, 0), (8, 0))
    assert list(stock.contradictions()) == []


# --- Unpacking, and every status against every act ----------------------------------------


def test_unpacking_lets_the_same_pieces_be_packed_again(
    order: Order, packer: User, at: datetime
) -> None:
    parcel = pack(order, at, packer, WASH_250=3, BALM_75=2)

    shipments.cancel(shipment_id=parcel.pk, by=packer, at=at)

    assert state(order) == ("PAID", "UNFULFILLED", 5, 0)
    assert order.events.last().message == "Parcel 1 unpacked"
    again = pack(order, at, packer, WASH_250=3, BALM_75=2)
    assert (again.position, parcel.lines.count()) == (2, 2)
    assert list(to_send.contradictions()) == []


@pytest.mark.parametrize("status", ShipmentStatus)
def test_every_status_of_a_parcel_against_every_act(
    order: Order, at: datetime, status: ShipmentStatus
) -> None:
    parcel = pack(order, at, WASH_250=1)
    if status == ShipmentStatus.HANDED_OVER:
        shipments.hand_over(shipment_id=parcel.pk, by=None, at=at)
    if status == ShipmentStatus.CANCELLED:
        shipments.cancel(shipment_id=parcel.pk, by=None, at=at)
    before = state(order)

    if status != ShipmentStatus.PACKED:
        for act in (shipments.hand_over, shipments.cancel):
            with pytest.raises(shipments.ShipmentRefused):
                act(shipment_id=parcel.pk, by=None, at=at)
        assert state(order) == before
        parcel.refresh_from_db()
        assert parcel.status == status
    assert bool(shipments.NEXT[status]) == (status == ShipmentStatus.PACKED)


def test_the_table_of_parcels_knows_every_status() -> None:
    assert set(shipments.NEXT) == set(ShipmentStatus)


# --- Following -----------------------------------------------------------------------------


def test_a_parcel_is_followed_where_its_method_says(order: Order, at: datetime) -> None:
    pieces = {items(order)["WASH-250"]: 1}
    parcel = shipments.pack(
        order_id=order.pk,
        pieces=pieces,
        reference="form:1",
        by=None,
        at=at,
        parcel=Parcel(carrier="Post", tracking_number="AB 1/2", weight_grams=400),
    )

    assert parcel.tracking_url == "https://parcels.example/AB%201%2F2"

    shipments.follow(shipment_id=parcel.pk, carrier="Post", number="CD3", url="", by=None, at=at)

    parcel.refresh_from_db()
    assert parcel.tracking_url == "https://parcels.example/CD3"
    assert order.events.last().message == "Tracking of parcel 1 written down"


# --- Collecting ----------------------------------------------------------------------------


@pytest.fixture
def collected(stripe: StripeInProcess, at: datetime) -> Order:
    """Two washes that their buyer wants to collect, paid."""
    buying.courier()
    order = paid(stripe, (buying.product(at=at), 2), at=at)
    Order.objects.filter(pk=order.pk).update(delivery_method_kind="PICKUP")
    return Order.objects.get(pk=order.pk)


def test_a_code_hands_over_what_is_collected(collected: Order, packer: User, at: datetime) -> None:
    parcel = pack(collected, at, packer, WASH_250=2)

    assert len(parcel.pickup_code) == 6
    assert parcel.pickup_code.isdecimal()
    assert mails(collected) == ["order_paid", "ready_to_collect"]

    shipments.collect(code=parcel.pickup_code, by=packer, at=at)

    assert state(collected) == ("COMPLETED", "FULFILLED", 0, 0)
    assert mails(collected) == ["order_paid", "ready_to_collect"]
    assert shelf("WASH-250") == (8, 0)
    with pytest.raises(shipments.UnknownCode):
        shipments.collect(code=parcel.pickup_code, by=packer, at=at)


@pytest.mark.parametrize("code", ["", "000000", "12345", "x"])
def test_a_code_that_names_nothing_hands_over_nothing(
    collected: Order, at: datetime, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shipments, "new_code", lambda: "123456")
    pack(collected, at, WASH_250=1)

    with pytest.raises(shipments.UnknownCode):
        shipments.collect(code=code, by=None, at=at)

    assert state(collected) == ("PAID", "UNFULFILLED", 1, 1)


def test_two_that_wait_never_share_a_code(
    collected: Order, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = iter(["123456", "123456", "654321"])
    monkeypatch.setattr(shipments, "new_code", lambda: next(codes))

    first, second = pack(collected, at, WASH_250=1), pack(collected, at, WASH_250=1)

    assert (first.pickup_code, second.pickup_code) == ("123456", "654321")


# --- What was sold before goods left at hand-over -----------------------------------------


def test_what_left_the_shelf_when_it_was_paid_for_does_not_leave_twice(
    order: Order, at: datetime
) -> None:
    wash = Offer.objects.get(sku="WASH-250")
    wash.reservations.update(status="CONSUMED")
    Stock.objects.filter(offer=wash).update(on_hand=7, reserved=0)
    parcel = pack(order, at, WASH_250=3)

    shipments.hand_over(shipment_id=parcel.pk, by=None, at=at)

    assert shelf("WASH-250") == (7, 0)


def test_nothing_leaves_that_was_not_sold_under_the_reference(order: Order, at: datetime) -> None:
    balm = Offer.objects.get(sku="BALM-75")

    with pytest.raises(stock_leaving.NotHere):
        stock_leaving.hand_over(
            reference=order.reference, pieces={balm.pk: 3}, name="parcel", by=None, at=at
        )

    assert shelf("BALM-75") == (10, 2)


def test_an_order_says_how_much_of_it_has_left_before_it_is_paid(
    stripe: StripeInProcess, at: datetime
) -> None:
    buying.courier()
    goods = buying.place(buying.basket_with((buying.product(at=at), 1), at=at), at=at)
    sessions = buying.place(
        buying.basket_with((buying.package(at=at), 1), at=at + timedelta(minutes=1)), at=at
    )

    assert goods.fulfilment == Fulfilment.UNFULFILLED
    assert sessions.fulfilment == Fulfilment.NOTHING_TO_SEND
    assert (goods.pieces_to_pack, sessions.pieces_to_pack) == (0, 0)


# --- Arriving -------------------------------------------------------------------------------


def test_the_last_parcel_that_arrives_completes_the_order(
    order: Order, packer: User, at: datetime
) -> None:
    parcels = [pack(order, at, packer, WASH_250=3), pack(order, at, packer, BALM_75=2)]
    with pytest.raises(shipments.ShipmentRefused):
        shipments.arrive(shipment_id=parcels[0].pk, by=packer, at=at)
    for parcel in parcels:
        shipments.hand_over(shipment_id=parcel.pk, by=packer, at=at)
    later = at + timedelta(days=2)

    shipments.arrive(shipment_id=parcels[0].pk, by=packer, at=later)
    shipments.arrive(shipment_id=parcels[0].pk, by=packer, at=later + timedelta(days=1))
    assert state(order)[0] == OrderStatus.SHIPPED
    shipments.arrive(shipment_id=parcels[1].pk, by=packer, at=later)

    assert state(order)[0] == OrderStatus.COMPLETED
    assert set(order.shipments.values_list("arrived_at", flat=True)) == {later}
    arrived = order.events.filter(kind="ARRIVED")
    assert list(arrived.values_list("actor", flat=True)) == [packer.pk, packer.pk]
