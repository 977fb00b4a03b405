"""Batches: what they have is what the stock has, and what is too short is not sold."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models import F
import pytest

from catalog import stock, stock_in_bulk
from catalog.batches import keeping, pieces, turning
from catalog.batches.last_days import months_before
from catalog.models import Batch, BatchMove, MovementKind, Offer, Stock
from catalog.stock_in_bulk import Move
from freshness.models import Change
from tests.catalog.batches.delivered import NOON, TODAY, deliver, has
from tests.catalog.factories import OfferFactory

pytestmark = pytest.mark.django_db


def row(offer: Offer) -> tuple[int, int | None, int, int]:
    """On hand, in batches, withheld and available."""
    found = Stock.objects.get(offer=offer)
    return found.on_hand, found.in_batches, found.withheld, found.available


def wrong() -> list[str]:
    return [*stock.contradictions(), *keeping.contradictions()]


def reserve(offer: Offer, quantity: int, *, at: dt.datetime, reference: str = "order:1") -> None:
    with transaction.atomic():
        stock.reserve(items=[(offer.pk, quantity)], reference=reference, expires_at=at, at=at)


@pytest.mark.parametrize(
    ("day", "months", "earlier"),
    [
        (dt.date(2027, 3, 31), 1, dt.date(2027, 2, 28)),
        (dt.date(2028, 3, 31), 1, dt.date(2028, 2, 29)),
        (dt.date(2027, 3, 1), 12, dt.date(2026, 3, 1)),
        (dt.date(2027, 1, 15), 1, dt.date(2026, 12, 15)),
        (dt.date(2027, 12, 31), 0, dt.date(2027, 12, 31)),
    ],
)
def test_months_before_a_day(day: dt.date, months: int, earlier: dt.date) -> None:
    assert months_before(day, months) == earlier


def test_an_article_without_batches_goes_on_as_it_did() -> None:
    offer = OfferFactory(on_hand=10)

    stock.adjust(
        offer_id=offer.pk, change=-2, kind=MovementKind.DAMAGED, reason="x", by=None, at=NOON
    )

    assert row(offer) == (8, None, 0, 8)
    assert Batch.objects.count() == 0


def test_the_first_batch_keeps_what_was_there_without_a_number() -> None:
    offer = OfferFactory(on_hand=4)

    deliver(offer, "L1", 6, dt.date(2028, 1, 1))

    assert has(offer) == {"": 4, "L1": 6}
    assert row(offer) == (10, 10, 0, 10)
    assert wrong() == []


def test_a_known_batch_with_another_date_is_refused_and_brings_nothing() -> None:
    offer = OfferFactory(on_hand=0)
    deliver(offer, "L1", 6, dt.date(2028, 1, 1))

    with pytest.raises(keeping.OtherLastDay):
        deliver(offer, "L1", 2, dt.date(2028, 2, 1))

    assert has(offer) == {"L1": 6}


def test_pieces_get_the_number_on_their_box() -> None:
    offer = OfferFactory(on_hand=5)

    batch = keeping.name_pieces(
        offer_id=offer.pk,
        code="L7",
        expires_on=dt.date(2026, 6, 1),
        quantity=3,
        by=None,
        at=NOON,
    )

    # Good for three months, and to be used for twelve.
    assert (batch.on_hand, batch.sold_until_on) == (3, dt.date(2025, 6, 1))
    assert row(offer) == (5, 5, 3, 2)
    with pytest.raises(keeping.NotSoManyUnnumbered, match="Only 2 pieces"):
        keeping.name_pieces(
            offer_id=offer.pk, code="L8", expires_on=None, quantity=3, by=None, at=NOON
        )
    assert has(offer) == {"": 2, "L7": 3}
    assert wrong() == []


def test_the_last_day_of_sale_leaves_a_whole_use() -> None:
    """The page says twelve months once opened."""
    offer = OfferFactory(on_hand=0)
    batch = deliver(offer, "L1", 6, TODAY.replace(year=2027))

    assert batch.sold_until_on == TODAY
    reserve(offer, 2, at=NOON)
    with pytest.raises(stock.SoldOut):
        reserve(offer, 1, at=NOON + dt.timedelta(days=1), reference="order:2")
    assert row(offer)[:3] == (6, 6, 0)


def test_time_withholds_what_is_too_short_and_tells_its_page() -> None:
    offer = OfferFactory(on_hand=3)
    deliver(offer, "L1", 6, TODAY.replace(year=2027))
    assert turning.turn_due(at=NOON) == 0
    before = Change.objects.count()

    assert turning.turn_due(at=NOON + dt.timedelta(days=1)) == 1

    assert row(offer) == (9, 9, 6, 3)
    assert Change.objects.count() > before
    assert turning.turn_due(at=NOON + dt.timedelta(days=1)) == 0
    assert wrong() == []


def test_another_period_on_the_page_moves_the_last_day_of_sale() -> None:
    offer = OfferFactory(on_hand=0)
    deliver(offer, "L1", 6, dt.date(2026, 12, 1))
    assert row(offer) == (6, 6, 6, 0)
    page = offer.page.productpage
    page.period_after_opening_months = 3
    page.save()

    assert turning.turn_due(at=NOON) == 1

    assert row(offer) == (6, 6, 0, 6)
    assert Batch.objects.get().sold_until_on == dt.date(2026, 9, 1)


def test_a_stopped_batch_is_not_sold_until_it_is_let_go_on() -> None:
    offer = OfferFactory(on_hand=0)
    batch = deliver(offer, "L1", 6)
    keeping.stop(batch_id=batch.pk, reason="Cloudy", by=None, at=NOON)

    assert row(offer) == (6, 6, 6, 0)
    with pytest.raises(stock.SoldOut):
        reserve(offer, 1, at=NOON)
    with pytest.raises(stock.ReasonMissing):
        keeping.stop(batch_id=batch.pk, reason=" ", by=None, at=NOON)

    keeping.let_go_on(batch_id=batch.pk, at=NOON)

    assert row(offer) == (6, 6, 0, 6)


def test_back_orders_do_not_get_what_is_withheld() -> None:
    offer = OfferFactory(on_hand=0)
    stock.configure(offer_id=offer.pk, low_from=1, back_order_limit=5, back_order_days=9)
    reserve(offer, 2, at=NOON)

    deliver(offer, "L1", 6, dt.date(2026, 4, 1), at=NOON)
    assert Stock.objects.get(offer=offer).back_ordered == 2

    deliver(offer, "L2", 2, dt.date(2029, 4, 1), at=NOON)
    assert Stock.objects.get(offer=offer).back_ordered == 0
    assert wrong() == []


def test_what_goes_without_a_number_leaves_those_without_first() -> None:
    offer = OfferFactory(on_hand=2)
    deliver(offer, "LATE", 5, dt.date(2029, 1, 1))
    deliver(offer, "SOON", 5, dt.date(2028, 1, 1))

    stock_in_bulk.move_many(
        moves=[Move(offer.pk, -4, MovementKind.COUNTED)], reason="Count", by=None, at=NOON
    )

    assert has(offer) == {"LATE": 5, "SOON": 3}
    assert row(offer) == (8, 8, 0, 8)
    moves = BatchMove.objects.filter(movement__reason="Count")
    assert list(moves.values_list("quantity", flat=True)) == [-2, -2]
    assert wrong() == []


def test_more_than_a_batch_has_does_not_go_and_nothing_moves() -> None:
    offer = OfferFactory(on_hand=5)
    batch = deliver(offer, "L1", 2)

    with pytest.raises(pieces.NotInBatch, match="only 2 can go"):
        stock.adjust(
            offer_id=offer.pk,
            change=-3,
            kind=MovementKind.DAMAGED,
            reason="Broken",
            batch_id=batch.pk,
            by=None,
            at=NOON,
        )

    assert has(offer) == {"": 5, "L1": 2}
    assert row(offer) == (7, 7, 0, 7)


def test_another_articles_batch_is_refused() -> None:
    offer, other = OfferFactory(on_hand=0), OfferFactory(on_hand=0)
    batch = deliver(other, "L1", 2)
    deliver(offer, "L9", 2)

    with pytest.raises(pieces.NotOfThisArticle):
        stock.receive(
            offer_id=offer.pk, quantity=1, reason="x", batch_id=batch.pk, by=None, at=NOON
        )

    assert has(other) == {"L1": 2}


def test_the_database_refuses_a_stock_that_its_batches_do_not_have() -> None:
    offer = OfferFactory(on_hand=0)
    deliver(offer, "L1", 2)

    with pytest.raises(IntegrityError), transaction.atomic():
        Stock.objects.filter(offer=offer).update(on_hand=F("on_hand") + 1)

    Batch.objects.update(on_hand=5)
    assert len(list(keeping.contradictions())) == 2
