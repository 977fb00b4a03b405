"""How often buying asks the database, with kits in the basket, however many lines it holds."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
import pytest

from catalog import kits
from catalog.models import Offer
from checkout import stripe_gateway
from checkout.models import Order
from tests.checkout import buying
from tests.stripe_in_process import StripeInProcess

pytestmark = [pytest.mark.django_db, pytest.mark.indexed]

ADD_BUDGET = 12
BASKET_BUDGET = 15
STEP_BUDGET = 20
PLACE_BUDGET = 40
# The first four lines: a kit of two articles, one of these beside it, sessions, another article.
LINES = (1, 5, 50)


@pytest.fixture
def at() -> datetime:
    return timezone.now()


@pytest.fixture
def offers(at: datetime) -> list[Offer]:
    """Fifty articles to buy, a kit first."""
    buying.courier()
    balm, mist = buying.product("BALM", on_hand=99, at=at), buying.product("MIST", at=at)
    kit = buying.product("KIT", price_minor=5000, on_hand=0, at=at)
    kits.set_parts(kit_id=kit.pk, parts=[(balm.pk, 2), (mist.pk, 1)])
    more = [buying.product(f"WASH-{number}", at=at) for number in range(46)]
    return [kit, balm, buying.package(at=at), *more, mist]


@pytest.fixture
def stripe(tmp_path, monkeypatch: pytest.MonkeyPatch) -> StripeInProcess:
    fake = StripeInProcess(tmp_path / "stripe.sqlite3")
    monkeypatch.setattr(stripe_gateway, "client", lambda: fake.client)
    monkeypatch.setattr(stripe_gateway, "breaker", stripe_gateway.Breaker())
    return fake


def buyer_with(offers: list[Offer]) -> Client:
    visitor = Client(headers={"Origin": "http://testserver"})
    for offer in offers:
        assert put_in(visitor, offer.sku) == 303
    return visitor


def put_in(visitor: Client, sku: str) -> int:
    return visitor.post("/basket/add/", {"sku": sku, "quantity": "1"}).status_code


def asked(act: Callable[[], object]) -> int:
    """Count what the database is asked; to begin and to end a transaction asks nothing."""
    with CaptureQueriesContext(connection) as queries:
        act()
    frame = ("SAVEPOINT", "RELEASE SAVEPOINT", "BEGIN", "COMMIT")
    return sum(not query["sql"].startswith(frame) for query in queries)


def test_adding_a_kit_asks_at_most_twelve_times(offers: list[Offer]) -> None:
    fresh, filled = Client(headers={"Origin": "http://testserver"}), buyer_with(offers[1:6])

    counts = [asked(partial(put_in, visitor, "KIT")) for visitor in (fresh, filled, filled)]

    assert max(counts) <= ADD_BUDGET, counts


def test_the_basket_and_the_checkout_ask_the_same_for_any_number_of_lines(
    offers: list[Offer],
) -> None:
    visitors = [buyer_with(offers[:lines]) for lines in LINES]
    for visitor in visitors:
        visitor.get("/basket/")

    baskets = [asked(partial(visitor.get, "/basket/")) for visitor in visitors]
    checkouts = [asked(partial(visitor.get, "/checkout/")) for visitor in visitors]

    assert max(baskets) <= BASKET_BUDGET, baskets
    assert baskets[1] == baskets[2], baskets
    assert max(checkouts) <= STEP_BUDGET, checkouts
    assert checkouts[1] == checkouts[2], checkouts


def test_placing_an_order_asks_at_most_forty_times(
    offers: list[Offer], stripe: StripeInProcess
) -> None:
    visitor = buyer_with(offers[:5])
    page = visitor.get("/checkout/")
    details = {
        "checkout_token": page.context["checkout_token"],
        "agreed_total_minor": page.context["agreed_total_minor"],
        "email": "ada@example.com",
        "name": "Ada Lindqvist",
        "line1": "Turmstr. 4",
        "postcode": "10559",
        "city": "Berlin",
        "accept_terms": "on",
    }

    refused = asked(lambda: visitor.post("/checkout/", details | {"email": ""}))
    count = asked(lambda: visitor.post("/checkout/", details))

    assert refused <= STEP_BUDGET, refused
    assert Order.objects.count() == 1
    assert count <= PLACE_BUDGET, count
