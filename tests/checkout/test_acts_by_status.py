"""Every status of an order against every act on its screen: what is offered, what is refused."""

from datetime import datetime

from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone
import pytest
from bs4 import BeautifulSoup

from checkout import withdrawing
from checkout.models import Order, OrderStatus, Shipment
from tests.checkout import buying
from tests.checkout.test_packing_desk import staff
from tests.checkout.test_shipments import items, pack, paid
from tests.stripe_in_process import StripeInProcess

pytestmark = pytest.mark.django_db

S = OrderStatus
# Which acts an order's screen offers while two washes wait in a parcel and one in none.
OFFERED: dict[OrderStatus, set[str]] = {
    S.AWAITING_PAYMENT: {"cancel", "unpack"},
    S.PAYMENT_PROCESSING: {"unpack"},
    S.PAID: {"pack", "call_off", "hand_over", "unpack"},
    S.SHIPPED: {"unpack"},
    S.COMPLETED: {"unpack"},
    S.CANCELLED: {"unpack"},
    S.EXPIRED: {"unpack"},
    S.REFUNDING: {"unpack"},
    S.REFUNDED: {"unpack"},
    S.NEEDS_REVIEW: {"put_back", "unpack"},
}
GRAVE = {"cancel", "put_back", "hand_over", "unpack", "arrive", "decide_withdrawal"}
WORDS = {
    "cancel": "Cancel this order…",
    "put_back": "It is settled: put back…",
    "pack": "Pack a parcel",
    "call_off": "Call off and pay back…",
    "hand_over": "Hand over…",
    "unpack": "Unpack…",
}


@pytest.fixture
def order(stripe: StripeInProcess, at: datetime) -> Order:
    buying.courier()
    order = paid(stripe, (buying.product(at=at), 3), at=at)
    pack(order, at, WASH_250=2)
    return order


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(staff("view_order", "cancel_order", "refund_order", "pack_order"))
    return client


def test_the_table_knows_every_status() -> None:
    assert set(OFFERED) == set(OrderStatus)


@pytest.mark.parametrize("status", OrderStatus)
def test_a_screen_offers_what_the_status_allows(
    desk: Client, order: Order, status: OrderStatus
) -> None:
    Order.objects.filter(pk=order.pk).update(status=status)

    html = desk.get(reverse("orders:inspect", args=[order.pk])).content.decode()

    assert {act for act, words in WORDS.items() if words in html} == OFFERED[status]


@pytest.mark.parametrize("status", OrderStatus)
def test_an_act_says_first_whether_a_mail_goes_out(
    desk: Client, order: Order, status: OrderStatus, at: datetime
) -> None:
    Shipment.objects.create(
        order=order, position=2, reference="left", is_pickup=False, status="HANDED_OVER",
        packed_at=at, handed_over_at=at,
    )  # fmt: skip
    withdrawing.withdraw(
        order_id=order.pk,
        parts=withdrawing.whole(order),
        reference="w" * 32,
        at=at,
        on=timezone.localdate(at),
    )
    Order.objects.filter(pk=order.pk).update(status=status)

    page = desk.get(reverse("orders:inspect", args=[order.pk])).content.decode()

    said: dict[str, list[bool]] = {}
    for form in BeautifulSoup(page, "html.parser").find_all("form", method="post"):
        name = resolve(str(form["action"])).url_name
        if name in GRAVE:
            confirms = form.find_parent("details") is not None and "mail" in form.get_text()
            said.setdefault(name, []).append(confirms)
    grave = {act for act in OFFERED[status] if act in GRAVE} | {"arrive", "decide_withdrawal"}
    assert set(said) == grave
    # Accepting decides nothing that costs: it leads on to the amount.
    assert said.pop("decide_withdrawal") == [False, True]
    assert all(all(each) for each in said.values())


@pytest.mark.parametrize("status", [s for s in OrderStatus if s != S.PAID])
def test_what_is_not_offered_is_refused_all_the_same(
    desk: Client, order: Order, status: OrderStatus
) -> None:
    Order.objects.filter(pk=order.pk).update(status=status)
    parcel = Shipment.objects.get()
    item, line = items(order)["WASH-250"], order.lines.get()
    form = {"token": "a" * 32, "act": "pack", f"item-{item}": "1"}

    desk.post(reverse("orders:bench", args=[order.pk]), form)
    desk.post(reverse("orders:hand_over", args=[order.pk, parcel.pk]))
    if status != S.NEEDS_REVIEW:
        desk.post(reverse("orders:put_back", args=[order.pk]), {"reason": "x"})
    if status != S.AWAITING_PAYMENT:
        desk.post(reverse("orders:cancel", args=[order.pk]))
    desk.post(
        reverse("orders:call_off", args=[order.pk]),
        {f"line-{line.pk}": "1", "reason": "x", "agreed_minor": "2400"},
    )

    order.refresh_from_db()
    parcel.refresh_from_db()
    assert (order.status, parcel.status, order.pieces_to_pack) == (status, "PACKED", 1)
    assert Shipment.objects.count() == 1
    assert order.refunds.count() == 0
