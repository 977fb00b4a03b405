"""The list of orders: saved views, what is done with many, an export equal to the screen."""

import csv
import io
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
import pytest
from bs4 import BeautifulSoup

from accounts.models import User
from checkout import order_notes, saved_views
from checkout.models import Dispute, Order, OrderNote, OrderTag, SavedView, Shipment
from checkout.order_page import passes_of
from checkout.viewsets import order_list_acts
from tests.checkout import buying
from tests.checkout.factories import OrderFactory, PaymentFactory
from tests.checkout.history_of import history_of
from tests.checkout.test_packing_desk import staff
from tests.checkout.test_shipments import paid, state
from tests.stripe_in_process import StripeInProcess
from treatments import ledger

pytestmark = pytest.mark.django_db

LIST = "/admin/orders/"


@pytest.fixture
def person() -> User:
    return staff("view_order", "pack_order", "note_order")


@pytest.fixture
def desk(client: Client, person: User) -> Client:
    client.force_login(person)
    return client


def found(desk: Client, **query: Any) -> list[str]:
    return [order.number for order in desk.get(LIST, query).context["object_list"]]


def exported(desk: Client, **query: Any) -> list[dict[str, str]]:
    response = desk.get(LIST, {**query, "export": "csv"})
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


# --- What it shows -------------------------------------------------------------------------


def test_each_order_says_its_age_what_left_and_its_tags(desk: Client, at: datetime) -> None:
    order = OrderFactory(paid=True, placed_at=at - timedelta(days=3, hours=2), fulfilment="PARTLY")
    OrderTag.objects.create(order=order, name="fragile")

    html = desk.get(LIST).content.decode().replace("\xa0", " ")

    for words in ("3 days", "Partly sent", "fragile", "Pack the rest and send"):
        assert words in html


def test_each_order_says_how_many_of_its_sessions_are_left(
    stripe: StripeInProcess, desk: Client, at: datetime
) -> None:
    package = buying.package(at=at)
    used, unused = (paid(stripe, (package, count), at=at) for count in (1, 2))
    OrderFactory(of_sessions=True, paid_at=None)
    ledger.redeem(
        pass_id=passes_of(used).get().pk, reference="visit-1", by=None, at=at + timedelta(days=1)
    )

    desk.get(LIST)
    with CaptureQueriesContext(connection) as queries:
        table = desk.get(LIST).context["table"]

    said = {row.pk: table.columns["contents"].get_value(row) for row in table.data}
    assert {order.pk: said.pop(order.pk) for order in (used, unused)} == {
        used.pk: "Sessions or gift cards: 5 of 6 sessions left",
        unused.pk: "Sessions or gift cards: 12 of 12 sessions left",
    }
    assert set(said.values()) == {"Sessions or gift cards"}
    assert len(queries) <= 20


@pytest.fixture
def several(at: datetime) -> dict[str, Order]:
    """One order for each of the filters."""
    disputed = OrderFactory(paid=True, pieces_to_pack=0, fulfilment="FULFILLED")
    Dispute.objects.create(
        order=disputed, payment=PaymentFactory(order=disputed), stripe_dispute_id="dp_1",
        amount_minor=100, currency="EUR", status="needs_response", reason="fraudulent",
        opened_at=at, updated_at=at,
    )  # fmt: skip
    tagged = OrderFactory(paid=True, delivery_country="FR")
    OrderTag.objects.create(order=tagged, name="fragile")
    packed = OrderFactory(paid=True, pieces_to_pack=0, parcels_waiting=1)
    bank = OrderFactory(status="PAYMENT_PROCESSING", delivery_method_code="express")
    return {"disputed": disputed, "tagged": tagged, "packed": packed, "bank": bank}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"to_do": "PACK"}, {"tagged"}),
        ({"to_do": "HAND_OVER"}, {"packed"}),
        ({"fulfilment": "FULFILLED"}, {"disputed"}),
        ({"fulfilment": ["UNFULFILLED", "FULFILLED"]}, {"disputed", "tagged", "packed", "bank"}),
        ({"tag": "fragile"}, {"tagged"}),
        ({"is_disputed": "true"}, {"disputed"}),
        ({"is_disputed": "false"}, {"tagged", "packed", "bank"}),
        ({"status": "PAYMENT_PROCESSING"}, {"bank"}),
        ({"delivery_country": "FR"}, {"tagged"}),
    ],
)
def test_the_list_and_its_export_are_narrowed_alike(
    desk: Client, several: dict[str, Order], query: dict[str, Any], names: set[str]
) -> None:
    wanted = {several[name].number for name in names}

    assert set(found(desk, **query)) == wanted
    assert {row["Number"] for row in exported(desk, **query)} == wanted


