"""The account: sessions left, one's own orders, and nobody else's."""

from datetime import datetime, timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
import pytest

from accounts.models import User
from checkout.models import Order, OrderStatus
from checkout.pass_cards import pass_cards
from tests.checkout import buying
from tests.checkout.factories import OrderFactory, OrderLineFactory
from treatments import ledger
from treatments.models import SessionPass
from treatments.validity import ValidityRule

pytestmark = pytest.mark.django_db

PAGES = ["/account/", "/account/orders/", "/account/orders/G-0000-0000/"]


@pytest.fixture
def ada(client: Client) -> User:
    user = User.objects.create_user("ada@example.com", name="Ada Lindqvist")
    client.force_login(user)
    return user


def _grant(owner: User, at: datetime, *, days: int = 365, reference: str = "pass:1") -> SessionPass:
    treatment = buying.package(reference.replace(":", "-").upper(), at=at).treatment
    assert treatment is not None
    return ledger.grant(
        owner=owner,
        holder_email=owner.email,
        treatment_id=treatment.pk,
        sessions=6,
        validity_rule=ValidityRule.FROM_PURCHASE,
        validity_days=days,
        reference=reference,
        reason="Bought",
        by=None,
        at=at,
    )


@pytest.mark.parametrize("url", PAGES)
def test_the_account_asks_who_one_is(client: Client, url: str) -> None:
    response = client.get(url)

    assert response.status_code == 302
    assert response["Location"].startswith("/account/login/")


@pytest.mark.parametrize("url", PAGES)
def test_the_account_is_read_alone_and_kept_by_nobody(client: Client, ada: User, url: str) -> None:
    assert client.post(url).status_code == 405
    if url != PAGES[2]:
        assert "no-store" in client.get(url)["Cache-Control"]
        assert "private" in client.get(url)["Cache-Control"]


def test_the_account_shows_sessions_left_and_the_three_newest_orders(
    client: Client, ada: User, at: datetime
) -> None:
    _grant(ada, at)
    orders = [OrderFactory(user=ada, placed_at=at - timedelta(days=day)) for day in range(4)]

    response = client.get("/account/")

    (card,) = response.context["passes"]
    assert (card.treatment.name, card.balance, card.granted) == ("Scalp microdermabrasion", 6, 6)
    last_day = timezone.localdate(at) + timedelta(days=365)
    assert card.validity_text == f"valid until {last_day.day} {last_day:%B %Y}"
    assert not card.is_expired
    rows = response.context["orders"]
    assert [row.number for row in rows] == [order.number for order in orders[:3]]


def test_an_expired_pass_comes_last_and_says_so(ada: User, at: datetime) -> None:
    _grant(ada, at)
    _grant(ada, at - timedelta(days=31), days=30, reference="pass:2")

    cards = pass_cards(SessionPass.objects.owned_by(ada), at=at)

    assert [card.is_expired for card in cards] == [False, True]


def test_a_pass_is_valid_for_the_whole_of_its_last_day(ada: User, at: datetime) -> None:
    _grant(ada, at, days=30)
    passes = SessionPass.objects.owned_by(ada)

    on_the_last_day = pass_cards(passes, at=at + timedelta(days=30))
    on_the_day_after = pass_cards(passes, at=at + timedelta(days=31))

    assert [card.is_expired for card in on_the_last_day] == [False]
    assert [card.is_expired for card in on_the_day_after] == [True]


def test_somebody_elses_passes_and_orders_are_not_shown(
    client: Client, ada: User, at: datetime
) -> None:
    """R19"""
    other = User.objects.create_user("bea@example.com")
    _grant(other, at)
    OrderFactory(user=other)
    OrderFactory(user=None, email=ada.email)

    response = client.get("/account/")

    assert (response.context["passes"], response.context["orders"]) == ([], [])
    assert list(client.get("/account/orders/").context["orders"]) == []


def test_a_row_names_what_was_bought(client: Client, ada: User, at: datetime) -> None:
    order = OrderFactory(user=ada, paid=True, status=OrderStatus.NEEDS_REVIEW)
    offer = buying.product(at=at)
    for position, name in enumerate(["Wash", "Balm", "Wash", "Brush"], start=1):
        OrderLineFactory(order=order, offer=offer, position=position, name=name)

    (row,) = client.get("/account/orders/").context["orders"]

    assert (row.number, row.url) == (order.number, f"/account/orders/{order.number}/")
    assert (row.names, row.line_count) == ("Wash, Balm and 1 more", 4)
    assert (row.status, str(row.total)) == ("We are checking it", "€28.90")


def test_orders_are_listed_in_pages_of_twenty(client: Client, ada: User, at: datetime) -> None:
    for day in range(21):
        OrderFactory(user=ada, placed_at=at - timedelta(days=day))

    assert len(client.get("/account/orders/").context["orders"]) == 20
    assert len(client.get("/account/orders/", {"page": "2"}).context["orders"]) == 1
    for odd in ("0", "99", "two", "-1", "\x00", "9" * 100):
        assert client.get("/account/orders/", {"page": odd}).status_code == 200


def test_a_long_list_costs_as_many_queries_as_a_short_one(
    client: Client, ada: User, at: datetime
) -> None:
    offer = buying.product(at=at)
    counts = []
    for more in (1, 19):
        for order in OrderFactory.create_batch(more, user=ada):
            OrderLineFactory(order=order, offer=offer)
        client.get("/account/orders/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/account/orders/")
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert counts[0] <= 8


def test_ones_own_order_is_shown(client: Client, ada: User, at: datetime) -> None:
    order = OrderFactory(user=ada, paid=True)
    OrderLineFactory(order=order, offer=buying.product(at=at), name="Daily Wash")

    response = client.get(f"/account/orders/{order.number}/")

    assert response.context["order"] == order
    assert response.context["state"] == "paid"
    assert "Daily Wash" in response.content.decode()


def test_somebody_elses_order_is_as_good_as_none(client: Client, ada: User) -> None:
    """R19: another's number and a number of nobody's get the same answer, byte for byte."""
    theirs = OrderFactory(user=User.objects.create_user("bea@example.com"), number="G-AAAA-AAAA")
    guests = OrderFactory(user=None, number="G-BBBB-BBBB")
    answers = [
        client.get(f"/account/orders/{number}/")
        for number in (theirs.number, guests.number, "G-CCCC-CCCC")
    ]

    assert [response.status_code for response in answers] == [404, 404, 404]
    bodies = {
        response.content.replace(number.encode(), b"")
        for response, number in zip(
            answers, (theirs.number, guests.number, "G-CCCC-CCCC"), strict=True
        )
    }
    assert len(bodies) == 1
    assert Order.objects.count() == 2


@pytest.mark.parametrize(
    "number", ["%00", "g-7k3m-9qxt", "x" * 5000, "%F0%9F%A7%B4", "G-%ED%A0%80"]
)
def test_what_is_no_number_is_not_found(client: Client, ada: User, number: str) -> None:
    """R30"""
    assert client.get(f"/account/orders/{number}/").status_code == 404
