"""The packing screens: who sees them, what a scan counts, what is packed, what is printed."""

from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
import pytest

from accounts.models import User
from catalog.models import Offer
from checkout import paying_back, shipments
from checkout.models import Order, Shipment, ShipmentStatus
from tests.checkout import buying
from tests.checkout.factories import OrderFactory, OrderLineFactory
from tests.checkout.test_shipments import items, paid, state
from tests.stripe_in_process import StripeInProcess

pytestmark = pytest.mark.django_db


def staff(*codenames: str) -> User:
    user = User.objects.create_user("staff@example.com", name="Mira Staff", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", *codenames]))
    return user


@pytest.fixture
def packer(client: Client) -> Client:
    client.force_login(staff("view_order", "pack_order", "refund_order"))
    return client


@pytest.fixture
def order(stripe: StripeInProcess, at: datetime) -> Order:
    """Two washes with a barcode and a balm, paid."""
    buying.courier()
    wash, balm = buying.product(at=at), buying.product("BALM-75", at=at)
    Offer.objects.filter(pk=wash.pk).update(barcode="4006381333931")
    return paid(stripe, (wash, 2), (balm, 1), at=at)


def bench(order: Order) -> str:
    return reverse("orders:bench", args=[order.pk])


def sent(order: Order, act: str, **counts: int) -> dict[str, str]:
    """The bench's form, as it is sent with so many of each article counted."""
    named = {f"item-{items(order)[sku.replace('_', '-')]}": str(n) for sku, n in counts.items()}
    return {"token": "a" * 32, "act": act, "carrier": "Post", "tracking_number": "AB1", **named}


# --- The queue -----------------------------------------------------------------------------


def test_the_oldest_promise_is_packed_first(packer: Client) -> None:
    soon = OrderFactory(paid=True, arrives_until_on=date(2026, 12, 1))
    never = OrderFactory(paid=True, arrives_until_on=None)
    late = OrderFactory(paid=True, arrives_until_on=date(2026, 11, 1))
    OrderFactory(paid=True, pieces_to_pack=0)
    OrderFactory(pieces_to_pack=1)

    found = packer.get(reverse("orders:queue")).context["orders"]

    assert [order.pk for order in found] == [late.pk, soon.pk, never.pk]


def test_a_long_queue_costs_as_many_queries_as_a_short_one(packer: Client) -> None:
    counts = []
    for more in (1, 30):
        OrderFactory.create_batch(more, paid=True)
        packer.get(reverse("orders:queue"))
        with CaptureQueriesContext(connection) as queries:
            packer.get(reverse("orders:queue"))
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert counts[0] <= 20


def test_a_scanned_number_opens_its_order(packer: Client) -> None:
    order = OrderFactory(paid=True, number="G-7K3M-9QXT")

    answer = packer.get(reverse("orders:queue"), {"q": "g7k3m9qxt"})

    assert answer["Location"] == bench(order)
    for nothing in ("G-0000-0000", "\x00"):
        assert packer.get(reverse("orders:queue"), {"q": nothing}).status_code == 200


# --- The bench -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "counted", "words", "is_wrong"),
    [
        ("4006381333931", 1, "1 of 2 × Daily Wash WASH-250, 250 ml", False),
        ("wash-250", 1, "1 of 2 × Daily Wash WASH-250, 250 ml", False),
        ("4000000000000", 0, "4000000000000 is not in this order.", True),
    ],
)
def test_a_scan_counts_or_says_what_is_wrong(
    packer: Client, order: Order, code: str, counted: int, words: str, is_wrong: bool
) -> None:
    answer = packer.post(bench(order), {**sent(order, "scan"), "scan": code})

    said = answer.context["said"]
    assert (said.words, said.is_wrong) == (words, is_wrong)
    assert answer.context["bench"].rows[0].counted == counted
    assert Shipment.objects.count() == 0


def test_a_scan_too_many_is_refused_and_counts_nothing(packer: Client, order: Order) -> None:
    data = {**sent(order, "scan", WASH_250=2), "scan": "WASH-250"}

    answer = packer.post(bench(order), data)

    assert answer.context["said"].words.startswith("Enough: 2 of Daily Wash")
    assert answer.context["bench"].rows[0].counted == 2


