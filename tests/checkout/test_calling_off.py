"""Goods that are paid back instead of sent: exact amounts, free stock, nothing twice."""

from datetime import datetime

import pytest

from catalog import kits, stock
from catalog.models import Stock
from checkout import calling_off, paying_back, refund_lines, refunds, shipments, to_send
from checkout.models import Order
from checkout.paying_back import Wish
from money.money import Money
from tests.checkout import buying
from tests.checkout.test_refund_lines import rows
from tests.checkout.test_shipments import items, mails, pack, paid, shelf, state
from tests.stripe_in_process import StripeInProcess

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(stripe: StripeInProcess, at: datetime) -> Order:
    """Three washes at €24, two balms at €24, delivery at €4.90, paid."""
    buying.courier()
    wash, balm = buying.product(at=at), buying.product("BALM-75", at=at)
    return paid(stripe, (wash, 3), (balm, 2), at=at)


def lines(order: Order) -> dict[str, int]:
    return dict(order.lines.values_list("sku", "pk"))


def call_off(order: Order, agreed_minor: int, at: datetime, /, **skus: int) -> None:
    calling_off.call_off(
        order_id=order.pk,
        units={lines(order)[sku.replace("_", "-")]: n for sku, n in skus.items()},
        agreed_minor=agreed_minor,
        reason="Broken in the store",
        by=None,
        at=at,
    )


def test_what_is_called_off_lowers_what_is_to_be_sent(order: Order, at: datetime) -> None:
    call_off(order, 4800, at, WASH_250=2)

    assert state(order) == ("PAID", "UNFULFILLED", 3, 0)
    assert order.refund_reserved_minor == 4800
    assert shelf("WASH-250") == (10, 1)
    assert [event.kind for event in order.events.all()][-2:] == ["REFUND_REQUESTED", "CALLED_OFF"]
    with pytest.raises(to_send.TooMany):
        pack(order, at, WASH_250=2)
    assert list(stock.contradictions()) == []


def test_delivery_comes_back_with_the_last_of_the_goods(order: Order, at: datetime) -> None:
    call_off(order, 7200, at, WASH_250=3)
    call_off(order, 4800 + 490, at, BALM_75=2)

    assert state(order) == ("PAID", "NOTHING_TO_SEND", 0, 0)
    refunds.send_due(at=at)

    assert state(order) == ("REFUNDED", "NOTHING_TO_SEND", 0, 0)
    assert order.refunded_minor == order.paid_minor == 12490
    assert (shelf("WASH-250"), shelf("BALM-75")) == ((10, 0), (10, 0))


def test_delivery_stays_paid_once_something_was_packed(order: Order, at: datetime) -> None:
    parcel = pack(order, at, WASH_250=3)
    units = {lines(order)["BALM-75"]: 2}

    assert calling_off.amount(order, units) == Money(4800, "EUR")
    shipments.hand_over(shipment_id=parcel.pk, by=None, at=at)
    call_off(order, 4800, at, BALM_75=2)

    assert state(order) == ("SHIPPED", "FULFILLED", 0, 0)


@pytest.mark.parametrize("skus", [{}, {"WASH_250": 0}, {"WASH_250": 4}, {"WASH_250": 1_000}])
def test_more_than_lies_in_no_parcel_is_refused(
    order: Order, at: datetime, skus: dict[str, int]
) -> None:
    with pytest.raises(calling_off.NothingToCallOff):
        call_off(order, 2400, at, **skus)

    assert state(order) == ("PAID", "UNFULFILLED", 5, 0)
    assert order.refunds.count() == 0


def test_another_amount_than_agreed_is_refused(order: Order, at: datetime) -> None:
    with pytest.raises(calling_off.AmountChanged, match=r"€24\.00 now"):
        call_off(order, 2399, at, WASH_250=1)

    assert state(order) == ("PAID", "UNFULFILLED", 5, 0)
    assert order.refunds.count() == 0


def test_what_went_back_before_does_not_come_back_again(order: Order, at: datetime) -> None:
    """Of €124.90, €120.00 went back for everything: what is left of the lines is what comes."""
    refunds.request(payment=order.payments.get(), amount_minor=12000, reason="Kind", by=None, at=at)
    order.refresh_from_db()
    everything = {lines(order)["WASH-250"]: 3, lines(order)["BALM-75"]: 2}

    assert calling_off.amount(order, everything) == Money(490, "EUR")
    with pytest.raises(calling_off.AmountChanged, match=r"€0\.94 now"):
        call_off(order, 2400, at, WASH_250=1)

    assert state(order) == ("PAID", "UNFULFILLED", 5, 0)
    assert shelf("WASH-250") == (10, 3)


def test_more_than_is_left_to_refund_is_refused_in_words_of_money(
    order: Order, at: datetime
) -> None:
    refunds.request(payment=order.payments.get(), amount_minor=12000, reason="Kind", by=None, at=at)

    with pytest.raises(refunds.RefundTooLarge, match=r"has less than €24\.00 left to refund\."):
        refunds.request(
            payment=order.payments.get(), amount_minor=2400, reason="Kind", by=None, at=at
        )


