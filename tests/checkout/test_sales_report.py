"""What was sold and paid back sums to the same however it is grouped, on screen and in files."""

import csv
import datetime as dt
import io
import random
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page
import pytest
import time_machine
from openpyxl import load_workbook

from accounts.models import User
from catalog.models import CategoryPage, Offer
from checkout import refunds, sales_report
from checkout.models import (
    Dispute,
    Order,
    OrderLine,
    PaymentStatus,
    PaymentWay,
    Refund,
    RefundStatus,
)
from checkout.refund_lines import Wanted
from checkout.sales_report import (
    ARTICLES,
    CATEGORIES,
    COUNTRIES,
    DISCOUNTS,
    PAYMENT,
    PRODUCTS,
    Sales,
)
from cms.periods import DAYS, MONTHS
from outbox.models import MailStatus, OutboundMail
from tests.accounts.factories import UserFactory
from tests.catalog.factories import OfferFactory
from tests.checkout import buying
from tests.checkout.factories import OrderFactory, OrderLineFactory, PaymentFactory
from tests.checkout.test_packing_desk import staff

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 23)
WAYS = (DAYS, MONTHS, PRODUCTS, CATEGORIES, ARTICLES, COUNTRIES, DISCOUNTS, PAYMENT)
REPORT = "/admin/reports/sales/"


def moment(day: dt.date, hour: int = 12) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour), tzinfo=timezone.get_default_timezone())


def sold(
    *wanted: tuple[Offer, int], on: dt.date = TODAY, delivery_minor: int = 490, **fields: Any
) -> Order:
    """An order of some pieces of each offer, paid on a day; a fifth of it is VAT."""
    goods = sum(offer.price_minor * quantity for offer, quantity in wanted)
    order = PaymentFactory(
        order=OrderFactory(
            paid=True,
            placed_at=moment(on),
            goods_minor=goods,
            delivery_minor=delivery_minor,
            vat_minor=(goods + delivery_minor) // 5,
            **fields,
        )
    ).order
    for position, (offer, quantity) in enumerate(wanted, 1):
        whole = offer.price_minor * quantity
        OrderLineFactory(
            order=order,
            offer=offer,
            quantity=quantity,
            position=position,
            total_minor=whole,
            vat_minor=whole // 5,
        )
    return order


def pay_back(order: Order, *, on: dt.date, line: OrderLine | None, amount_minor: int) -> Refund:
    refund = refunds.request(
        payment=order.payments.get(),
        amount_minor=amount_minor,
        reason="Kind",
        by=None,
        at=moment(on),
        wanted=Wanted(gross={line.pk if line else None: amount_minor}),
    )
    Refund.objects.filter(pk=refund.pk).update(
        status=RefundStatus.SUCCEEDED, finished_at=moment(on)
    )
    return refund


def report(by: str, *, days: int = 400) -> sales_report.Report:
    return sales_report.report(from_on=TODAY - dt.timedelta(days=days), until_on=TODAY, by=by)


def test_an_order_counts_on_the_day_it_was_paid_and_money_back_on_the_day_it_went() -> None:
    wash = OfferFactory(sku="WASH", price_minor=2000)
    order = sold((wash, 2), on=TODAY - dt.timedelta(days=2))
    pay_back(order, on=TODAY, line=order.lines.get(), amount_minor=2000)

    assert report(DAYS).lines == [
        (dt.date(2026, 11, 21), Sales(1, 2, 4490, 898, 0)),
        (TODAY, Sales(0, 0, 0, 0, 2000)),
    ]
    assert report(MONTHS).lines == [(dt.date(2026, 11, 1), Sales(1, 2, 4490, 898, 2000))]
    assert report(DAYS, days=1).total == Sales(0, 0, 0, 0, 2000)


def test_a_day_belongs_to_the_clinics_clock() -> None:
    order = sold((OfferFactory(), 1))
    Order.objects.filter(pk=order.pk).update(
        paid_at=dt.datetime(2026, 11, 22, 23, 30, tzinfo=dt.UTC)
    )

    assert [day for day, _ in report(DAYS).lines] == [TODAY]


def test_what_was_never_a_sale_is_none_on_its_way_back_either() -> None:
    """Paid after the goods were gone, and paid twice."""
    late = sold((OfferFactory(), 1))
    pay_back(late, on=TODAY, line=None, amount_minor=490)
    Order.objects.filter(pk=late.pk).update(paid_at=None)
    twice = sold((OfferFactory(), 1), delivery_minor=0)
    Order.objects.filter(pk=twice.pk).update(paid_minor=2 * twice.paid_minor)
    again = refunds.request(
        payment=twice.payments.get(),
        amount_minor=twice.paid_minor,
        reason="The order was paid twice",
        by=None,
        at=moment(TODAY),
    )
    Refund.objects.filter(pk=again.pk).update(
        status=RefundStatus.SUCCEEDED, finished_at=moment(TODAY)
    )

    total = report(DAYS).total

    assert (total.orders, total.gross_minor, total.back_minor) == (1, twice.total_minor, 0)


