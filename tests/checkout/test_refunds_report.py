"""Refunds by reason, product and day: the lines sum to the total, and files equal the screen."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime

from django.test import Client
from django.urls import reverse
from django.utils import timezone
import pytest
from pytest_django import DjangoDbBlocker

from checkout import paying_back, refunds, refunds_report, stripe_gateway
from checkout.models import Order
from checkout.paying_back import Wish
from checkout.refunds_report import DELIVERY, PRODUCTS, REASONS, Refunds
from cms.periods import DAYS, MONTHS
from tests.checkout import buying
from tests.checkout.test_packing_desk import staff
from tests.checkout.test_shipments import paid
from tests.shared_rows import kept_for_many
from tests.stripe_in_process import StripeInProcess

pytestmark = pytest.mark.django_db

WASH = "Daily Wash WASH-250, 250 ml, WASH-250"


@pytest.fixture(scope="module")
def day(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[datetime]:
    """Two refunds that went, of a piece and of delivery, and one that is on its way."""
    stripe = StripeInProcess(tmp_path_factory.mktemp("stripe") / "stripe.sqlite3")
    with kept_for_many(django_db_blocker), pytest.MonkeyPatch.context() as patch:
        patch.setattr(stripe_gateway, "client", lambda: stripe.client)
        at = timezone.now()
        buying.courier()
        order = paid(stripe, (buying.product(at=at), 3), at=at)
        _back(order, Wish(unsent={order.lines.get().pk: 1}), 2400, "Broken pump", at)
        _back(order, Wish(delivery_minor=490), 490, "=Late", at)
        refunds.send_due(at=at)
        _back(order, Wish(unsent={order.lines.get().pk: 1}), 2400, "On its way", at)
        yield at


def _back(order: Order, wish: Wish, minor: int, reason: str, at: datetime) -> None:
    paying_back.pay_back(
        order_id=order.pk, wish=wish, agreed_minor=minor, reason=reason, by=None, at=at
    )


def told(day: datetime, by: str) -> refunds_report.Report:
    on = timezone.localdate(day)
    return refunds_report.report(from_on=on, until_on=on, by=by)


@pytest.mark.parametrize(
    ("by", "lines"),
    [
        (REASONS, [("Broken pump", 1, 1, 2400), ("=Late", 1, 0, 490)]),
        (PRODUCTS, [(WASH, 1, 1, 2400), (DELIVERY, 1, 0, 490)]),
        (DAYS, [(None, 2, 1, 2890)]),
        (MONTHS, [(None, 2, 1, 2890)]),
    ],
)
def test_lines_sum_to_what_went_back(
    day: datetime, by: str, lines: list[tuple[str | None, int, int, int]]
) -> None:
    found = told(day, by)

    assert [
        (key if isinstance(key, str) else None, each.refunds, each.pieces, each.gross_minor)
        for key, each in found.lines
    ] == lines
    assert (found.total.refunds, found.total.gross_minor) == (2, 2890)
    assert sum(each.gross_minor for _, each in found.lines) == 2890
    assert sum(each.vat_minor for _, each in found.lines) == found.total.vat_minor


def test_days_without_a_refund_say_nothing(day: datetime) -> None:
    on = timezone.localdate(day).replace(year=2001)

    found = refunds_report.report(from_on=on, until_on=on, by=PRODUCTS)

    assert (found.total, found.lines) == (Refunds(), [])


def test_a_file_holds_what_the_screen_shows_and_runs_nothing(client: Client, day: datetime) -> None:
    client.force_login(staff("report_order"))
    on = timezone.localdate(day).isoformat()
    asked = {"from_on": on, "until_on": on, "by": REASONS}

    screen = client.get(reverse("refunds_report"), asked)
    file = client.get(reverse("refunds_report"), asked | {"export": "csv"})

    shown = [[cell.text for cell in row] for row in screen.context["tables"][-1].rows]
    rows = list(csv.reader(io.StringIO(b"".join(file).decode("utf-8-sig"))))
    assert [row[0] for row in shown] == ["Broken pump", "=Late"]
    assert [row[0].lstrip("'") for row in rows[1:]] == ["Broken pump", "=Late"]
    assert not any(cell.startswith("=") for row in rows for cell in row)
    assert [row[4].replace("€", "") for row in shown] == [row[4] for row in rows[1:]]


def test_only_who_may_read_reports_does(client: Client, day: datetime) -> None:
    client.force_login(staff("view_order"))

    assert client.get(reverse("refunds_report")).status_code == 302
    assert day.tzinfo is not None