def test_two_parcels_leave_from_the_bench(packer: Client, order: Order) -> None:
    first = packer.post(bench(order), sent(order, "pack", WASH_250=1))

    assert first["Location"] == bench(order)
    assert state(order) == ("PAID", "UNFULFILLED", 2, 1)

    rest = {**sent(order, "send", WASH_250=1, BALM_75=1), "token": "b" * 32}
    second = packer.post(bench(order), rest)

    assert second["Location"] == reverse("orders:queue")
    assert state(order) == ("PAID", "PARTLY", 0, 1)
    one, two = Shipment.objects.order_by("position")
    assert (one.status, two.status) == (ShipmentStatus.PACKED, ShipmentStatus.HANDED_OVER)
    assert (two.carrier, two.tracking_number) == ("Post", "AB1")
    assert str(two.packed_by) == "staff@example.com"


def test_the_next_order_follows_the_one_that_is_packed(
    packer: Client, order: Order, stripe: StripeInProcess, at: datetime
) -> None:
    other = paid(stripe, (Offer.objects.get(sku="BALM-75"), 1), at=at)

    answer = packer.post(bench(order), sent(order, "all"))

    assert answer["Location"] == bench(other)
    assert state(order) == ("PAID", "UNFULFILLED", 0, 1)


@pytest.mark.parametrize(
    "changes",
    [
        {"WASH_250": 3},
        {"WASH_250": 0},
    ],
)
def test_what_cannot_be_packed_is_said_and_packs_nothing(
    packer: Client, order: Order, changes: dict[str, int]
) -> None:
    answer = packer.post(bench(order), sent(order, "pack", **changes))

    assert answer.status_code == 200
    assert state(order) == ("PAID", "UNFULFILLED", 3, 0)


@pytest.mark.parametrize("weight", ["-1", "x", "1000000"])
def test_a_wrong_weight_packs_nothing(packer: Client, order: Order, weight: str) -> None:
    packer.post(bench(order), {**sent(order, "pack", WASH_250=1), "weight_grams": weight})

    assert state(order) == ("PAID", "UNFULFILLED", 3, 0)


# --- The parcels that wait -----------------------------------------------------------------


@pytest.fixture
def parcel(order: Order, at: datetime) -> Shipment:
    return shipments.pack(
        order_id=order.pk,
        pieces={items(order)["WASH-250"]: 2},
        reference="form:1",
        by=None,
        at=at,
    )


def test_ticked_parcels_are_handed_over_together(packer: Client, parcel: Shipment) -> None:
    assert str(parcel) in packer.get(reverse("orders:parcels")).content.decode()

    packer.post(reverse("orders:parcels"), {"id": [str(parcel.pk), "x", "9" * 30]})

    assert state(parcel.order) == ("PAID", "PARTLY", 1, 0)


def test_a_code_is_handed_over_by_whoever_may_pack(
    packer: Client, order: Order, at: datetime
) -> None:
    Order.objects.filter(pk=order.pk).update(delivery_method_kind="PICKUP")
    waiting = shipments.pack(
        order_id=order.pk,
        pieces={items(order)["WASH-250"]: 2},
        reference="form:1",
        by=None,
        at=at,
    )

    for code in ("", "abc", "\x00", "²²²²²²"):
        packer.post(reverse("orders:collect"), {"code": code})
    assert state(order) == ("PAID", "UNFULFILLED", 1, 1)
    packer.post(reverse("orders:collect"), {"code": waiting.pickup_code})

    assert state(order) == ("PAID", "PARTLY", 1, 0)


@pytest.mark.parametrize("word", ["hand_over", "unpack", "follow"])
def test_a_parcel_of_another_order_is_as_good_as_none(
    packer: Client, parcel: Shipment, word: str
) -> None:
    """R19: the order is seen, the parcel is somebody else's."""
    other = OrderFactory(paid=True)

    answer = packer.post(reverse(f"orders:{word}", args=[other.pk, parcel.pk]))

    assert answer.status_code == 404
    parcel.refresh_from_db()
    assert parcel.status == ShipmentStatus.PACKED