def root() -> Page:
    found: Page = Page.get_first_root_node()
    return found


def test_things_are_named_and_delivery_is_one_of_them() -> None:
    category = root().add_child(instance=CategoryPage(title="Washes", slug="washes"))
    wash = OfferFactory(sku="WASH", label="250 ml", price_minor=2000)
    wash.page.move(category, pos="last-child")
    article = root().add_child(instance=CategoryPage(title="Wash well", slug="well"))
    order = sold((wash, 3), delivery_country="FR")
    OrderLine.objects.update(added_from=article, name="Daily Wash")
    pay_back(order, on=TODAY, line=None, amount_minor=490)

    said = Sales(1, 3, 6000, 1200, 0)
    delivery = ("Delivery", Sales(1, 0, 490, 98, 490))
    assert report(PRODUCTS).lines == [("Daily Wash, 250 ml, WASH", said), delivery]
    assert report(CATEGORIES).lines == [("Washes", said), delivery]
    assert report(ARTICLES).lines == [("Wash well", said), delivery]
    assert report(COUNTRIES).lines == [("France", Sales(1, 3, 6490, 1298, 490))]


def test_an_order_of_two_things_counts_in_both_and_once_in_the_whole() -> None:
    sold((OfferFactory(sku="A", price_minor=3000), 1), (OfferFactory(sku="B"), 2))

    found = report(PRODUCTS)

    assert [sales.orders for _, sales in found.lines] == [1, 1, 1]
    assert found.total.orders == 1


def _by_hand(order: Order, way: PaymentWay, **fields: Any) -> None:
    """Let an order be paid into somebody's hands."""
    order.payments.update(
        way=way,
        reference="7",
        taken_by=UserFactory.create(),
        session_id=None,
        payment_intent=None,
        **fields,
    )


def test_a_sale_counts_under_the_ways_in_which_it_was_paid() -> None:
    wash = OfferFactory(price_minor=1000)
    sold((wash, 1), delivery_minor=0)
    sold((wash, 2), delivery_minor=0, held_until=moment(TODAY))
    cash = sold((wash, 3), delivery_minor=0, held_until=moment(TODAY))
    _by_hand(cash, PaymentWay.CASH)
    pay_back(cash, on=TODAY, line=None, amount_minor=500)
    _by_hand(sold((wash, 4), delivery_minor=0), PaymentWay.TERMINAL)
    nothing = sold((wash, 5), delivery_minor=0)
    nothing.payments.update(status=PaymentStatus.CLOSED)
    both = sold((wash, 6), delivery_minor=0)
    _by_hand(both, PaymentWay.CASH)
    PaymentFactory(order=both, attempt=2)

    found = {key: (each.orders, each.gross_minor) for key, each in report(PAYMENT).lines}

    assert found == {
        "Online at Stripe": (1, 1000),
        "Link by e-mail, at Stripe": (1, 2000),
        "Cash": (1, 3000),
        "Card terminal": (1, 4000),
        "Nothing to pay": (1, 5000),
        "Online at Stripe + Cash": (1, 6000),
    }
    assert dict(report(PAYMENT).lines)["Cash"].back_minor == 500


def test_a_gift_card_that_is_sold_is_no_sale_yet() -> None:
    """What it pays for is one; counted here too, its money would be sold twice."""
    card = buying.gift_card(sku="CARD", at=moment(TODAY))
    order = sold((OfferFactory(sku="WASH", price_minor=2000), 1), (card, 2))
    OrderLine.objects.filter(sku="CARD").update(vat_minor=0)
    Order.objects.update(vat_minor=498)
    pay_back(order, on=TODAY, line=order.lines.get(sku="CARD"), amount_minor=5000)

    for by in WAYS:
        found = report(by)
        assert found.total == Sales(1, 1, 2490, 498, 0), by
        assert sum(sales.gross_minor for _, sales in found.lines) == 2490, by
        assert sum(sales.back_minor for _, sales in found.lines) == 0, by
    assert sales_report.by_day(from_on=TODAY, until_on=TODAY) == [(TODAY, 2490)]


@pytest.mark.parametrize("seed", range(3))
def test_however_it_is_grouped_it_sums_to_the_same(seed: int) -> None:
    chance = random.Random(seed)
    offers = OfferFactory.create_batch(4)
    for _ in range(12):
        wanted = [(offer, chance.randint(1, 4)) for offer in chance.sample(offers, 2)]
        on = TODAY - dt.timedelta(days=chance.randint(0, 90))
        country = chance.choice(["DE", "FR", ""])
        order = sold(*wanted, on=on, delivery_minor=chance.choice([0, 490]),
                     delivery_country=country)  # fmt: skip
        if chance.random() < 0.5:
            line = order.lines.first()
            pay_back(order, on=TODAY, line=line, amount_minor=chance.randint(1, line.total_minor))

    reports = [report(by) for by in WAYS]

    money = {
        (
            sum(sales.gross_minor for _, sales in found.lines),
            sum(sales.vat_minor for _, sales in found.lines),
            sum(sales.back_minor for _, sales in found.lines),
        )
        for found in reports
    }
    total = reports[0].total
    assert money == {(total.gross_minor, total.vat_minor, total.back_minor)}
    assert total.gross_minor == sum(Order.objects.values_list("total_minor", flat=True))
    assert {found.total for found in reports} == {total}


