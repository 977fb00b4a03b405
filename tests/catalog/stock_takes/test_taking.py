"""Counting the shelf while goods come and go, by several people, with and without batches."""

import datetime as dt

from django.db import transaction
from django.test import Client
from django.urls import reverse
import pytest

from accounts.models import User
from catalog import stock, stock_leaving
from catalog.batches import keeping
from catalog.models import (
    MovementKind,
    Offer,
    Stock,
    StockCount,
    StockTake,
    StockTakeLine,
    StockTakeStatus,
)
from catalog.stock_takes import sheets, taking
from tests.catalog.batches.delivered import NOON, deliver, has
from tests.catalog.batches.test_screens import staff
from tests.catalog.factories import OfferFactory

pytestmark = pytest.mark.django_db

LATER = NOON + dt.timedelta(hours=1)


def begin(*offers: Offer) -> StockTake:
    return taking.begin(name="Shelf", offer_ids=[each.pk for each in offers], by=None, at=NOON)


def line(take: StockTake, offer: Offer, code: str | None = None) -> StockTakeLine:
    lines = take.lines.filter(offer=offer)
    return (lines.filter(batch__code=code) if code is not None else lines).get()


def count(take: StockTake, counted: dict[int, int], by: User | None = None) -> int:
    return taking.count(take_id=take.pk, counted=counted, by=by, at=NOON)


def approve(take: StockTake, *, seen: str | None = None, reason: str = "Autumn count") -> int:
    found = taking.fingerprint(taking.newest(take)) if seen is None else seen
    return taking.approve(take_id=take.pk, seen=found, reason=reason, by=None, at=LATER)


def on_hand(offer: Offer) -> int:
    return Stock.objects.get(offer=offer).on_hand


def sell_one(offer: Offer) -> None:
    """Let a piece be sold and leave."""
    with transaction.atomic():
        stock.reserve(items=[(offer.pk, 1)], reference="order:1", expires_at=LATER, at=NOON)
    stock.sell(reference="order:1")
    stock_leaving.hand_over(
        reference="order:1", pieces={offer.pk: 1}, name="shipment:1", by=None, at=LATER
    )


def test_what_comes_and_goes_after_a_count_is_no_difference() -> None:
    offer = OfferFactory(on_hand=10)
    take = begin(offer)
    count(take, {line(take, offer).pk: 9})
    sell_one(offer)
    stock.receive(offer_id=offer.pk, quantity=5, reason="Delivery", by=None, at=LATER)

    assert approve(take) == 1

    assert on_hand(offer) == 10 - 1 + 5 - 1
    newest = Stock.objects.get(offer=offer).movements.first()
    assert newest is not None
    assert (newest.kind, newest.quantity, newest.reason) == ("COUNTED", -1, "Shelf: Autumn count")
    assert list(stock.contradictions()) == []


def test_what_went_before_a_count_is_no_difference_either() -> None:
    offer = OfferFactory(on_hand=10)
    take = begin(offer)
    sell_one(offer)
    count(take, {line(take, offer).pk: 9})

    assert approve(take) == 0
    assert on_hand(offer) == 9


def test_each_batch_is_counted_apart() -> None:
    offer = OfferFactory(on_hand=2)
    deliver(offer, "L1", 5)
    deliver(offer, "L2", 5)
    take = begin(offer)
    count(take, {line(take, offer, "L1").pk: 4, line(take, offer, "").pk: 3})

    assert approve(take) == 2

    assert has(offer) == {"": 3, "L1": 4, "L2": 5}
    assert [*stock.contradictions(), *keeping.contradictions()] == []


def test_two_people_count_at_once_and_the_newest_count_holds() -> None:
    first, second = OfferFactory(on_hand=5), OfferFactory(on_hand=5)
    ada, bea = User.objects.create_user("ada@example.com"), User.objects.create_user("bea@x.org")
    take = begin(first, second)
    count(take, {line(take, first).pk: 4}, ada)
    count(take, {line(take, second).pk: 5}, bea)
    count(take, {line(take, first).pk: 5}, bea)

    [row] = [each for each in sheets.rows(take) if each.line.offer == first]
    assert [str(each.counted_by) for each in row.counts] == ["ada@example.com", "bea@x.org"]
    assert row.is_disputed
    assert approve(take) == 0
    assert (on_hand(first), StockCount.objects.count()) == (5, 3)


