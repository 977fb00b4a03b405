"""The VAT report equals the documents to the unit, by country and rate, on screen and in files."""

import csv
import datetime as dt
import io
import random
from collections import Counter
from typing import Any

from django.db import transaction
from django.test import Client
import pytest
from openpyxl import load_workbook

from checkout.bookkeeping import vat
from checkout.bookkeeping.vat import Owed, Place, Vat
from checkout.invoices import issuing
from checkout.models import Invoice, InvoiceKind, Order, RefundStatus
from checkout.refund_lines import Wanted, write
from tests.catalog.factories import OfferFactory
from tests.checkout.factories import OrderFactory, OrderLineFactory, PaymentFactory
from tests.checkout.invoicing import credited, issued, kit_order, name_seller, refunded
from tests.checkout.test_packing_desk import staff

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 11, 3, 12, tzinfo=dt.UTC)
REPORT = "/admin/reports/vat/"
NOVEMBER = {"from_on": "2026-11-01", "until_on": "2026-11-30"}
WAYS = ("place", "month", "document", "abroad")


def november() -> list[vat.Entry]:
    return list(vat.entries(from_on=dt.date(2026, 11, 1), until_on=dt.date(2026, 11, 30)))


def sold_in(country: str, *, sessions: bool = False) -> Order:
    """A wash of 24.00 sent for 4.90, perhaps with sessions of 119.00."""
    order = OrderFactory(
        paid=True,
        delivery_country=country,
        packages_minor=11900 if sessions else 0,
        vat_minor=383 + 78 + (1900 if sessions else 0),
    )
    OrderLineFactory(order=order, offer=OfferFactory(price_minor=2400))
    if sessions:
        offer = OfferFactory(package=True, price_minor=11900)
        OrderLineFactory(order=order, offer=offer, position=2, vat_minor=1900)
    PaymentFactory(order=order)
    return order


def paid_back(order: Order, amount_minor: int, *, key: str, at: dt.datetime = AT) -> Invoice:
    refund = refunded(order, amount_minor, key=key, at=at)
    write(refund, Wanted())
    return credited(refund, at=at)


def taken_back(note: Invoice) -> None:
    assert note.refund is not None
    note.refund.status = RefundStatus.FAILED
    note.refund.save()
    with transaction.atomic():
        assert issuing.take_back(note.refund, at=AT) is not None


def test_goods_count_where_they_went_and_sessions_where_they_are_given() -> None:
    name_seller()
    issued(sold_in("FR", sessions=True), at=AT)

    assert vat.by_place(november()) == {
        Place("DE", 1900): Vat(11900, 0, 1900),
        Place("FR", 1900): Vat(2890, 0, 461),
    }


def test_a_kit_counts_at_each_of_its_rates_and_sessions_alone_at_home() -> None:
    name_seller()
    issued(kit_order(), at=AT)
    alone = OrderFactory(paid=True, of_sessions=True)
    offer = OfferFactory(package=True, price_minor=42000)
    OrderLineFactory(order=alone, offer=offer, vat_minor=6706)
    PaymentFactory(order=alone)
    issued(alone, at=AT)

    assert vat.by_place(november()) == {
        Place("DE", 700): Vat(2488, 0, 151),
        Place("DE", 1900): Vat(4002 + 42000, 0, 638 + 6706),
    }


def test_a_credit_note_takes_off_until_it_is_taken_back() -> None:
    name_seller()
    order = sold_in("DE")
    issued(order, at=AT)

    note = paid_back(order, 2890, key="refund-1")
    credited_sums = vat.by_place(november())
    taken_back(note)

    assert credited_sums == {Place("DE", 1900): Vat(2890, 2890, 0)}
    assert vat.by_place(november()) == {Place("DE", 1900): Vat(2890, 0, 461)}


def test_the_one_stop_shop_hears_of_goods_alone_and_of_what_corrects_an_earlier_quarter() -> None:
    name_seller()
    sold_at = dt.datetime(2026, 8, 31, 12, tzinfo=dt.UTC)
    order = sold_in("FR", sessions=True)
    order.vat_country, order.paid_at = "FR", sold_at
    order.save()
    issued(order, at=sold_at)
    paid_back(order, order.total_minor, key="refund-1")
    issued(sold_in("FR"), at=AT)

    found = list(vat.entries(from_on=dt.date(2026, 7, 1), until_on=dt.date(2026, 12, 31)))

    third, fourth, france = dt.date(2026, 7, 1), dt.date(2026, 10, 1), Place("FR", 1900)
    assert vat.owed_abroad(found) == {
        Owed(third, third, france): Vat(2890, 0, 461),
        Owed(fourth, third, france): Vat(0, 2890, -461),
    }
    # What bears the rate of here counts where it went, and is declared here.
    assert vat.by_place(found)[france] == Vat(2 * 2890, 2890, 461)