def test_the_buttons_of_a_parcel_do_what_they_say(packer: Client, parcel: Shipment) -> None:
    arguments = [parcel.order_id, parcel.pk]
    inspect = reverse("orders:inspect", args=[parcel.order_id])
    html = packer.get(inspect).content.decode()
    for words in ("Pack a parcel", "Hand over…", "Unpack…", "Add tracking…", "Call off"):
        assert words in html

    packer.post(
        reverse("orders:follow", args=arguments),
        {"carrier": "Post", "number": "AB1", "url": "javascript:alert(1)"},
    )
    parcel.refresh_from_db()
    assert parcel.tracking_number == ""
    packer.post(reverse("orders:follow", args=arguments), {"carrier": "Post", "number": "AB1"})
    packer.post(reverse("orders:hand_over", args=arguments))

    parcel.refresh_from_db()
    assert (parcel.status, parcel.tracking_number) == (ShipmentStatus.HANDED_OVER, "AB1")
    html = packer.get(inspect).content.decode()
    assert "Hand over…" not in html
    assert "Unpack…" not in html


# --- A carrier's files ---------------------------------------------------------------------


def test_the_file_for_the_carrier_holds_no_formula(packer: Client, parcel: Shipment) -> None:
    Order.objects.filter(pk=parcel.order_id).update(delivery_name="=HYPERLINK(1)")

    answer = packer.get(reverse("orders:announce"))

    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("parcel,name,line1")
    assert lines[1].startswith(f"{parcel},'=HYPERLINK(1),Turmstr. 4,,10559,Berlin,DE,")


def look(packer: Client, text: bytes) -> Any:
    return packer.post(reverse("orders:numbers"), {"file": SimpleUploadedFile("numbers.csv", text)})


def test_tracking_numbers_are_looked_at_and_then_taken(packer: Client, parcel: Shipment) -> None:
    text = f"parcel;tracking_number;carrier\n{parcel};AB 12;Post\n"

    found = look(packer, text.encode()).context["found"]

    assert (len(found.planned), found.problems) == (1, [])
    parcel.refresh_from_db()
    assert parcel.tracking_number == ""
    packer.post(reverse("orders:numbers"), {"text": text})
    parcel.refresh_from_db()
    assert (parcel.tracking_number, parcel.carrier) == ("AB 12", "Post")


def test_a_file_with_bad_rows_names_them_and_changes_nothing(
    packer: Client, parcel: Shipment
) -> None:
    rows = [
        "parcel,tracking_number,tracking_url",
        f"{parcel},AB1,",
        f"{parcel},AB2,",
        ",AB3,",
        "G-0000-0000/1,AB4,",
        "G-0000-0000/2,,",
        "G-0000-0000/3,AB6,http://elsewhere.example",
    ]
    text = "\n".join(rows)

    found = look(packer, text.encode()).context["found"]

    assert [(problem.row, problem.words) for problem in found.problems] == [
        (3, f"{parcel} stands in the file twice."),
        (4, "It names no parcel."),
        (5, "G-0000-0000/1 is no parcel of ours."),
        (6, "It gives no number."),
        (7, "The link is not one that starts with https://."),
    ]
    packer.post(reverse("orders:numbers"), {"text": text})
    parcel.refresh_from_db()
    assert parcel.tracking_number == ""


@pytest.mark.parametrize("text", [b"", b"\xff\xfe", b"a,b\n1,2\n", b"\x00", b"%PDF-1.7"])
def test_what_is_no_table_is_said(packer: Client, text: bytes) -> None:
    answer = look(packer, text)

    assert answer.status_code == 200
    assert "found" not in answer.context or answer.context["found"].problems


# --- Calling off ---------------------------------------------------------------------------


def call_off(packer: Client, order: Order, **data: str) -> str:
    line = order.lines.get(sku="WASH-250")
    answer = packer.post(
        reverse("orders:call_off", args=[order.pk]),
        {f"line-{line.pk}": "1", "reason": "Broken", **data},
        follow=True,
    )
    return answer.content.decode()