def test_a_count_that_nobody_looked_at_is_not_approved() -> None:
    offer = OfferFactory(on_hand=5)
    take = begin(offer)
    count(take, {line(take, offer).pk: 4})
    seen = taking.fingerprint(taking.newest(take))
    count(take, {line(take, offer).pk: 3})

    with pytest.raises(taking.CountedSince):
        approve(take, seen=seen)

    take.refresh_from_db()
    assert (on_hand(offer), take.status) == (5, StockTakeStatus.OPEN)


def test_a_difference_that_another_stock_take_has_booked_is_not_booked_again() -> None:
    """Ten stand there, eight are there, and two people find out apart."""
    offer = OfferFactory(sku="WASH-250", on_hand=10)
    first, second = begin(offer), begin(offer)
    for take in (first, second):
        count(take, {line(take, offer).pk: 8})
    approve(first)

    with pytest.raises(taking.CorrectedSince, match="WASH-250"):
        approve(second)

    second.refresh_from_db()
    assert (on_hand(offer), second.is_open) == (8, True)
    again = {line(second, offer).pk: 7}
    taking.count(take_id=second.pk, counted=again, by=None, at=LATER + dt.timedelta(hours=1))
    assert approve(second) == 1
    assert on_hand(offer) == 7


def test_a_batch_is_counted_again_as_well_once_its_article_was_corrected() -> None:
    offer = OfferFactory(on_hand=0)
    deliver(offer, "L1", 5)
    deliver(offer, "L2", 5)
    take = begin(offer)
    count(take, {line(take, offer, "L2").pk: 4})
    stock.adjust(
        offer_id=offer.pk, change=-1, kind=MovementKind.COUNTED, reason="Gone", by=None, at=LATER
    )

    with pytest.raises(taking.CorrectedSince):
        approve(take)

    assert on_hand(offer) == 9


def test_a_correction_before_the_count_or_of_what_does_not_differ_is_no_matter() -> None:
    corrected, right = OfferFactory(on_hand=5), OfferFactory(on_hand=5)
    take = begin(corrected, right)
    for offer, at in ((corrected, NOON - dt.timedelta(hours=1)), (right, LATER)):
        stock.adjust(
            offer_id=offer.pk, change=1, kind=MovementKind.COUNTED, reason="Found", by=None, at=at
        )
    count(take, {line(take, corrected).pk: 5, line(take, right).pk: 6})

    assert approve(take) == 1
    assert (on_hand(corrected), on_hand(right)) == (5, 6)


def test_promised_goods_do_not_go_and_the_stock_take_stays_open() -> None:
    gone, promised = OfferFactory(on_hand=5), OfferFactory(on_hand=5)
    stock.reserve(items=[(promised.pk, 5)], reference="order:1", expires_at=LATER, at=NOON)
    take = begin(gone, promised)
    count(take, {line(take, gone).pk: 2, line(take, promised).pk: 4})

    with pytest.raises(stock.NotEnoughOnHand):
        approve(take)

    take.refresh_from_db()
    assert (on_hand(gone), take.is_open) == (5, True)


def test_what_ended_is_neither_counted_nor_approved_again() -> None:
    offer = OfferFactory(on_hand=5)
    take = begin(offer)
    counted = {line(take, offer).pk: 4}
    count(take, counted)
    approve(take)

    with pytest.raises(taking.TakeEnded):
        count(take, counted)
    with pytest.raises(taking.TakeEnded):
        approve(take)
    with pytest.raises(taking.TakeEnded):
        taking.give_up(take_id=take.pk, by=None, at=LATER)

    assert (on_hand(offer), StockCount.objects.count()) == (4, 1)