def test_a_document_counts_on_the_day_of_its_issue_on_the_clinics_clock() -> None:
    name_seller()
    issued(sold_in("DE"), at=dt.datetime(2026, 10, 31, 23, 30, tzinfo=dt.UTC))
    issued(sold_in("DE"), at=dt.datetime(2026, 11, 30, 23, 30, tzinfo=dt.UTC))

    assert [entry.number for entry in november()] == ["INV-2026-000001"]


@pytest.mark.parametrize("seed", range(3))
def test_it_equals_the_documents_to_the_unit(seed: int) -> None:
    """By brute force over the stored JSON, with nothing of the code that is under test."""
    chance = random.Random(seed)
    name_seller()
    for number in range(8):
        order = kit_order() if chance.random() < 0.3 else sold_in(chance.choice(["DE", "FR", "AT"]))
        issued(order, at=AT)
        left = order.total_minor
        for nth in range(chance.randint(0, 2)):
            amount = chance.randint(1, left // 2)
            left -= amount
            note = paid_back(order, amount, key=f"refund-{number}-{nth}")
            if chance.random() < 0.3:
                taken_back(note)

    signs = {InvoiceKind.INVOICE: 1, InvoiceKind.CREDIT_NOTE: -1, InvoiceKind.CORRECTION: 1}
    gross: Counter[tuple[str, int]] = Counter()
    taxed: Counter[tuple[str, int]] = Counter()
    for document in Invoice.objects.select_related("order"):
        said = document.content
        for rate in [*(r for line in said["lines"] for r in line["rates"]), *said["delivery"]]:
            key = (document.order.delivery_country, rate["vat_rate_bp"])
            gross[key] += signs[InvoiceKind(document.kind)] * rate["gross_minor"]
            taxed[key] += signs[InvoiceKind(document.kind)] * rate["vat_minor"]
    sums = vat.by_place(november())

    assert {(at.country, at.rate_bp): sum_.gross_minor for at, sum_ in sums.items()} == gross
    assert {(at.country, at.rate_bp): sum_.vat_minor for at, sum_ in sums.items()} == taxed
    total = sum(sums.values(), Vat())
    columns = Invoice.objects.values_list("kind", "net_minor", "vat_minor")
    assert total.net_minor == sum(signs[InvoiceKind(kind)] * net for kind, net, _ in columns)
    assert total.vat_minor == sum(signs[InvoiceKind(kind)] * vat for kind, _, vat in columns)
    assert sum(vat.by_month(november()).values(), Vat()) == total


def test_it_asks_as_often_of_many_documents_as_of_one(django_assert_num_queries: Any) -> None:
    name_seller()
    for _ in range(2):
        issued(sold_in("FR", sessions=True), at=AT)
        with django_assert_num_queries(2):
            november()


@pytest.fixture
def manager(client: Client) -> Client:
    client.force_login(staff("view_order", "report_order"))
    return client


@pytest.mark.parametrize("by", WAYS)
def test_a_file_holds_what_the_screen_shows(manager: Client, by: str) -> None:
    name_seller()
    order = sold_in("FR", sessions=True)
    order.vat_country = "FR"
    order.save()
    issued(order, at=AT)
    paid_back(order, 1000, key="refund-1")

    page = manager.get(REPORT, NOVEMBER | {"by": by})
    table = manager.get(REPORT, NOVEMBER | {"by": by, "export": "csv"})
    book = manager.get(REPORT, NOVEMBER | {"by": by, "export": "xlsx"})

    shown = page.context["tables"][-1]
    written = list(csv.reader(io.StringIO(table.content.decode())))
    cells = [list(row) for row in load_workbook(io.BytesIO(book.content)).active.values]
    assert cells[0] == written[0]
    assert [[float(cell) for cell in row[-5:]] for row in written[1:]] == [
        [float(cell) for cell in row[-5:]] for row in cells[1:]
    ]
    for on_screen, in_file in zip(shown.rows, written[1:], strict=True):
        amounts = [f"{abs(float(cell)):,.2f}" for cell in in_file[-5:]]
        assert [cell.text.removeprefix("-").removeprefix("€") for cell in on_screen[-5:]] == amounts
    assert "2 documents" in page.content.decode()


def test_it_is_for_those_who_may_read_reports(client: Client) -> None:
    client.force_login(staff("view_order", "pack_order", "refund_order"))

    assert client.get(REPORT, NOVEMBER).status_code == 302
