"""Who came back how soon, by the month of the first order, on screen and in files."""

import csv
import datetime as dt
import io
import random
from typing import Any

from django.test import Client
import pytest
from openpyxl import load_workbook

from accounts.models import User
from checkout.bookkeeping import returning
from checkout.bookkeeping.returning import WINDOWS, Cohort
from checkout.models import Order
from tests.accounts.factories import UserFactory
from tests.checkout.factories import OrderFactory
from tests.checkout.test_packing_desk import staff

pytestmark = pytest.mark.django_db

START = dt.datetime(2025, 1, 10, 12, tzinfo=dt.UTC)
REPORT = "/admin/reports/returning-customers/"
YEAR = {"from_on": "2025-01-01", "until_on": "2025-12-31"}


def bought(email: str, *, after: int = 0, user: User | None = None, **fields: Any) -> Order:
    """An order of 28.90, paid so many days after the start."""
    order: Order = OrderFactory(
        paid=True, email=email, user=user, placed_at=START + dt.timedelta(days=after), **fields
    )
    return order


def year() -> dict[dt.date, Cohort]:
    return returning.cohorts(from_on=dt.date(2025, 1, 1), until_on=dt.date(2025, 12, 31))


def test_who_comes_back_counts_in_every_window_that_holds_the_second_order() -> None:
    for email, days in (("a", 30), ("b", 31), ("c", 365), ("d", 366)):
        bought(f"{email}@example.com")
        bought(f"{email}@example.com", after=days)
    bought("once@example.com")
    bought("later@example.com", after=40)

    assert year() == {
        dt.date(2025, 1, 1): Cohort(5, (1, 2, 2, 3), 4, 9, 9 * 2890),
        dt.date(2025, 2, 1): Cohort(1, (0, 0, 0, 0), 0, 1, 2890),
    }


def test_what_went_back_was_not_kept_and_who_has_not_paid_is_no_customer() -> None:
    bought("a@example.com", refunded_minor=890)
    OrderFactory(email="b@example.com", placed_at=START)

    assert year() == {dt.date(2025, 1, 1): Cohort(1, (0,) * 4, 0, 1, 2000)}


def test_an_account_and_its_addresses_are_one_customer() -> None:
    ada = UserFactory()
    bought("Ada@example.com")
    bought("ada@example.com", after=5, user=ada)
    bought("new@example.com", after=10, user=ada)
    bought("NEW@example.com", after=15)
    bought("other@example.com", after=20)

    assert year() == {dt.date(2025, 1, 1): Cohort(2, (1, 1, 1, 1), 1, 5, 5 * 2890)}


def test_a_first_order_is_the_first_of_all_times() -> None:
    bought("old@example.com", after=-100)
    bought("old@example.com", after=1)

    assert year() == {}


def test_it_equals_a_count_by_hand(django_assert_num_queries: Any) -> None:
    chance = random.Random(7)
    bought_on: dict[str, list[int]] = {}
    for _ in range(60):
        email, after = f"{chance.randint(1, 20)}@example.com", chance.randint(0, 340)
        bought(email, after=after)
        bought_on.setdefault(email, []).append(after)

    with django_assert_num_queries(2):
        total = sum(year().values(), Cohort())

    days = [sorted(each) for each in bought_on.values()]
    gaps = [each[1] - each[0] for each in days if len(each) > 1]
    assert total == Cohort(
        len(days),
        tuple(sum(gap <= window for gap in gaps) for window in WINDOWS),
        len(gaps),
        60,
        60 * 2890,
    )


def test_a_file_holds_what_the_screen_shows(client: Client) -> None:
    client.force_login(staff("view_order", "report_order"))
    bought("a@example.com")
    bought("a@example.com", after=50)
    bought("b@example.com", after=50, refunded_minor=100)

    page = client.get(REPORT, YEAR)
    table = client.get(REPORT, YEAR | {"export": "csv"})
    book = client.get(REPORT, YEAR | {"export": "xlsx"})

    written = list(csv.reader(io.StringIO(table.content.decode())))
    cells = [list(row) for row in load_workbook(io.BytesIO(book.content)).active.values]
    assert cells[0] == written[0]
    assert written[1] == ["2025-01", "1", "0", "1", "1", "1", "1", "2", "57.80", "57.80"]
    assert [str(cell) for cell in cells[2][:8]] == written[2][:8]
    shown = [[cell.text for cell in row] for row in page.context["tables"][-1].rows]
    assert shown[0] == ["Jan 2025", *written[1][1:8], "€57.80", "€57.80"]
    assert "came back so far: 50 %" in page.content.decode()


def test_it_is_for_those_who_may_read_reports(client: Client) -> None:
    client.force_login(staff("view_order", "pack_order", "refund_order"))

    assert client.get(REPORT, YEAR).status_code == 302