def test_a_report_asks_as_often_of_many_orders_as_of_one(django_assert_num_queries: Any) -> None:
    for by, queries in zip(WAYS, (8, 8, 8, 8, 8, 8, 8, 8), strict=True):
        sold((OfferFactory(), 1), (OfferFactory(), 2))
        with django_assert_num_queries(queries):
            report(by)


# --- On screen and in files ----------------------------------------------------------------


@pytest.fixture
def manager(client: Client) -> Client:
    client.force_login(staff("view_order", "report_order"))
    return client


def days(**more: str) -> dict[str, str]:
    return {"from_on": "2026-11-01", "until_on": "2026-11-30", **more}


@pytest.mark.parametrize("by", WAYS)
def test_a_file_holds_what_the_screen_shows(manager: Client, by: str) -> None:
    sold((OfferFactory(sku="=A1", price_minor=123456), 1))

    page = manager.get(REPORT, days(by=by))
    table = manager.get(REPORT, days(by=by, export="csv"))
    book = manager.get(REPORT, days(by=by, export="xlsx"))

    shown = page.context["tables"][-1]
    written = list(csv.reader(io.StringIO(table.content.decode())))
    cells = [list(row) for row in load_workbook(io.BytesIO(book.content)).active.values]
    assert cells[0] == written[0]
    assert [row[3] for row in cells[1:]] == [float(row[3]) for row in written[1:]]
    assert [[cell.text for cell in row][3] for row in shown.rows] == [
        f"€{float(row[3]):,.2f}" for row in written[1:]
    ]
    assert written[0][3] == "Sold (EUR)"
    assert not any(cell.startswith("=") for row in written for cell in row)


def test_the_sentence_and_the_bars_say_the_whole(manager: Client) -> None:
    sold((OfferFactory(price_minor=2000), 1), delivery_minor=0)

    page = manager.get(REPORT, days(by=DAYS))

    assert "<strong>1 order</strong> for <strong>€20.00</strong>" in page.content.decode()
    assert page.context["chart"].total == "€20.00"
    assert manager.get(REPORT, days(by=PRODUCTS)).context["chart"] is None


@pytest.mark.parametrize("wrong", [{"from_on": "2027-01-01"}, {"until_on": "x"}, {"by": "hour"}])
def test_days_that_are_none_are_refused_beside_the_form(
    manager: Client, wrong: dict[str, str]
) -> None:
    page = manager.get(REPORT, days() | wrong | {"export": "csv"})

    assert page.status_code == 200
    assert page.context["form"].errors
    assert "told" not in page.context


def test_sales_are_for_those_who_may_know(client: Client) -> None:
    client.force_login(staff("view_order", "pack_order", "refund_order"))

    assert client.get(REPORT, days(export="csv")).status_code == 302
    home = client.get(reverse("wagtailadmin_home")).content.decode()
    assert "today so far" not in home
    assert reverse("sales_report") not in home


# --- The admin's first page ------------------------------------------------------------------


@time_machine.travel(moment(TODAY, 18), tick=False)
def test_the_first_page_says_what_waits_and_what_was_sold(client: Client) -> None:
    client.force_login(User.objects.create_superuser("manager@example.com"))
    order = sold((OfferFactory(price_minor=2000), 1), delivery_minor=0, pieces_to_pack=1)
    Dispute.objects.create(
        order=order, payment=order.payments.get(), stripe_dispute_id="dp_1", amount_minor=100,
        currency="EUR", status="needs_response", reason="fraudulent",
        opened_at=order.placed_at, updated_at=order.placed_at,
    )  # fmt: skip
    OutboundMail.objects.create(
        event="order_paid", to="ada@example.com", status=MailStatus.FAILED, effect_key="x",
        queued_at=order.placed_at, next_try_at=order.placed_at,
    )  # fmt: skip

    home = " ".join(client.get(reverse("wagtailadmin_home")).content.decode().split())

    for words in (
        "1 <span>order to pack</span>",
        "1 <span>disputed order to answer</span>",
        "1 <span>mail did not go out</span>",
        "<strong>€20.00</strong> today so far",
        "23 November 2026: €20.00",
    ):
        assert words in home
    for query in ("to_do=PACK", "to_do=DISPUTE"):
        listed = client.get(f"/admin/orders/?{query}").context["object_list"]
        assert list(listed) == [order]
    Dispute.objects.update(status="won")
    assert not client.get("/admin/orders/?to_do=DISPUTE").context["object_list"]
