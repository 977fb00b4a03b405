"""Who got pieces of a batch: the same as going through every parcel, one by one."""

import datetime as dt
import random
from collections import Counter

from django.test import Client
from django.urls import reverse
import pytest

from catalog import stock
from catalog.batches import allotting
from catalog.models import Batch, Offer, Stock
from checkout import shipments
from checkout.batches import recalling
from checkout.models import Order, Recall, RecallNotice, Shipment, ShipmentStatus
from outbox import mail
from outbox.models import OutboundMail
from tests.catalog.batches.delivered import deliver
from tests.catalog.batches.test_screens import staff
from tests.catalog.factories import OfferFactory
from tests.checkout.batches.sold import packed, sold

pytestmark = pytest.mark.django_db


@pytest.fixture
def offer(at: dt.datetime) -> Offer:
    return OfferFactory.create(sku="WASH-250", on_hand=0)


def leaves(shipment: Shipment, at: dt.datetime) -> None:
    shipments.hand_over(shipment_id=shipment.pk, by=None, at=at)


@pytest.fixture
def batch(offer: Offer, at: dt.datetime) -> Batch:
    """Six pieces: one order has two of them, another one, and one lies in a parcel."""
    found = deliver(offer, "L1", 6, at=at)
    ada, bea = sold(offer, 3, at=at), sold(offer, 1, at=at, email="bea@example.com")
    leaves(packed(ada, 2, at=at), at)
    leaves(packed(bea, 1, at=at), at)
    packed(ada, 1, at=at)
    return found


def start(batch: Batch, at: dt.datetime, *, is_drill: bool = False) -> Recall:
    return recalling.start(batch_id=batch.pk, reason="It smells", is_drill=is_drill, by=None, at=at)


def test_a_recall_finds_who_got_it_and_stops_the_batch(batch: Batch, at: dt.datetime) -> None:
    recall = start(batch, at)

    assert (recall.found_orders, recall.found_pieces) == (2, 3)
    notices = recall.notices.values_list("order__email", "quantity")
    assert list(notices) == [("ada@example.com", 2), ("bea@example.com", 1)]
    assert Stock.objects.get().available == 0
    waiting = Shipment.objects.get(status=ShipmentStatus.PACKED)
    with pytest.raises(allotting.MayNotLeave):
        leaves(waiting, at)
    assert OutboundMail.objects.filter(event="goods_recalled").count() == 0


def test_a_drill_stops_nothing_and_is_never_sent(batch: Batch, at: dt.datetime) -> None:
    recall = start(batch, at, is_drill=True)

    assert recall.found_pieces == 3
    assert Stock.objects.get().available == 2
    with pytest.raises(recalling.DrillIsNotSent):
        recalling.send(recall_id=recall.pk, by=None, at=at)
    assert OutboundMail.objects.filter(event="goods_recalled").count() == 0


def test_each_buyer_is_written_to_once(batch: Batch, at: dt.datetime) -> None:
    recall = start(batch, at)
    recalling.word(recall_id=recall.pk, subject="Stop", text="please stop using it.")

    assert recalling.send(recall_id=recall.pk, by=None, at=at) == 2
    with pytest.raises(recalling.SentBefore):
        recalling.send(recall_id=recall.pk, by=None, at=at)
    with pytest.raises(recalling.SentBefore):
        recalling.word(recall_id=recall.pk, subject="x", text="y")

    sent = OutboundMail.objects.filter(event="goods_recalled").order_by("to")
    assert [each.to for each in sent] == ["ada@example.com", "bea@example.com"]
    written = mail._renderers["goods_recalled"](sent[0].context)
    assert written.subject == "Stop"
    assert "please stop using it." in written.text
    assert "You got 2 pieces of it" in written.text


def test_pieces_without_a_number_and_recalls_without_a_reason_are_refused(
    offer: Offer, at: dt.datetime
) -> None:
    stock.receive(offer_id=offer.pk, quantity=2, reason="Delivery", by=None, at=at)
    batch = deliver(offer, "L1", 1, at=at)

    with pytest.raises(recalling.NothingToTrace):
        start(Batch.objects.get(code=""), at)
    with pytest.raises(stock.ReasonMissing):
        recalling.start(batch_id=batch.pk, reason=" ", is_drill=False, by=None, at=at)

    assert (Recall.objects.count(), Batch.objects.filter(stopped_at=None).count()) == (0, 2)


