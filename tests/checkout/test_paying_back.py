"""Money back by piece, delivery or amount: what comes back, what moves, what is refused."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone
import pytest
from pytest_django import DjangoDbBlocker

from catalog import kits, stock
from catalog.models import MovementKind, StockMovement
from checkout import paying_back, refunds, shipments, stripe_gateway
from checkout.models import Order, Refund, RefundLine, RefundSettings, RefundStatus
from checkout.payable import payable
from checkout.paying_back import Wish
from checkout.stripe_objects import StripeRefund
from tests.accounts.signing_in import sign_in_at
from tests.checkout import buying
from tests.checkout.factories import OrderFactory
from tests.checkout.signing_in import just_signed_in
from tests.checkout.test_packing_desk import staff
from tests.checkout.test_refund_lines import rows
from tests.checkout.test_shipments import pack, paid, shelf, state
from tests.shared_rows import kept_for_many
from tests.stripe_in_process import StripeInProcess

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def sold(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[int]:
    """Three washes and two balms at €24, a package at €420, delivery €4.90; two washes sent."""
    stripe = StripeInProcess(tmp_path_factory.mktemp("stripe") / "stripe.sqlite3")
    with kept_for_many(django_db_blocker), pytest.MonkeyPatch.context() as patch:
        patch.setattr(stripe_gateway, "client", lambda: stripe.client)
        at = timezone.now()
        buying.courier()
        wash, balm = buying.product(at=at), buying.product("BALM-75", at=at)
        order = paid(stripe, (wash, 3), (balm, 2), (buying.package(at=at), 1), at=at)
        parcel = pack(order, at, WASH_250=2)
        shipments.hand_over(shipment_id=parcel.pk, by=None, at=at)
        yield order.pk


@pytest.fixture
def order(sold: int, db: None) -> Order:
    return Order.objects.get(pk=sold)


def pk_of(order: Order, sku: str) -> int:
    return int(order.lines.get(sku=sku).pk)


def wish(order: Order, **named: Any) -> Wish:
    """A wish whose pieces are named by SKU."""
    by_sku = {
        kind: {pk_of(order, sku): count for sku, count in named.pop(kind, {}).items()}
        for kind in ("unsent", "gone")
    }
    shelved = frozenset(pk_of(order, sku) for sku in named.pop("shelved", ()))
    return Wish(**by_sku, shelved=shelved, **named)


def pay_back(order: Order, wanted: Wish, agreed_minor: int, at: datetime) -> Refund:
    return paying_back.pay_back(
        order_id=order.pk, wish=wanted, agreed_minor=agreed_minor, reason="Kind", by=None, at=at
    )


def unchanged(order: Order) -> tuple[Any, ...]:
    """All that must stay as it is when something is refused."""
    return (
        state(order),
        shelf("WASH-250"),
        shelf("BALM-75"),
        Refund.objects.count(),
        RefundLine.objects.count(),
        StockMovement.objects.count(),
        order.events.count(),
    )


def test_what_was_sent_comes_back_on_the_shelf(order: Order, at: datetime) -> None:
    refund = pay_back(order, wish(order, gone={"WASH-250": 1}, shelved=["WASH-250"]), 2400, at)

    assert rows(refund) == [("WASH-250", 1, 2400, 383)]
    assert state(order) == ("PAID", "PARTLY", 3, 0)
    assert shelf("WASH-250") == (9, 1)
    moved = StockMovement.objects.latest("pk")
    assert (moved.kind, moved.quantity) == (MovementKind.RETURNED, 1)
    assert moved.reason == f"{order.number}: Kind"
    assert order.events.latest("pk").message == (
        "Paid back €24.00: 1 × Daily Wash WASH-250, 250 ml, 1 back on the shelf"
    )
    assert list(stock.contradictions()) == []


def test_what_is_not_fit_to_be_sold_stays_away(order: Order, at: datetime) -> None:
    pay_back(order, wish(order, gone={"WASH-250": 1}), 2400, at)

    assert shelf("WASH-250") == (8, 1)


def test_what_was_not_sent_is_called_off(order: Order, at: datetime) -> None:
    refund = pay_back(
        order, wish(order, unsent={"WASH-250": 1, "BALM-75": 2}, delivery_minor=100), 7300, at
    )

    assert rows(refund)[-1] == ("delivery", 0, 100, 16)
    assert state(order) == ("SHIPPED", "FULFILLED", 0, 0)
    assert (shelf("WASH-250"), shelf("BALM-75")) == ((8, 0), (10, 0))


def test_an_amount_is_spread_over_goods_and_delivery_alone(order: Order, at: datetime) -> None:
    refund = pay_back(order, wish(order, free_minor=1249), 1249, at)

    assert rows(refund) == [
        ("WASH-250", 0, 720, 115),
        ("BALM-75", 0, 480, 77),
        ("delivery", 0, 49, 8),
    ]


def test_the_last_piece_brings_what_is_left_of_its_line(order: Order, at: datetime) -> None:
    pay_back(order, wish(order, free_minor=1249), 1249, at)

    found = paying_back.quote(order, wish(order, gone={"WASH-250": 2}, unsent={"WASH-250": 1}))

    assert found.amount.minor == 7200 - 720


def test_a_piece_is_paid_back_once(order: Order, at: datetime) -> None:
    pay_back(order, wish(order, gone={"WASH-250": 2}), 4800, at)
    before = unchanged(order)

    with pytest.raises(paying_back.TooMuch, match="only 0 can be paid back"):
        pay_back(order, wish(order, gone={"WASH-250": 1}), 2400, at)

    assert unchanged(order) == before
    [wash, _] = payable(order).lines
    assert (wash.left.pieces, wash.unsent, wash.gone) == (1, 1, 0)


@pytest.mark.parametrize(
    "named",
    [
        {"unsent": {"WASH-250": 2}},
        {"gone": {"WASH-250": 3}},
        {"gone": {"WASH-250": -1}},
        {"gone": {"BALM-75": 1}},
        {"delivery_minor": 491},
        {"delivery_minor": -1},
        {"free_minor": 12491},
        {"free_minor": 12490, "delivery_minor": 1},
    ],
)
def test_more_than_is_left_is_refused(order: Order, at: datetime, named: dict[str, Any]) -> None:
    before = unchanged(order)

    with pytest.raises(paying_back.TooMuch):
        pay_back(order, wish(order, **named), 1, at)

    assert unchanged(order) == before


@pytest.mark.parametrize("named", [{}, {"gone": {"MD-6": 1}}, {"free_minor": -1}])
def test_nothing_and_sessions_are_refused(
    order: Order, at: datetime, named: dict[str, Any]
) -> None:
    """Sessions come back by their terms, from the pass."""
    before = unchanged(order)

    with pytest.raises(paying_back.NothingToPayBack):
        pay_back(order, wish(order, **named), 0, at)

    assert unchanged(order) == before


def test_another_amount_than_agreed_is_refused(order: Order, at: datetime) -> None:
    before = unchanged(order)

    with pytest.raises(paying_back.AmountChanged, match=r"€24\.00 now"):
        pay_back(order, wish(order, gone={"WASH-250": 1}), 2399, at)

    assert unchanged(order) == before


def test_a_refund_that_failed_is_open_again_but_its_goods_stay(order: Order, at: datetime) -> None:
    wanted = wish(order, gone={"WASH-250": 1}, shelved=["WASH-250"])
    refund = pay_back(order, wanted, 2400, at)
    answer = StripeRefund(
        id="re_1",
        status="failed",
        amount_minor=2400,
        currency="EUR",
        payment_intent=refund.payment.payment_intent or "",
        metadata={"refund": refund.idempotency_key},
        failure="expired_or_canceled_card",
    )
    refunds.mirror_answer(answer, at=at)

    refund.refresh_from_db()
    assert refund.status == RefundStatus.FAILED
    again = pay_back(order, wish(order, gone={"WASH-250": 2}, shelved=["WASH-250"]), 4800, at)

    assert again.lines.get().restocked == 1
    assert shelf("WASH-250") == (10, 1)


@pytest.mark.usefixtures("sold")
def test_a_kit_comes_back_as_one_and_on_the_shelf_as_its_parts(
    stripe: StripeInProcess, at: datetime
) -> None:
    balm, brush = (buying.product(sku, at=at) for sku in ("BALM", "BRUSH"))
    kit = buying.product("KIT", price_minor=5000, on_hand=0, at=at)
    kit = kits.set_parts(kit_id=kit.pk, parts=[(balm.pk, 2), (brush.pk, 1)])
    order = paid(stripe, (kit, 2), at=at)
    parcel = pack(order, at, BALM=4, BRUSH=1)
    shipments.hand_over(shipment_id=parcel.pk, by=None, at=at)
    [line] = payable(order).lines
    assert (line.unsent, line.gone) == (0, 1)

    refund = pay_back(order, wish(order, gone={"KIT": 1}, shelved=["KIT"]), 5000, at)

    assert refund.lines.get().restocked == 1
    assert (shelf("BALM"), shelf("BRUSH")) == ((8, 0), (10, 1))


def test_an_order_that_was_set_aside_is_paid_back_by_the_piece(order: Order) -> None:
    Order.objects.filter(pk=order.pk).update(status="NEEDS_REVIEW")
    order.refresh_from_db()

    [wash, balm] = payable(order).lines

    assert (wash.unsent, wash.gone) == (0, 2)
    assert (balm.unsent, balm.gone) == (0, 0)


# --- The screen ----------------------------------------------------------------------------


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(staff("view_order", "refund_order"))
    return client


def asked(order: Order, **more: str) -> dict[str, str]:
    pk = pk_of(order, "WASH-250")
    return {f"gone-{pk}": "1", f"shelf-{pk}": "1", "delivery": "none", **more}


def page(order: Order) -> str:
    return reverse("orders:pay_back", args=[order.pk])


def test_staff_see_the_amount_line_by_line_before_it_goes_back(desk: Client, order: Order) -> None:
    shown = desk.get(page(order), asked(order)).content.decode()
    assert "€24.00 would go back" in shown
    assert "1 that left us, 1 back on the shelf" in shown
    assert Refund.objects.count() == 0

    data = asked(order, agreed_minor="2400", reason="Leaks")
    answer = desk.post(page(order), data, follow=True)

    assert "€24.00 is on its way" in answer.content.decode()
    refund = Refund.objects.get()
    assert (refund.amount_minor, refund.reason, str(refund.by)) == (
        2400,
        "Leaks",
        "staff@example.com",
    )
    assert "1 back on the shelf" in answer.content.decode()


@pytest.mark.parametrize(
    "more",
    [
        {"reason": ""},
        {"agreed_minor": ""},
        {"agreed_minor": "2399"},
        {"agreed_minor": "²"},
        {"amount": "x"},
        {"amount": "1.234"},
        {"delivery": "part", "delivery_part": "99"},
    ],
)
def test_what_was_not_agreed_changes_nothing(
    desk: Client, order: Order, more: dict[str, str]
) -> None:
    before = unchanged(order)
    data = asked(order, agreed_minor="2400", reason="Leaks") | more

    assert desk.post(page(order), data).status_code == 200

    assert unchanged(order) == before


def test_whoever_may_only_look_pays_nothing_back(client: Client, order: Order) -> None:
    client.force_login(staff("view_order", "pack_order"))
    before = unchanged(order)

    assert client.get(page(order))["Location"] == "/admin/"
    data = asked(order, agreed_minor="2400", reason="Leaks")
    assert client.post(page(order), data)["Location"] == "/admin/"

    assert unchanged(order) == before


def test_a_large_amount_takes_a_manager(desk: Client, order: Order) -> None:
    RefundSettings.objects.create(large_above_minor=2399)
    before = unchanged(order)

    assert "€23.99 would go back" in desk.get(page(order), asked(order)).content.decode()
    data = asked(order, agreed_minor="2400", reason="Leaks")
    answer = desk.post(page(order), data, follow=True)

    assert "a manager has to do this" in answer.content.decode()
    assert unchanged(order) == before


def test_small_refunds_add_up_to_a_large_one(desk: Client, order: Order, at: datetime) -> None:
    RefundSettings.objects.create(large_above_minor=4799)
    pay_back(order, wish(order, gone={"WASH-250": 1}), 2400, at)

    data = asked(order, agreed_minor="2400", reason="Leaks")
    desk.post(page(order), data)

    assert Refund.objects.count() == 1


def test_a_manager_pays_a_large_amount_back_after_a_fresh_sign_in(
    client: Client, order: Order
) -> None:
    RefundSettings.objects.create(large_above_minor=0)
    manager = staff("view_order", "refund_order", "refund_large")
    client.force_login(manager)
    sign_in_at(client, manager, timezone.now().timestamp() - 20 * 60)
    data = asked(order, agreed_minor="2400", reason="Leaks")

    sent_away = client.post(page(order), data)
    assert sent_away["Location"].startswith("/account/reauthenticate/?next=")
    assert Refund.objects.count() == 0
    just_signed_in(client)
    client.post(page(order), data)

    assert Refund.objects.get().amount_minor == 2400


@pytest.mark.parametrize(("fields", "offered"), [({"paid": True}, True), ({}, False)])
def test_the_way_to_pay_back_is_there_while_money_is(
    desk: Client, fields: dict[str, bool], offered: bool
) -> None:
    order = OrderFactory(**fields)

    html = desk.get(reverse("orders:inspect", args=[order.pk])).content.decode()

    assert (page(order) in html) is offered