def test_the_list_is_narrowed_by_the_delivery_method(
    desk: Client, several: dict[str, Order]
) -> None:
    buying.courier()

    assert len(found(desk, delivery_method_code="standard")) == 3


def test_an_export_holds_every_page_of_what_is_listed_and_no_formula(desk: Client) -> None:
    many = OrderFactory.create_batch(60, paid=True)
    OrderFactory(name="Somebody else", email="else@example.com")
    OrderTag.objects.create(order=many[0], name="=1+1")

    rows = exported(desk, q="Ada", status="PAID")

    assert {row["Number"] for row in rows} == {order.number for order in many}
    assert [row["Tags"] for row in rows if row["Tags"]] == ["'=1+1"]
    assert rows[0]["Total"] == "28.90"


def test_a_long_list_costs_as_many_queries_as_a_short_one(desk: Client) -> None:
    counts = []
    for more in (1, 45):
        for order in OrderFactory.create_batch(more, paid=True):
            OrderTag.objects.create(order=order, name="fragile")
        desk.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            desk.get(LIST)
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert counts[0] <= 20


# --- Saved views ---------------------------------------------------------------------------


def test_the_shop_s_views_stand_above_the_list(desk: Client) -> None:
    html = desk.get(LIST, {"to_do": "PACK"}).content.decode()

    assert '<a href="/admin/orders/?to_do=PACK" aria-current="page">To pack</a>' in html
    for name, _query in saved_views.OF_THE_SHOP:
        assert name in html


def test_a_filter_is_saved_under_a_name_and_deleted(desk: Client, person: User) -> None:
    saved = {"name": "French", "query": "?delivery_country=FR&p=3&q="}

    answer = desk.post(reverse("orders:save_view"), saved)

    view = SavedView.objects.get()
    assert (view.user, view.name, view.query) == (person, "French", "delivery_country=FR")
    assert answer["Location"] == f"{LIST}?delivery_country=FR"
    assert "French" in desk.get(LIST).content.decode()
    desk.post(reverse("orders:save_view"), {**saved, "query": "delivery_country=BE"})
    assert SavedView.objects.get().query == "delivery_country=BE"
    desk.post(reverse("orders:save_view"), {"drop": str(view.pk)})
    assert SavedView.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("", "to_do=PACK"),
        ("x" * 41, "to_do=PACK"),
        ("All", ""),
        ("All", "p=2"),
        ("x", "q=" + "y" * 1100),
    ],
)
def test_a_view_without_name_or_filter_is_refused(desk: Client, name: str, query: str) -> None:
    desk.post(reverse("orders:save_view"), {"name": name, "query": query})

    assert SavedView.objects.count() == 0


def test_views_are_one_s_own(desk: Client) -> None:
    other = User.objects.create_user("other@example.com", is_staff=True)
    theirs = saved_views.save(user=other, name="Mine", query="to_do=PACK")

    assert "Mine" not in desk.get(LIST).content.decode()
    desk.post(reverse("orders:save_view"), {"drop": str(theirs.pk)})
    assert SavedView.objects.count() == 1