def test_every_batch_is_traced_as_by_looking_into_every_parcel(
    offer: Offer, at: dt.datetime
) -> None:
    """Parcels at random, some unpacked, some waiting, some from a batch that was chosen."""
    chance = random.Random(6)
    batches = [
        deliver(offer, f"L{n}", 7, at.date() + dt.timedelta(days=900 + n), at=at) for n in range(3)
    ]
    for number in range(12):
        order = sold(offer, 1, at=at, email=f"buyer-{number}@example.com")
        chosen = chance.choice([None, *batches])
        parcel = packed(order, 1, at=at, batch=chosen.pk if chosen else None)
        chance.choice([leaves, leaves, unpack, wait])(parcel, at)

    for batch in batches:
        assert recalling.who_got(batch) == by_looking(batch)
    assert sum(sum(recalling.who_got(batch).values()) for batch in batches) == (
        Shipment.objects.filter(status=ShipmentStatus.HANDED_OVER).count()
    )


def unpack(shipment: Shipment, at: dt.datetime) -> None:
    shipments.cancel(shipment_id=shipment.pk, by=None, at=at)


def wait(_shipment: Shipment, _at: dt.datetime) -> None:
    """Leave it where it is."""


def by_looking(batch: Batch) -> dict[int, int]:
    """Open every parcel of every order, and count."""
    found: Counter[int] = Counter()
    for order in Order.objects.all():
        for shipment in order.shipments.all():
            if shipment.handed_over_at is None:
                continue
            for line in shipment.lines.all():
                for row in line.batches.all():
                    found[order.pk] += row.quantity if row.batch_id == batch.pk else 0
    return {pk: count for pk, count in found.items() if count}


# --- The screens ---------------------------------------------------------------------------


def test_a_manager_tries_it_words_it_and_sends_it(
    client: Client, batch: Batch, at: dt.datetime
) -> None:
    client.force_login(staff("view_recall", "start_recall"))
    found = client.get(reverse("recalls:start"), {"q": "l1"})
    assert found.context["batches"] == [batch]

    wish = {"batch": batch.pk, "reason": "It smells"}
    client.post(reverse("recalls:start"), {**wish, "kind": "drill"})
    client.post(reverse("recalls:start"), {**wish, "kind": "recall"})
    drill, recall = Recall.objects.order_by("pk")
    assert (drill.is_drill, recall.is_drill) == (True, False)

    client.post(reverse("recalls:word", args=[recall.pk]), {"subject": "Stop", "text": "Now."})
    page = client.get(reverse("recalls:inspect", args=[recall.pk])).content.decode()
    assert "<strong>Stop</strong>" in page
    assert "Send it to 2 buyers" in page
    client.post(reverse("recalls:send", args=[recall.pk]))
    client.post(reverse("recalls:send", args=[drill.pk]))

    assert OutboundMail.objects.filter(event="goods_recalled").count() == 2
    assert client.get(reverse("recalls:index")).status_code == 200


def test_the_file_says_what_the_screen_says(client: Client, batch: Batch, at: dt.datetime) -> None:
    Order.objects.filter(email="ada@example.com").update(name="=1+1", number="G-AAAA-AAAA")
    client.force_login(staff("view_recall", "start_recall"))
    recall = start(batch, at)

    told = client.get(reverse("recalls:file", args=[recall.pk, "csv"]))

    lines = told.content.decode().splitlines()
    assert lines[0] == "Order,Name,E-mail,Placed,Pieces,Batch"
    assert lines[1].startswith("G-AAAA-AAAA,'=1+1,ada@example.com,")
    assert len(lines) == 3
    assert "no-store" in told["Cache-Control"]
    assert client.get(reverse("recalls:file", args=[recall.pk, "exe"])).status_code == 404


def test_who_may_only_look_starts_sends_and_takes_nothing_along(
    client: Client, batch: Batch, at: dt.datetime
) -> None:
    recall = start(batch, at)
    client.force_login(staff("view_recall"))

    assert client.get(reverse("recalls:inspect", args=[recall.pk])).status_code == 200
    for name, args in (("start", []), ("word", [recall.pk]), ("send", [recall.pk])):
        client.post(reverse(f"recalls:{name}", args=args), {"batch": batch.pk, "reason": "x"})
    file = client.get(reverse("recalls:file", args=[recall.pk, "csv"]))

    assert file.status_code == 302
    recall.refresh_from_db()
    assert (Recall.objects.count(), recall.sent_at, recall.reason) == (1, None, "It smells")
    assert RecallNotice.objects.count() == 2
