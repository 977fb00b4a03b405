"""The account: sessions left, one's own orders, and nobody else's."""

from datetime import datetime, timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
import pytest

from accounts.models import User
from checkout.models import Order, OrderStatus
from checkout.pass_cards import PassCard, PassState, pass_cards
from tests.checkout import buying
from tests.checkout.factories import OrderFactory, OrderLineFactory
from tests.treatments.factories import ProtocolFactory
from treatments import ledger
from treatments.models import SessionPass
from treatments.validity import GRACE_DAYS, ValidityRule

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
    assert card.state == PassState.READY
    rows = response.context["orders"]
    assert [row.number for row in rows] == [order.number for order in orders[:3]]


def test_an_expired_pass_comes_last_and_says_so(ada: User, at: datetime) -> None:
    _grant(ada, at)
    # Days of the clinic's clock: summer time may begin or end between.
    bought = timezone.localtime(at) - timedelta(days=31 + GRACE_DAYS)
    _grant(ada, bought, days=30, reference="pass:2")

    cards = pass_cards(SessionPass.objects.owned_by(ada), at=at)

    assert [card.state for card in cards] == [PassState.READY, PassState.EXPIRED]


def test_a_pass_is_honoured_for_a_grace_period_and_says_until_when(ada: User, at: datetime) -> None:
    _grant(ada, at, days=30)
    passes = SessionPass.objects.owned_by(ada)
    last_day = timezone.localdate(at) + timedelta(days=30)

    def card(days_later: int) -> PassCard:
        (found,) = pass_cards(passes, at=timezone.localtime(at) + timedelta(days=days_later))
        return found

    assert (card(30).state, card(30).why) == (PassState.READY, "")
    honoured_until = last_day + timedelta(days=GRACE_DAYS)
    assert card(31).state == card(30 + GRACE_DAYS).state == PassState.READY
    assert f"until {honoured_until:%-d %B %Y}" in card(31).why
    assert card(31 + GRACE_DAYS).state == PassState.EXPIRED


def test_a_session_that_was_put_back_was_not_granted_twice(ada: User, at: datetime) -> None:
    row = _grant(ada, at)
    entry = ledger.redeem(pass_id=row.pk, reference="tap", by=None, at=at)
    ledger.restore(entry_id=entry.pk, reference="undo", by=None, at=at)

    (card,) = pass_cards(SessionPass.objects.owned_by(ada), at=at)

    assert (card.balance, card.granted) == (6, 6)


def test_a_pass_says_what_has_become_of_it(ada: User, at: datetime) -> None:
    def emptied(verb: str, **facts: object) -> PassCard:
        row = _grant(ada, at, reference=verb)
        getattr(ledger, verb)(pass_id=row.pk, reference=f"{verb}!", by=None, at=at, **facts)
        (card,) = pass_cards(SessionPass.objects.filter(pk=row.pk), at=at)
        return card

    until = timezone.localdate(at) + timedelta(days=20)
    paused = emptied("pause", reason="Away", from_on=timezone.localdate(at), until_on=until)
    assert paused.state == PassState.PAUSED
    assert f"{until:%-d %B %Y}" in paused.why
    assert emptied("refund", sessions=6).state == PassState.REFUNDED
    given = emptied("transfer", sessions=6, to_email="b@example.com", to=None)
    assert given.state == PassState.PASSED_ON
    assert emptied("hold", sessions=6, reason="A visit").state == PassState.HELD
    assert emptied("redeem", sessions=6).state == PassState.USED_UP


def test_the_next_day_that_the_protocol_allows_is_told(ada: User, at: datetime) -> None:
    row = _grant(ada, at)
    ProtocolFactory.create(treatment_id=row.treatment_id, min_days=14, recommended_days=28)
    ledger.redeem(pass_id=row.pk, reference="tap", by=None, at=at)
    passes = SessionPass.objects.owned_by(ada)

    def told(days_later: int) -> str:
        (card,) = pass_cards(passes, at=at + timedelta(days=days_later))
        return card.why

    first, best = (timezone.localdate(at) + timedelta(days=days) for days in (14, 28))
    assert f"possible from {first:%-d %B %Y}" in told(1)
    assert f"best from {best:%-d %B %Y}" in told(14)
    assert told(28) == ""


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
