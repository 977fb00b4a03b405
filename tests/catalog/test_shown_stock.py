"""A stock verb tells pages exactly when what they say has changed."""

import datetime as dt
from collections.abc import Callable

from django.db import transaction
import pytest

from catalog import prices, stock
from catalog.availability import availability
from catalog.models import MovementKind, Offer
from freshness.changes import CATALOG
from freshness.models import Change
from tests.catalog.factories import OfferFactory

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)
LATER = NOON + dt.timedelta(minutes=30)


@pytest.fixture
def offer() -> Offer:
    """Of which there are 20, and whose page begins to count at 5."""
    made: Offer = OfferFactory(on_hand=20)
    return made


def tags_of(act: Callable[[], object]) -> set[str]:
    before = Change.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    act()
    return set(Change.objects.filter(pk__gt=before).values_list("tag", flat=True))


def reserve(offer: Offer, quantity: int, reference: str) -> None:
    with transaction.atomic():
        stock.reserve(items=[(offer.pk, quantity)], reference=reference, expires_at=LATER, at=NOON)


def page_tags(offer: Offer) -> set[str]:
    return {f"offers:{offer.page_id}", CATALOG}


def test_selling_some_of_many_changes_no_page(offer: Offer) -> None:
    assert tags_of(lambda: reserve(offer, 3, "a")) == set()
    assert tags_of(lambda: stock.sell(reference="a")) == set()


def test_the_last_few_are_counted_on_the_page(offer: Offer) -> None:
    assert tags_of(lambda: reserve(offer, 16, "a")) == page_tags(offer)
    assert tags_of(lambda: reserve(offer, 1, "b")) == page_tags(offer)
    assert tags_of(lambda: stock.sell(reference="b")) == set()
    assert tags_of(lambda: stock.release(reference="a")) == page_tags(offer)
    assert tags_of(lambda: stock.release(reference="a")) == set()


def test_goods_that_arrive_or_break_are_told_only_where_it_shows(offer: Offer) -> None:
    def receive(quantity: int) -> None:
        stock.receive(offer_id=offer.pk, quantity=quantity, reason="Box", by=None, at=NOON)

    def lose(quantity: int) -> None:
        stock.adjust(
            offer_id=offer.pk,
            change=-quantity,
            kind=MovementKind.DAMAGED,
            reason="Fell",
            by=None,
            at=NOON,
        )

    assert tags_of(lambda: receive(5)) == set()
    assert tags_of(lambda: lose(25)) == page_tags(offer)
    assert tags_of(lambda: receive(40)) == page_tags(offer)


def test_settings_of_stock_are_told_only_where_they_show(offer: Offer) -> None:
    def configure(low_from: int) -> None:
        stock.configure(
            offer_id=offer.pk, low_from=low_from, back_order_limit=0, back_order_days=14
        )

    assert tags_of(lambda: configure(6)) == set()
    assert tags_of(lambda: configure(30)) == page_tags(offer)


def test_a_refused_reservation_tells_nothing(offer: Offer) -> None:
    def too_many() -> None:
        with pytest.raises(stock.SoldOut):
            reserve(offer, 21, "a")

    assert tags_of(too_many) == set()


def test_a_page_lets_one_choose_any_number_until_it_begins_to_count(offer: Offer) -> None:
    assert availability(Offer.objects.with_stock().get(pk=offer.pk)).max_shown == 99

    reserve(offer, 17, "a")

    assert availability(Offer.objects.with_stock().get(pk=offer.pk)).max_shown == 3


def test_a_new_price_is_told(offer: Offer) -> None:
    def change() -> None:
        prices.change(offer_id=offer.pk, price_minor=2000, reason="Spring", by=None, at=NOON)

    assert tags_of(change) == page_tags(offer)
