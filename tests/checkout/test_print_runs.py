"""Files over many orders: slips and documents in one PDF, and a list equal to the screen's own."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.test import Client
import pytest

from checkout import papers
from checkout.invoices import issuing
from checkout.models import Invoice, Order
from checkout.print_runs import kinds
from checkout.print_runs.kinds import INVOICES, KINDS, LIST, SLIPS
from cms.downloads import making
from cms.models import Download
from tests.accounts.factories import UserFactory
from tests.catalog.factories import OfferFactory
from tests.checkout import invoicing
from tests.checkout.factories import OrderFactory, OrderLineFactory

pytestmark = pytest.mark.django_db


def made(name: str, query: dict[str, Any]) -> list[tuple[bytes, int, int]]:
    kind = next(each for each in KINDS if each.name == name)
    pieces = kind.make(urlencode(query, doseq=True))
    return [(piece.content, piece.done, piece.total) for piece in pieces]


@pytest.fixture
def orders(at: datetime) -> list[Order]:
    invoicing.name_seller()
    return [invoicing.paid_order() for _ in range(6)]


def test_slips_are_one_pdf_whose_pages_tell_how_far_it_is(at: datetime) -> None:
    offer = OfferFactory()
    found = []
    for _ in range(6):
        order = OrderFactory(paid=True, delivery_name="Дарья Ångström")
        line = OrderLineFactory(order=order, offer=offer)
        order.items_to_send.create(line=line, offer=offer, ordered=1)
        found.append(order)

    pieces = made(SLIPS, {"id": [order.pk for order in found]})

    assert [(done, total) for _, done, total in pieces] == [(0, 6), (5, 6), (6, 6)]
    assert pieces[-1][0].startswith(b"%PDF-")
    assert pieces[-1][0].count(b"/Type /Page\n") == 6


def test_no_more_is_drawn_than_a_run_takes(
    orders: list[Order], at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    issuing.catch_up(at=at)
    for order in orders:
        line = order.lines.get()
        order.items_to_send.create(line=line, offer=line.offer, ordered=1)
    assert (kinds.MOST_ON_PAPER, papers.MOST_SLIPS) == (200, 200)
    monkeypatch.setattr(kinds, "MOST_ON_PAPER", 4)
    monkeypatch.setattr(papers, "MOST_SLIPS", 4)

    for name in (SLIPS, INVOICES):
        pieces = made(name, {"id": [order.pk for order in orders]})
        assert pieces[-1][1:] == (4, 4)
        assert pieces[-1][0].count(b"/Type /Page\n") == 4


def test_documents_of_many_orders_are_one_pdf(orders: list[Order], at: datetime) -> None:
    issuing.catch_up(at=at)
    assert Invoice.objects.count() == 6

    pieces = made(INVOICES, {"id": [order.pk for order in orders]})

    assert [(done, total) for _, done, total in pieces] == [(0, 6), (5, 6), (6, 6)]
    assert pieces[-1][0].count(b"/Type /Page\n") == 6


def test_the_list_made_by_the_worker_is_the_one_that_the_screen_exports(client: Client) -> None:
    client.force_login(UserFactory(manager=True))
    tagged = OrderFactory(paid=True, delivery_method_name="=Express")
    tagged.tags.create(name="press")
    OrderFactory(of_sessions=True)
    OrderFactory(delivery_country="FR")
    asked = {"delivery_country": "DE"}

    answer = client.get("/admin/orders/", {**asked, "export": "csv"})
    on_screen = b"".join(answer.streaming_content)
    pieces = made(LIST, asked)

    assert b"".join(content for content, _, _ in pieces) == on_screen
    assert b"'=Express" in on_screen
    assert pieces[-1][1:] == (1, 1)


def test_a_run_is_asked_for_from_the_list(client: Client) -> None:
    client.force_login(UserFactory(manager=True))
    order = OrderFactory(paid=True)
    page = f"/admin/orders/many/file/?id={order.pk}&next=/x&p=2"

    shown = client.get(page).content.decode()
    answer = client.post(page, {"kind": LIST})

    row = Download.objects.get()
    assert "1 order." in " ".join(shown.split())
    assert (answer["Location"], row.kind, row.asked) == ("/admin/files/", LIST, f"id={order.pk}")
    assert client.post(page, {"kind": "none"}).status_code == 200
    assert making.work(at=row.asked_at)


def test_a_long_export_is_left_to_the_worker(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(UserFactory(manager=True))
    monkeypatch.setattr("checkout.viewsets.order_list.MOST_AT_ONCE_EXPORTED", 1)
    OrderFactory.create_batch(2)

    long = client.get("/admin/orders/?export=csv")
    short = client.get(f"/admin/orders/?export=csv&id={Order.objects.first().pk}")  # type: ignore[union-attr]

    assert long["Location"] == "/admin/orders/many/file/"
    assert short["Content-Disposition"].startswith("attachment")