def test_goods_are_called_off_after_the_amount_was_shown(packer: Client, order: Order) -> None:
    asked = call_off(packer, order)
    assert "Yes, pay back €24.00" in asked
    assert "The buyer gets a mail" in asked
    assert state(order) == ("PAID", "UNFULFILLED", 3, 0)

    assert "€24.00 is on its way" in call_off(packer, order, agreed_minor="2400")

    assert state(order) == ("PAID", "UNFULFILLED", 2, 0)
    assert order.refunds.get().amount_minor == 2400


def test_another_amount_than_the_one_shown_pays_nothing_back(packer: Client, order: Order) -> None:
    assert "The amount is €24.00 now" in call_off(packer, order, agreed_minor="2500")

    assert state(order) == ("PAID", "UNFULFILLED", 3, 0)
    assert order.refunds.count() == 0


def test_goods_for_which_nothing_is_left_are_called_off_for_nothing(
    packer: Client, stripe: StripeInProcess, order: Order, at: datetime
) -> None:
    wash = Offer.objects.get(sku="WASH-250")
    order = paid(stripe, (wash, 1), (buying.package(at=at), 1), at=at)
    kind = paying_back.Wish(free_minor=2890)
    paying_back.pay_back(
        order_id=order.pk, wish=kind, agreed_minor=2890, reason="Kind", by=None, at=at
    )

    assert "Yes, call off; nothing goes back" in call_off(packer, order)
    assert "Called off; nothing goes back." in call_off(packer, order, agreed_minor="0")

    assert state(order) == ("PAID", "NOTHING_TO_SEND", 0, 0)
    assert order.refunds.count() == 1


# --- Paper ---------------------------------------------------------------------------------


def test_a_pick_list_adds_up_articles_over_orders(
    packer: Client, order: Order, stripe: StripeInProcess, at: datetime
) -> None:
    other = paid(stripe, (Offer.objects.get(sku="WASH-250"), 3), at=at)

    rows = packer.get(reverse("orders:pick_list")).context["rows"]

    assert [(row.sku, row.quantity) for row in rows] == [("BALM-75", 1), ("WASH-250", 5)]
    assert rows[1].orders == [(order.number, 2), (other.number, 3)]


def test_a_packing_slip_names_what_is_to_be_packed(packer: Client, parcel: Shipment) -> None:
    html = packer.get(reverse("orders:slips"), {"id": parcel.order_id}).content.decode()

    assert parcel.order.number in html
    assert "BALM-75" in html
    assert "WASH-250" not in html
    assert "€" not in html


# --- Who may do what -----------------------------------------------------------------------

SCREENS = ("queue", "parcels", "announce", "numbers")


@pytest.mark.parametrize("permissions", [(), ("view_order",)])
def test_who_may_not_pack_finds_no_bench(
    client: Client, parcel: Shipment, permissions: tuple[str, ...]
) -> None:
    client.force_login(staff(*permissions))
    arguments = [parcel.order_id, parcel.pk]

    for name in SCREENS:
        assert client.get(reverse(f"orders:{name}"))["Location"] == "/admin/"
    for name in ("bench", "call_off"):
        address = reverse(f"orders:{name}", args=[parcel.order_id])
        assert client.get(address)["Location"] == "/admin/"
        assert client.post(address, {"act": "all"})["Location"] == "/admin/"
    for name in ("hand_over", "unpack", "follow"):
        assert client.post(reverse(f"orders:{name}", args=arguments))["Location"] == "/admin/"
    assert client.post(reverse("orders:collect"))["Location"] == "/admin/"
    assert "/admin/orders/packing/" not in client.get("/admin/").content.decode()
    assert state(parcel.order) == ("PAID", "UNFULFILLED", 1, 1)


def test_an_order_without_items_shows_no_parcels(packer: Client, at: datetime) -> None:
    order = OrderFactory(of_sessions=True, paid=True)
    OrderLineFactory(order=order, offer=buying.package(at=at))

    html = packer.get(reverse("orders:inspect", args=[order.pk])).content.decode()

    assert "What has to be sent" not in html
    assert (
        "nothing to print" in packer.get(reverse("orders:slips"), {"id": order.pk}).content.decode()
    )
