"""What a refund falls on is written with it, and what is left of an order's lines follows."""

from datetime import datetime

import pytest

from catalog import kits
from checkout import calling_off, refund_lines, refunds
from checkout.models import Order, Refund, RefundLine, RefundRate, RefundStatus
from checkout.refund_lines import Wanted
from tests.checkout import buying
from tests.checkout.test_shipments import paid
from tests.stripe_in_process import StripeInProcess

pytestmark = pytest.mark.django_db

Row = tuple[str, int, int, int]


@pytest.fixture
def order(stripe: StripeInProcess, at: datetime) -> Order:
    """Three washes at €24, a package at €420, delivery at €4.90, paid."""
    buying.courier()
    return paid(stripe, (buying.product(at=at), 3), (buying.package(at=at), 1), at=at)


def ask(order: Order, amount_minor: int, at: datetime, wanted: Wanted | None = None) -> Refund:
    return refunds.request(
        payment=order.payments.latest("pk"),
        amount_minor=amount_minor,
        reason="Kind",
        by=None,
        at=at,
        wanted=wanted or Wanted(),
    )


def rows(refund: Refund) -> list[Row]:
    """Article, pieces, gross and VAT of each line of a refund."""
    return [
        (row.line.sku if row.line else "delivery", row.quantity, row.gross_minor, row.vat_minor)
        for row in refund.lines.select_related("line")
    ]


def left(order: Order) -> dict[int | None, tuple[int, int, int]]:
    return {
        each.line_id: (each.pieces, each.gross_minor, each.vat_minor)
        for each in refund_lines.left_of(order)
    }


def test_an_amount_for_which_nothing_is_named_falls_on_everything(
    order: Order, at: datetime
) -> None:
    refund = ask(order, 1000, at)

    assert rows(refund) == [
        ("WASH-250", 0, 145, 23),
        ("MD-6", 0, 845, 135),
        ("delivery", 0, 10, 2),
    ]


def test_the_parts_of_a_whole_refund_are_what_the_order_says(order: Order, at: datetime) -> None:
    line = order.lines.get(sku="WASH-250")
    ask(order, 2400, at, Wanted(gross={line.pk: 2400}, pieces={line.pk: 1}))
    ask(order, 333, at)
    ask(order, order.total_minor - 2733, at)

    written = RefundLine.objects.all()
    assert sum(row.gross_minor for row in written) == order.total_minor
    assert sum(row.vat_minor for row in written) == order.vat_minor
    rates = RefundRate.objects.all()
    assert sum(rate.gross_minor for rate in rates) == order.total_minor
    assert sum(rate.vat_minor for rate in rates) == order.vat_minor
    assert set(left(order).values()) == {(2, 0, 0), (1, 0, 0), (0, 0, 0)}


def test_more_than_is_left_of_a_line_falls_on_the_others(order: Order, at: datetime) -> None:
    line = order.lines.get(sku="WASH-250")

    refund = ask(order, 8000, at, Wanted(gross={line.pk: 8000}, pieces={line.pk: 9}))

    assert rows(refund)[0] == ("WASH-250", 3, 7200, 1150)
    assert sum(row.gross_minor for row in refund.lines.all()) == 8000


def test_a_refund_from_before_there_were_rows_counts_as_spread(order: Order, at: datetime) -> None:
    old = ask(order, 1000, at)
    written = rows(old)
    now = left(order)
    RefundRate.objects.all().delete()
    RefundLine.objects.all().delete()

    assert left(order) == now
    backs = refund_lines.backs_of(old)
    assert [(each.gross_minor, each.vat_minor) for each in backs] == [row[2:] for row in written]


def test_a_refund_that_failed_has_taken_nothing(order: Order, at: datetime) -> None:
    before = left(order)
    ask(order, 1000, at)
    Refund.objects.update(status=RefundStatus.FAILED)

    assert left(order) == before


def test_what_was_paid_twice_is_nobody_s_line(order: Order, at: datetime) -> None:
    Order.objects.update(paid_minor=2 * order.total_minor)
    order.refresh_from_db()
    before = left(order)

    refund = ask(order, order.total_minor, at)

    assert rows(refund) == []
    assert left(order) == before


def test_goods_called_off_are_named_with_their_delivery(order: Order, at: datetime) -> None:
    line = order.lines.get(sku="WASH-250")

    refund = calling_off.call_off(
        order_id=order.pk,
        units={line.pk: 3},
        agreed_minor=7690,
        reason="Broken in the store",
        by=None,
        at=at,
    )

    assert rows(refund) == [("WASH-250", 3, 7200, 1150), ("delivery", 0, 490, 78)]
    assert refund.lines.get(line=line).called_off == 3


def test_a_kit_comes_back_at_its_parts_rates(stripe: StripeInProcess, at: datetime) -> None:
    buying.courier()
    balm, brush = (buying.product(sku, at=at) for sku in ("BALM", "BRUSH"))
    balm.vat_rate_bp = 700
    balm.save()
    kit = buying.product("KIT", price_minor=5000, on_hand=0, at=at)
    kit = kits.set_parts(kit_id=kit.pk, parts=[(balm.pk, 2), (brush.pk, 1)])
    order = paid(stripe, (kit, 2), at=at)
    line = order.lines.get()

    refund = ask(order, 5000, at, Wanted(gross={line.pk: 5000}, pieces={line.pk: 1}))

    row = refund.lines.get()
    shares = [(each.vat_rate_bp, each.gross_minor) for each in row.rates.all()]
    assert shares == [(700, 3334), (1900, 1666)]
    assert sum(each.vat_minor for each in row.rates.all()) == row.vat_minor


def test_a_refund_from_the_dashboard_has_lines_too(
    stripe: StripeInProcess, order: Order, at: datetime
) -> None:
    intent = order.payments.get().payment_intent
    stripe.control(f"payments/{intent}/refund", amount="700")
    made = next(iter(refunds.stripe_gateway.refunds_since(order.placed_at)))

    found = refunds.mirror(made.id, at=at)

    assert found is not None
    assert sum(row.gross_minor for row in found.lines.all()) == 700