def test_the_thirty_first_view_is_refused(person: User) -> None:
    for number in range(saved_views.MOST_VIEWS):
        saved_views.save(user=person, name=f"View {number}", query="to_do=PACK")

    with pytest.raises(saved_views.ViewRefused):
        saved_views.save(user=person, name="One more", query="to_do=PACK")

    assert SavedView.objects.count() == saved_views.MOST_VIEWS
    assert (
        len(saved_views.links(person, QueryDict()))
        == len(saved_views.OF_THE_SHOP) + saved_views.MOST_VIEWS
    )


# --- Many at once --------------------------------------------------------------------------


@pytest.fixture
def two(stripe: StripeInProcess, at: datetime) -> list[Order]:
    buying.courier()
    wash = buying.product(at=at)
    return [paid(stripe, (wash, count), at=at) for count in (1, 2)]


def test_many_are_marked_packed_once(desk: Client, two: list[Order]) -> None:
    unfit = OrderFactory()
    ids = {"id": [order.pk for order in [*two, unfit]]}
    address = f"{reverse('orders:pack_many')}?{_query(ids)}"
    asked = desk.get(address)

    assert [order.pk for order in asked.context["fit"]] == [order.pk for order in two]
    assert [order.pk for order in asked.context["unfit"]] == [unfit.pk]
    assert Shipment.objects.count() == 0
    shown = _hidden(asked)
    assert shown == [str(order.pk) for order in two]
    said = [desk.post(address, {"id": shown}, follow=True).content.decode() for _ in range(2)]

    assert [state(order) for order in two] == [("PAID", "UNFULFILLED", 0, 1)] * 2
    assert Shipment.objects.count() == 2
    assert "2 orders done." in said[0]
    assert "No order was left to do this with; all stay as they are." in said[1]