@pytest.fixture
def with_pass(stripe: StripeInProcess, at: datetime) -> Order:
    """A pass at €300, two washes at €24, delivery at €4.90, paid."""
    buying.courier()
    sold = ((buying.package(price_minor=30000, at=at), 1), (buying.product(at=at), 2))
    return paid(stripe, *sold, at=at)


def test_delivery_that_was_paid_back_does_not_come_back_with_the_goods(
    with_pass: Order, at: datetime
) -> None:
    pay_back(with_pass, Wish(delivery_minor=490), 490, at)

    with pytest.raises(calling_off.AmountChanged, match=r"€48\.00 now"):
        call_off(with_pass, 5290, at, WASH_250=2)
    call_off(with_pass, 4800, at, WASH_250=2)

    assert rows(with_pass.refunds.latest("pk")) == [("WASH-250", 2, 4800, 766)]
    left = {each.line_id: each.gross_minor for each in refund_lines.left_of(with_pass)}
    assert left == {lines(with_pass)["MD-6"]: 30000, lines(with_pass)["WASH-250"]: 0, None: 0}


def test_a_line_of_which_some_was_paid_back_comes_back_for_the_rest(
    with_pass: Order, at: datetime
) -> None:
    """€10.01 went back before: with each piece as much of the rest as it has, to the last cent."""
    pay_back(with_pass, Wish(free_minor=1001), 1001, at)
    line, gone = lines(with_pass)["WASH-250"], []
    for _ in range(2):
        with_pass.refresh_from_db()
        gone.append(calling_off.amount(with_pass, {line: 1}).minor)
        call_off(with_pass, gone[-1], at, WASH_250=1)

    assert gone == [1946, 1945 + 398]
    assert sum(gone) + 1001 == 5290
    with_pass.refresh_from_db()
    assert with_pass.refund_reserved_minor == 5290
    left = {each.line_id: each.gross_minor for each in refund_lines.left_of(with_pass)}
    assert left == {lines(with_pass)["MD-6"]: 30000, line: 0, None: 0}


def test_goods_that_were_paid_back_before_are_called_off_for_nothing(
    with_pass: Order, at: datetime
) -> None:
    pay_back(with_pass, Wish(free_minor=5290), 5290, at)

    call_off(with_pass, 0, at, WASH_250=2)

    assert state(with_pass) == ("PAID", "NOTHING_TO_SEND", 0, 0)
    assert with_pass.refunds.count() == 1
    assert shelf("WASH-250") == (10, 0)
    said = with_pass.events.filter(kind="CALLED_OFF").get().message
    assert said == "Not to be sent: 2 × Daily Wash WASH-250, 250 ml (Broken in the store)"
    assert list(stock.contradictions()) == []


def test_what_was_kept_of_a_piece_does_not_come_back_with_another(
    order: Order, at: datetime
) -> None:
    parcel = pack(order, at, WASH_250=1)
    shipments.hand_over(shipment_id=parcel.pk, by=None, at=at)
    line = lines(order)["WASH-250"]
    pay_back(order, Wish(gone={line: 1}, withheld_minor=400), 2000, at)
    order.refresh_from_db()

    assert calling_off.amount(order, {line: 2}) == Money(4800, "EUR")


def pay_back(order: Order, wish: Wish, agreed_minor: int, at: datetime) -> None:
    paying_back.pay_back(
        order_id=order.pk, wish=wish, agreed_minor=agreed_minor, reason="Kind", by=None, at=at
    )


def test_a_kit_is_called_off_as_a_whole(stripe: StripeInProcess, at: datetime) -> None:
    buying.courier()
    balm, brush = (buying.product(sku, at=at) for sku in ("BALM", "BRUSH"))
    kit = buying.product("KIT", price_minor=5000, on_hand=0, at=at)
    kit = kits.set_parts(kit_id=kit.pk, parts=[(balm.pk, 2), (brush.pk, 1)])
    order = paid(stripe, (kit, 2), at=at)
    pack(order, at, BRUSH=1)

    [line] = calling_off.open_lines(order)
    assert line.units == 1
    call_off(order, 5000, at, KIT=1)

    left = {item.sku: item.to_pack for item in order.items_to_send.all()}
    assert left == {"BALM": 2, "BRUSH": 0}
    assert Stock.objects.get(offer=balm).reserved == 2


def test_a_payment_that_went_back_whole_lets_nothing_leave(order: Order, at: datetime) -> None:
    waiting = pack(order, at, WASH_250=1)
    refunds.request(
        payment=order.payments.get(), amount_minor=order.paid_minor, reason="x", by=None, at=at
    )
    refunds.send_due(at=at)

    assert state(order) == ("REFUNDED", "UNFULFILLED", 0, 1)
    assert (shelf("WASH-250"), shelf("BALM-75")) == ((10, 1), (10, 0))
    with pytest.raises(shipments.NotToBeSent):
        shipments.hand_over(shipment_id=waiting.pk, by=None, at=at)

    shipments.cancel(shipment_id=waiting.pk, by=None, at=at)

    assert state(order) == ("REFUNDED", "NOTHING_TO_SEND", 0, 0)
    assert shelf("WASH-250") == (10, 0)
    assert mails(order) == ["order_paid", "order_refunded"]
    assert len(items(order)) == 2
