"""What runs low is told once a day, and what is here is worth the same on screen and in a file."""

import datetime as dt
import io

from django.test import Client
from django.urls import reverse
import pytest
from openpyxl import load_workbook

from catalog import low_stock, stock
from catalog.models import Stock
from outbox.models import OutboundMail
from tests.catalog.batches.delivered import deliver
from tests.catalog.batches.test_screens import staff
from tests.catalog.factories import OfferFactory

pytestmark = pytest.mark.django_db

NIGHT = dt.datetime(2026, 3, 1, 3, 0, tzinfo=dt.UTC)
MORNING = dt.datetime(2026, 3, 1, 9, 0, tzinfo=dt.UTC)


def told() -> list[str]:
    return sorted(OutboundMail.objects.values_list("to", flat=True))


def test_who_may_see_the_stock_is_told_once_a_day() -> None:
    keeper, other = staff("view_stock"), staff("view_offer")
    OfferFactory(on_hand=2)

    assert low_stock.tell(at=NIGHT) == 0
    assert low_stock.tell(at=MORNING) == 1
    assert low_stock.tell(at=MORNING + dt.timedelta(hours=8)) == 0
    assert low_stock.tell(at=MORNING + dt.timedelta(days=1)) == 1

    assert told() == [keeper.email, keeper.email]
    assert other.email not in told()


def test_nobody_is_told_when_nothing_runs_low() -> None:
    staff("view_stock")
    OfferFactory(on_hand=100)

    assert low_stock.tell(at=MORNING) == 0


def test_the_mail_names_articles_and_batches() -> None:
    low, short = OfferFactory(sku="LOW-1", on_hand=2), OfferFactory(sku="SHORT-1", on_hand=50)
    today = dt.datetime.now(dt.UTC).date()
    deliver(short, "L1", 9, today + dt.timedelta(days=365 + 40))

    written = low_stock.render({})

    assert written.subject == "1 article runs low, 1 batch is soon too short to sell"
    assert f"({low.sku}): 2 left" in written.text
    assert "batch L1: 9 here" in written.text


def test_the_value_counts_what_the_newest_piece_cost_or_the_price_without_vat(
    client: Client,
) -> None:
    at_cost = OfferFactory(sku="A-1", on_hand=3, price_minor=2400)
    at_price = OfferFactory(sku="B-1", on_hand=2, price_minor=1190)
    Stock.objects.filter(offer=at_cost).update(cost_minor=805)
    stock.configure(offer_id=at_price.pk, low_from=1, back_order_limit=0, back_order_days=1)
    client.force_login(staff("value_stock"))

    page = client.get(reverse("stock_value"))
    csv = client.get(reverse("stock_value"), {"export": "csv"}).content.decode()
    book = load_workbook(io.BytesIO(client.get(reverse("stock_value"), {"export": "xlsx"}).content))

    assert str(page.context["total"].decimal()) == "44.15"
    shown = [(each.offer.sku, each.pieces, each.total.decimal()) for each in page.context["worths"]]
    in_csv = [line.split(",") for line in csv.splitlines()[1:]]
    in_book = list(book.active.iter_rows(min_row=2, values_only=True))
    assert len(shown) == len(in_csv) == len(in_book) == 2
    for (sku, pieces, total), line, row in zip(shown, in_csv, in_book, strict=True):
        assert (sku, str(pieces), str(total)) == (line[0], line[-5], line[-1])
        assert (sku, pieces, float(total)) == (row[0], row[2], float(row[6]))


def test_who_may_not_value_the_stock_sees_no_cost(client: Client) -> None:
    client.force_login(staff("view_stock", "change_stock"))

    assert client.get(reverse("stock_value")).status_code == 302
    assert client.get(reverse("stock_value"), {"export": "csv"}).status_code == 302