def test_a_yes_said_twice_packs_none_that_were_not_shown(
    desk: Client, two: list[Order], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(order_list_acts, "MOST_AT_ONCE", 1)
    address = f"{reverse('orders:pack_many')}?id=all&to_do=PACK"
    shown = _hidden(desk.get(address))

    for _ in range(2):
        desk.post(address, {"id": shown})
    desk.post(address)

    assert [state(order) for order in two] == [
        ("PAID", "UNFULFILLED", 0, 1),
        ("PAID", "UNFULFILLED", 2, 0),
    ]


def _hidden(answer: Any) -> list[str]:
    """Return the ids that a page which asks once more sends along."""
    page = BeautifulSoup(answer.content, "html.parser")
    return [str(field["value"]) for field in page.select("main input[type=hidden][name=id]")]


def test_all_that_is_listed_is_tagged(desk: Client, two: list[Order]) -> None:
    other = OrderFactory()
    address = f"{reverse('orders:tag_many')}?id=all&to_do=PACK"
    shown = _hidden(desk.get(address))

    refused = desk.post(address, {"name": " ", "id": shown})
    assert _hidden(refused) == shown
    desk.post(address, {"name": " Fragile ", "id": shown})

    assert set(OrderTag.objects.values_list("order", "name")) == {
        (order.pk, "fragile") for order in two
    }
    assert not other.tags.exists()


def test_what_is_ticked_is_exported_and_printed(desk: Client, two: list[Order]) -> None:
    OrderFactory()
    ids = _query({"id": [two[0].pk]})

    leads_to = desk.get(f"{reverse('orders:export_ticked')}?{ids}&next=/x/")["Location"]

    assert leads_to == f"{LIST}?{ids}&export=csv"
    assert [row["Number"] for row in exported(desk, id=two[0].pk)] == [two[0].number]
    slips = desk.get(f"{reverse('orders:slips')}?{ids}").content.decode()
    assert two[0].number in slips
    assert two[1].number not in slips


def _query(fields: dict[str, list[int]]) -> str:
    query = QueryDict(mutable=True)
    for name, values in fields.items():
        query.setlist(name, [str(value) for value in values])
    return query.urlencode()


# --- Notes and tags ------------------------------------------------------------------------


def test_a_note_and_tags_stand_on_the_order_and_in_its_timeline(desk: Client) -> None:
    order = OrderFactory(paid=True)
    for name in ("fragile", "gift"):
        desk.post(reverse("orders:tag", args=[order.pk]), {"name": name})
    desk.post(reverse("orders:tag", args=[order.pk]), {"drop": "fragile"})
    desk.post(reverse("orders:note", args=[order.pk]), {"text": "Rings <b>twice</b>"})

    html = desk.get(reverse("orders:inspect", args=[order.pk])).content.decode()

    assert "Rings &lt;b&gt;twice&lt;/b&gt;" in html
    done = ["The order was tagged"] * 3 + ["A note was written"]
    assert history_of(order) == [(act, "staff@example.com") for act in done]
    assert [(event.message, str(event.actor)) for event in order.events.all()] == [
        ("Tags: none → fragile", "staff@example.com"),
        ("Tags: fragile → fragile, gift", "staff@example.com"),
        ("Tags: fragile, gift → gift", "staff@example.com"),
        ("Note written", "staff@example.com"),
    ]


@pytest.mark.parametrize(
    "text", ["", " \n", "x" * 2001, "Paid with 4242 4242 4242 4242", "card 4000056655665556."]
)
def test_a_note_that_must_not_be_kept_is_refused(person: User, at: datetime, text: str) -> None:
    """R44: no number of a card is kept anywhere."""
    order = OrderFactory(paid=True)

    with pytest.raises(order_notes.NoteRefused):
        order_notes.write(order_id=order.pk, text=text, by=person, at=at)

    assert OrderNote.objects.count() == 0
    assert order.events.count() == 0


@pytest.mark.parametrize("text", ["Call 0043 1 234 567 890", "Parcel 00340434161094042557"])
def test_other_numbers_are_no_cards(person: User, at: datetime, text: str) -> None:
    order = OrderFactory(paid=True)

    assert order_notes.write(order_id=order.pk, text=text, by=person, at=at).text == text


@pytest.mark.parametrize("name", ["", "  ", "x" * 41])
def test_a_tag_that_says_nothing_is_refused(person: User, at: datetime, name: str) -> None:
    order = OrderFactory(paid=True)

    with pytest.raises(order_notes.TagRefused):
        order_notes.tag(order_id=order.pk, name=name, by=person, at=at)

    assert order.tags.count() == 0


def test_an_order_bears_a_tag_once_and_twenty_at_most(person: User, at: datetime) -> None:
    order = OrderFactory(paid=True)
    for number in range(order_notes.MOST_TAGS):
        order_notes.tag(order_id=order.pk, name=f"tag {number}", by=person, at=at)

    assert not order_notes.tag(order_id=order.pk, name="TAG  1", by=person, at=at)
    with pytest.raises(order_notes.TagRefused):
        order_notes.tag(order_id=order.pk, name="one more", by=person, at=at)

    assert order.tags.count() == order.events.count() == order_notes.MOST_TAGS


@pytest.mark.parametrize("name", ["pack_many", "tag_many"])
def test_who_may_only_look_does_nothing_with_many(
    client: Client, two: list[Order], name: str
) -> None:
    looker = staff("view_order")
    client.force_login(looker)

    address = f"{reverse(f'orders:{name}')}?id={two[0].pk}"
    answer = client.post(address, {"name": "x", "id": two[0].pk})

    assert answer["Location"] == "/admin/"
    for word in ("note", "tag"):
        address = reverse(f"orders:{word}", args=[two[0].pk])
        assert client.post(address, {"text": "x", "name": "x"})["Location"] == "/admin/"
    assert state(two[0]) == ("PAID", "UNFULFILLED", 1, 0)
    assert two[0].tags.count() == two[0].notes.count() == 0
