"""Incoming goods and batches in the admin: who sees them, and what the buttons do."""

from typing import Any

from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
import pytest

from accounts.models import User
from catalog.models import Batch, GoodsReceipt, Offer, Stock
from tests.catalog.batches.delivered import deliver, has
from tests.catalog.factories import OfferFactory

pytestmark = pytest.mark.django_db

TOKEN = "a" * 32
INCOMING = "stock:incoming"


def staff(*codenames: str) -> User:
    user = User.objects.create_user(f"{'-'.join(codenames)}@example.com", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", *codenames]))
    return user


@pytest.fixture
def keeper(client: Client) -> Client:
    client.force_login(staff("view_stock", "change_stock"))
    return client


@pytest.fixture
def offer() -> Offer:
    return OfferFactory(sku="WASH-250", barcode="4006381333931", on_hand=3)


def delivery(*lines: dict[str, Any], act: str = "receive", **more: str) -> dict[str, Any]:
    """The form as it is sent with so many lines."""
    rows = {
        f"line-{n}-{name}": value for n, line in enumerate(lines) for name, value in line.items()
    }
    sizes = {"line-TOTAL_FORMS": len(lines), "line-INITIAL_FORMS": len(lines)}
    whose = {"token": TOKEN, "supplier": "Kosmetik Nord", "reference": "LS-77"}
    return {**whose, **sizes, **rows, "act": act, **more}


def line(offer: Offer, **more: object) -> dict[str, object]:
    empty = {"quantity": 4, "code": "", "expires_on": "", "cost_minor": ""}
    return {"offer": offer.pk, **empty, **more}


def test_a_scan_begins_a_line_and_the_next_counts_it(keeper: Client, offer: Offer) -> None:
    first = keeper.post(reverse(INCOMING), delivery(act="scan", scan="4006381333931"))
    [row] = first.context["rows"]
    assert (row["offer"], row["form"]["quantity"].value()) == (offer, "1")

    sent = delivery(line(offer, quantity=1, code="l 1"), act="scan", scan="wash-250")
    [row] = keeper.post(reverse(INCOMING), sent).context["rows"]
    assert (row["form"]["quantity"].value(), row["form"]["code"].value()) == ("2", "l 1")

    sent = delivery(line(offer), act="another", scan="wash-250")
    assert len(keeper.post(reverse(INCOMING), sent).context["rows"]) == 2
    sent = delivery(line(offer), act="scan", scan="nothing\0")
    assert keeper.post(reverse(INCOMING), sent).context["is_wrong"]
    assert GoodsReceipt.objects.count() == 0


def test_a_delivery_comes_in_once_with_its_batches(keeper: Client, offer: Offer) -> None:
    sent = delivery(
        line(offer, code="l-1 ", expires_on="2031-01-31", cost_minor="7.50"),
        line(offer, quantity=2, code="L-2", expires_on="2031-06-30"),
        line(offer, quantity=0),
    )

    for _ in range(2):
        assert keeper.post(reverse(INCOMING), sent).status_code == 302

    assert has(offer) == {"": 3, "L-1": 4, "L-2": 2}
    receipt = GoodsReceipt.objects.get()
    assert [str(each.batch.code) for each in receipt.lines.all()] == ["L-1", "L-2"]
    row = Stock.objects.get(offer=offer)
    assert (row.on_hand, row.cost_minor) == (9, 750)
    newest = row.movements.first()
    assert newest is not None
    assert newest.reason == "Delivery Kosmetik Nord, LS-77"
    assert "LS-77" in keeper.get(reverse(INCOMING)).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "", "expires_on": "2031-01-31"},
        {"code": "L;1"},
        {"quantity": -1},
        {"offer": 2**62},
    ],
)
def test_a_wrong_line_is_refused_and_nothing_comes_in(
    keeper: Client, offer: Offer, wrong: dict[str, object]
) -> None:
    answer = keeper.post(reverse(INCOMING), delivery(line(offer), line(offer) | wrong))

    assert answer.status_code == 200
    assert (GoodsReceipt.objects.count(), has(offer)) == (0, {})


def test_the_same_delivery_note_is_refused(keeper: Client, offer: Offer) -> None:
    keeper.post(reverse(INCOMING), delivery(line(offer)))

    again = keeper.post(reverse(INCOMING), delivery(line(offer), token="b" * 32))

    assert "was received before" in again.content.decode()
    assert GoodsReceipt.objects.count() == 1


def test_a_batch_is_stopped_and_let_go_on(keeper: Client, offer: Offer) -> None:
    batch = deliver(offer, "L1", 5)

    keeper.post(reverse("batch:stop", args=[batch.pk]), {"reason": "Cloudy"})
    batch.refresh_from_db()
    assert batch.stop_reason == "Cloudy"
    assert Stock.objects.get(offer=offer).available == 3
    listed = keeper.get(reverse("batch:index"), {"state": "STOPPED"})
    assert "L1" in listed.content.decode()

    keeper.post(reverse("batch:let_go_on", args=[batch.pk]))
    assert Stock.objects.get(offer=offer).available == 8
    assert keeper.get(reverse("batch:inspect", args=[batch.pk])).status_code == 200


def test_pieces_get_a_number_and_a_batch_loses_what_broke(keeper: Client, offer: Offer) -> None:
    row = Stock.objects.get(offer=offer)
    named = {"code": "L5", "expires_on": "", "quantity": 2}
    keeper.post(reverse("stock:name_pieces", args=[row.pk]), named)
    batch = Batch.objects.get(code="L5")

    broken = {"kind": "DAMAGED", "change": -1, "reason": "Broken", "batch": batch.pk}
    keeper.post(reverse("stock:adjust", args=[row.pk]), broken)

    assert has(offer) == {"": 1, "L5": 1}
    assert "L5" in keeper.get(reverse("stock:inspect", args=[row.pk])).content.decode()


def test_who_may_only_look_receives_and_stops_nothing(client: Client, offer: Offer) -> None:
    batch = deliver(offer, "L1", 5)
    client.force_login(staff("view_stock"))

    assert client.get(reverse("batch:index")).status_code == 200
    client.post(reverse(INCOMING), delivery(line(offer)))
    client.post(reverse("batch:stop", args=[batch.pk]), {"reason": "Cloudy"})

    batch.refresh_from_db()
    assert (GoodsReceipt.objects.count(), batch.stopped_at) == (0, None)