def test_refused_are_no_articles_no_counts_no_reason_and_strange_lines() -> None:
    offer = OfferFactory(on_hand=5)
    take, other = begin(offer), begin(offer)

    with pytest.raises(taking.NothingToCount):
        begin()
    with pytest.raises(taking.NothingCounted):
        approve(take)
    with pytest.raises(taking.NothingCounted):
        count(take, {})
    with pytest.raises(taking.NotOnTheList):
        count(take, {line(other, offer).pk: 1})
    with pytest.raises(stock.ReasonMissing):
        approve(take, reason=" ")

    assert (StockCount.objects.count(), StockTake.objects.count()) == (0, 2)


# --- The screens ---------------------------------------------------------------------------


def test_a_shelf_is_counted_blind_and_approved_by_another(client: Client) -> None:
    offer = OfferFactory(sku="WASH-250", page__title="Wash", on_hand=17)
    client.force_login(staff("view_stock", "change_stock"))
    listed = client.get(reverse("stock_take:begin"), {"q": "wash"})
    assert listed.context["articles"] == [offer]
    client.post(reverse("stock_take:begin"), {"name": "Shelf", "id": [offer.pk, "x"]})
    take = StockTake.objects.get()
    field = f"line-{line(take, offer).pk}"
    counting = reverse("stock_take:count", args=[take.pk])

    page = client.post(counting, {"act": "scan", "scan": "wash-250", field: "15"})
    assert page.context["rows"][0].typed == "16"
    table = page.content.decode().split("desk-scroll", 1)[1].split("</table>")[0]
    assert field in table
    assert "17" not in table.replace(field, "")
    assert client.post(counting, {"act": "scan", "scan": "nothing"}).context["said"].is_wrong
    assert client.post(counting, {"act": "save", field: "-1"}).context["said"].is_wrong
    assert client.post(counting, {"act": "save", field: "16"}).status_code == 302
    review = reverse("stock_take:review", args=[take.pk])
    seen = client.get(review).context["seen"]
    end = {"seen": seen, "reason": "One broke"}
    client.post(reverse("stock_take:approve", args=[take.pk]), end)
    assert on_hand(offer) == 17

    client.force_login(staff("view_stock", "approve_stocktake"))
    client.post(reverse("stock_take:approve", args=[take.pk]), end)

    assert on_hand(offer) == 16
    assert "One broke" in client.get(review).content.decode()
    assert client.get(reverse("stock_take:index")).status_code == 200


def test_the_screen_marks_what_was_corrected_since_and_keeps_the_reason(client: Client) -> None:
    offer, other = OfferFactory(on_hand=10), OfferFactory(on_hand=10)
    take = begin(offer, other)
    count(take, {line(take, offer).pk: 8, line(take, other).pk: 8})
    stock.adjust(
        offer_id=offer.pk, change=-2, kind=MovementKind.COUNTED, reason="Gone", by=None, at=LATER
    )
    client.force_login(staff("view_stock", "approve_stocktake"))
    end = {"seen": taking.fingerprint(taking.newest(take)), "reason": "Two & more broke"}

    answer = client.post(reverse("stock_take:approve", args=[take.pk]), end, follow=True)

    page = answer.content.decode()
    assert f"corrected the stock of {offer.sku} since" in page
    assert answer.context["corrected"] == {line(take, offer).pk}
    assert page.count("Somebody has corrected this stock since: count it again.") == 1
    assert 'value="Two &amp; more broke"' in page
    assert (on_hand(offer), on_hand(other)) == (8, 10)


def test_several_batches_of_one_article_are_told_apart_by_their_numbers(client: Client) -> None:
    offer = OfferFactory(sku="WASH-250", on_hand=0)
    deliver(offer, "L1", 5)
    deliver(offer, "L2", 5)
    shown = sheets.rows(begin(offer))

    assert sheets.scan(shown, "wash-250").is_wrong
    found = sheets.scan(shown, "l2")
    assert [found.typed[row.line.pk] for row in shown if row.line.batch] == ["", "1"]


def test_who_may_not_approve_gives_nothing_up(client: Client) -> None:
    take = begin(OfferFactory(on_hand=5))
    client.force_login(staff("view_stock", "change_stock"))

    client.post(reverse("stock_take:give_up", args=[take.pk]))

    take.refresh_from_db()
    assert take.is_open
