"""The limit of refunds holds for what has gone when money goes back, not when a screen was read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone
import pytest
from pytest_django import DjangoDbBlocker

from accounts.models import User
from checkout import (
    baskets,
    calling_off,
    giving_back,
    paying_back,
    refund_ways,
    shipments,
    stripe_gateway,
)
from checkout.models import Order, Refund, RefundSettings, ReturnStatus, ShipmentLine
from checkout.order_page import passes_of
from checkout.paying_back import Wish
from checkout.pricing import price_basket
from checkout.returns import settling
from checkout.selling import amending, placing
from checkout.viewsets import large_refunds
from tests.accounts.signing_in import sign_in_at
from tests.checkout import buying
from tests.checkout.returns.test_returns import ask, brought_to
from tests.checkout.test_packing_desk import staff
from tests.checkout.test_shipments import pack, paid
from tests.shared_rows import kept_for_many
from tests.stripe_in_process import StripeInProcess
from treatments.models import LedgerEntry

pytestmark = pytest.mark.django_db

DELIVERY = 490
CLERK = ("view_order", "pack_order", "refund_order", "sell_order", "view_return", "handle_return")


@dataclass(frozen=True)
class Deed:
    """Money that goes back: by the verb for so much at most, and from its screen."""

    amount_minor: int
    by_verb: Callable[[int | None], Any]
    address: str
    sent: dict[str, str]


@pytest.fixture(scope="module")
def sold(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[int]:
    """Three washes of which two were sent, a package, delivery at €4.90; a balm is on sale."""
    stripe = StripeInProcess(tmp_path_factory.mktemp("stripe") / "stripe.sqlite3")
    with kept_for_many(django_db_blocker), pytest.MonkeyPatch.context() as patch:
        patch.setattr(stripe_gateway, "client", lambda: stripe.client)
        at = timezone.now()
        buying.courier()
        buying.product("BALM", at=at, price_minor=1900)
        order = paid(stripe, (buying.product(at=at), 3), (buying.package(at=at), 1), at=at)
        parcel = pack(order, at, WASH_250=2)
        shipments.hand_over(shipment_id=parcel.pk, by=None, at=at)
        yield order.pk


@pytest.fixture
def order(sold: int, db: None) -> Order:
    return Order.objects.get(pk=sold)


def a_piece(order: Order, by: User) -> Deed:
    at, line = timezone.now(), order.lines.get(sku="WASH-250").pk
    return Deed(
        2400,
        lambda most: paying_back.pay_back(
            order_id=order.pk,
            wish=Wish(gone={line: 1}),
            agreed_minor=2400,
            reason="Kind",
            by=by,
            at=at,
            most_minor=most,
        ),
        reverse("orders:pay_back", args=[order.pk]),
        {f"gone-{line}": "1", "agreed_minor": "2400", "reason": "Kind"},
    )


def what_is_called_off(order: Order, by: User) -> Deed:
    at, line = timezone.now(), order.lines.get(sku="WASH-250").pk
    return Deed(
        2400,
        lambda most: calling_off.call_off(
            order_id=order.pk,
            units={line: 1},
            agreed_minor=2400,
            reason="Broken",
            by=by,
            at=at,
            most_minor=most,
        ),
        reverse("orders:call_off", args=[order.pk]),
        {f"line-{line}": "1", "agreed_minor": "2400", "reason": "Broken"},
    )


def a_pass(order: Order, by: User) -> Deed:
    at, row = timezone.now(), passes_of(order).get()
    return Deed(
        42000,
        lambda most: giving_back.give_back(
            pass_id=row.pk,
            agreed_minor=42000,
            by=by,
            at=at,
            on=timezone.localdate(),
            most_minor=most,
        ),
        reverse("orders:give_back", args=[order.pk, row.pk]),
        {"agreed_minor": "42000"},
    )


def a_return(order: Order, by: User) -> Deed:
    at, row = timezone.now(), brought_to(ask(order, 1), ReturnStatus.INSPECTED, by)
    return Deed(
        2400,
        lambda most: settling.pay_back(
            return_id=row.pk,
            with_delivery=False,
            withheld_minor=0,
            agreed_minor=2400,
            by=by,
            at=at,
            most_minor=most,
        ),
        reverse("returns:pay_back", args=[row.pk]),
        {"agreed_minor": "2400"},
    )


def an_amendment(order: Order, by: User) -> Deed:
    at, line = timezone.now(), order.lines.get(sku="WASH-250").pk
    begun = amending.begin(order_id=order.pk, by=by, at=at)
    baskets.add(basket=begun.basket, user=None, sku="BALM", quantity=1, at=at)
    amending.choose(begun=begun, units={line: 1})
    begun.basket.refresh_from_db()
    total, token = price_basket(begun.basket, at=at).total.minor, begun.basket.checkout_token
    return Deed(
        2400,
        lambda most: placing.place(
            desk=begun,
            checkout_token=token,
            agreed_total_minor=total,
            was_told=True,
            by=by,
            at=at,
            agreed_back_minor=2400,
            most_back_minor=most,
        ),
        reverse("orders:sell", args=[begun.pk]),
        {
            "act": "place",
            "checkout_token": token,
            "agreed_total_minor": str(total),
            "agreed_back_minor": "2400",
            "told": "1",
            "way": "LINK",
        },
    )


WAYS = pytest.mark.parametrize("way", [a_piece, what_is_called_off, a_pass, a_return, an_amendment])
Way = Callable[[Order, User], Deed]


def pay_delivery_back(order: Order) -> None:
    paying_back.pay_back(
        order_id=order.pk,
        wish=Wish(delivery_minor=DELIVERY),
        agreed_minor=DELIVERY,
        reason="Late",
        by=None,
        at=timezone.now(),
    )


def rows(order: Order) -> tuple[Any, ...]:
    """All that must stay as it is when something is refused."""
    order.refresh_from_db()
    counted = (Order, Refund, LedgerEntry, ShipmentLine)
    return (
        order.refund_reserved_minor,
        order.pieces_to_pack,
        order.events.count(),
        list(order.returns.values_list("status")),
        *(model.objects.count() for model in counted),
    )


@WAYS
def test_no_verb_pays_back_more_than_somebody_may(order: Order, way: Way) -> None:
    """What has gone for the order before counts, and the limit itself is still allowed."""
    deed = way(order, staff(*CLERK))
    pay_delivery_back(order)
    most, before = DELIVERY + deed.amount_minor, rows(order)

    with pytest.raises(refund_ways.AboveLimit, match="a manager has to do this"):
        deed.by_verb(most - 1)
    assert rows(order) == before
    deed.by_verb(most)

    order.refresh_from_db()
    assert order.refund_reserved_minor == most


@pytest.fixture
def beside_a_colleague(monkeypatch: pytest.MonkeyPatch, order: Order) -> None:
    """Delivery is paid back by somebody else once a screen has looked at the order."""
    most_minor = large_refunds.most_minor

    def after_a_colleague(*args: Any) -> int | None:
        pay_delivery_back(order)
        return most_minor(*args)

    monkeypatch.setattr(large_refunds, "most_minor", after_a_colleague)


@WAYS
@pytest.mark.usefixtures("beside_a_colleague")
def test_whoever_is_overtaken_is_told_to_ask_a_manager(
    client: Client, order: Order, way: Way
) -> None:
    client.force_login(clerk := staff(*CLERK))
    deed = way(order, clerk)
    RefundSettings.objects.create(large_above_minor=DELIVERY + deed.amount_minor - 1)

    answer = client.post(deed.address, deed.sent, follow=True)

    assert "a manager has to do this" in answer.content.decode()
    assert Refund.objects.get().amount_minor == DELIVERY


@WAYS
@pytest.mark.usefixtures("beside_a_colleague")
def test_a_manager_who_is_overtaken_signs_in_again(client: Client, order: Order, way: Way) -> None:
    manager = staff(*CLERK, "refund_large")
    client.force_login(manager)
    sign_in_at(client, manager, timezone.now().timestamp() - 20 * 60)
    deed = way(order, manager)
    RefundSettings.objects.create(large_above_minor=DELIVERY + deed.amount_minor - 1)

    answer = client.post(deed.address, deed.sent)

    assert answer["Location"].startswith("/account/reauthenticate/?next=")
    assert Refund.objects.get().amount_minor == DELIVERY


@WAYS
@pytest.mark.usefixtures("beside_a_colleague")
def test_a_manager_who_has_just_signed_in_has_no_limit(
    client: Client, order: Order, way: Way
) -> None:
    client.force_login(manager := staff(*CLERK, "refund_large"))
    deed = way(order, manager)
    RefundSettings.objects.create(large_above_minor=0)

    client.post(deed.address, deed.sent)

    assert sum(Refund.objects.values_list("amount_minor", flat=True)) == (
        DELIVERY + deed.amount_minor
    )


def test_what_was_typed_is_still_there_for_whoever_is_too_small(
    client: Client, order: Order
) -> None:
    client.force_login(clerk := staff(*CLERK))
    deed = what_is_called_off(order, clerk)
    RefundSettings.objects.create(large_above_minor=0)

    answer = client.post(deed.address, deed.sent, follow=True)

    assert [units for _, units in answer.context["lines"]] == [1]
