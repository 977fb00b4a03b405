"""A kit is made of offers: its stock is theirs, and it ends with the first of them."""

import datetime as dt

from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page
import pytest

from catalog import kits, stock
from catalog.availability import Availability, AvailabilityState
from catalog.markets import Application
from catalog.models import MovementKind, Offer, OfferPart, Reservation, Stock
from freshness.models import Change
from tests.catalog.factories import LONG_AGO, OfferFactory

pytestmark = pytest.mark.django_db

NOW = LONG_AGO + dt.timedelta(days=1)
LATER = NOW + dt.timedelta(minutes=35)


def a_kit(*parts: tuple[Offer, int], **facts) -> Offer:
    facts = {"page__application": Application.SET, "content_amount": None, **facts}
    kit = OfferFactory(label="Set", content_unit="", on_hand=0, **facts)
    return kits.set_parts(kit_id=kit.pk, parts=[(part.pk, count) for part, count in parts])


def seen(offer: Offer) -> Availability:
    return stock.availability(Offer.objects.with_stock().get(pk=offer.pk))


def reserve(*items: tuple[Offer, int], reference: str = "order:1") -> None:
    with transaction.atomic():
        stock.reserve(
            items=[(offer.pk, quantity) for offer, quantity in items],
            reference=reference,
            expires_at=LATER,
            at=NOW,
        )


def levels(offer: Offer) -> tuple[int, int, int]:
    row = Stock.objects.get(offer=offer)
    return row.on_hand, row.reserved, row.back_ordered


def is_found(offer: Offer) -> tuple[bool, bool]:
    """Whether the database finds an offer on sale, and in stock."""
    found = Offer.objects.filter(pk=offer.pk)
    return found.on_sale(NOW).exists(), found.in_stock().exists()


# --- What there is ------------------------------------------------------------------------


def test_of_a_kit_there_are_as_many_as_its_scarcest_part_allows() -> None:
    balm, mist = OfferFactory(on_hand=20), OfferFactory(on_hand=13)

    kit = a_kit((balm, 1), (mist, 2))

    assert seen(kit) == Availability(AvailabilityState.IN_STOCK, None, 6, None)
    assert is_found(kit) == (True, True)


def test_a_kit_is_low_when_a_part_of_it_is() -> None:
    kit = a_kit((OfferFactory(on_hand=20), 1), (OfferFactory(on_hand=4), 2))

    assert seen(kit) == Availability(AvailabilityState.LOW, 2, 2, None)


def test_a_kit_is_sold_out_when_too_few_of_one_part_are_left() -> None:
    kit = a_kit((OfferFactory(on_hand=20), 1), (OfferFactory(on_hand=1), 2))

    assert seen(kit).state == AvailabilityState.SOLD_OUT
    assert is_found(kit) == (True, False)


def test_a_kit_waits_as_long_as_the_slowest_part_that_is_not_there() -> None:
    here, soon, late = (OfferFactory(on_hand=count) for count in (9, 0, 1))
    for offer, days in ((here, 60), (soon, 7), (late, 21)):
        stock.configure(offer_id=offer.pk, low_from=5, back_order_limit=5, back_order_days=days)

    kit = a_kit((here, 1), (soon, 1), (late, 2))

    assert seen(kit) == Availability(AvailabilityState.BACK_ORDER, None, 2, 21)
    assert is_found(kit) == (True, True)


@pytest.mark.parametrize("change", ["ended", "not begun", "unpublished", "other currency"])
def test_a_part_that_ends_ends_the_kit(change: str) -> None:
    balm, mist = OfferFactory(), OfferFactory()
    kit = a_kit((balm, 1), (mist, 1))
    match change:
        case "ended":
            Offer.objects.filter(pk=mist.pk).update(active_until=NOW)
        case "not begun":
            Offer.objects.filter(pk=mist.pk).update(active_from=LATER)
        case "unpublished":
            Page.objects.filter(pk=mist.page_id).update(live=False)
        case _:
            Offer.objects.filter(pk=mist.pk).update(currency="JPY")

    loaded = Offer.objects.get(pk=kit.pk)
    kits.load_parts([loaded])

    assert is_found(kit)[0] is False
    assert kits.can_be_packed(loaded, at=NOW) is False
    assert is_found(balm)[0] is True


def test_a_part_without_a_page_is_sold_in_kits_alone() -> None:
    pouch = OfferFactory(page=None)
    kit = a_kit((OfferFactory(), 1), (pouch, 1))

    assert is_found(kit) == (True, True)
    assert is_found(pouch)[0] is False


def test_parts_of_many_kits_are_read_at_once_and_of_none_not_at_all(
    django_assert_num_queries,
) -> None:
    plain = OfferFactory()
    made = [a_kit((plain, 1), (OfferFactory(), 1)) for _ in range(3)]
    offers = list(Offer.objects.filter(pk__in=[plain.pk, *(kit.pk for kit in made)]).with_stock())

    with django_assert_num_queries(0):
        kits.load_parts([offer for offer in offers if offer.pk == plain.pk])
    with django_assert_num_queries(1):
        kits.load_parts(offers)
        assert {stock.availability(offer).max_quantity for offer in offers} == {10}


# --- Keeping, selling, letting go ---------------------------------------------------------


def test_reserving_a_kit_keeps_its_parts() -> None:
    balm, mist = OfferFactory(on_hand=10), OfferFactory(on_hand=10)
    kit = a_kit((balm, 1), (mist, 2))

    reserve((kit, 3))

    assert (levels(kit), levels(balm), levels(mist)) == ((0, 0, 0), (10, 3, 0), (10, 6, 0))
    assert stock.sell(reference="order:1") == 2
    assert (levels(balm), levels(mist)) == ((10, 3, 0), (10, 6, 0))
    assert list(stock.contradictions()) == []


def test_releasing_a_kit_frees_its_parts_once() -> None:
    balm, mist = OfferFactory(on_hand=10), OfferFactory(on_hand=10)
    kit = a_kit((balm, 1), (mist, 2))
    reserve((kit, 3))

    assert stock.release(reference="order:1") == 2
    assert stock.release(reference="order:1") == 0

    assert (levels(balm), levels(mist)) == ((10, 0, 0), (10, 0, 0))


def test_a_kit_and_its_part_beside_it_are_kept_in_one_row() -> None:
    balm, mist = OfferFactory(on_hand=10), OfferFactory(on_hand=10)
    kit = a_kit((balm, 2), (mist, 1))

    reserve((balm, 3), (kit, 2))

    assert levels(balm) == (10, 7, 0)
    assert Reservation.objects.get(offer=balm).quantity == 7


def test_a_kit_and_its_part_beside_it_cannot_take_the_same_piece() -> None:
    balm, mist = OfferFactory(on_hand=4), OfferFactory(on_hand=10)
    kit = a_kit((balm, 2), (mist, 1))

    with pytest.raises(stock.SoldOut) as refusal:
        reserve((balm, 1), (kit, 2))

    assert (refusal.value.offer_id, refusal.value.wanted, refusal.value.available) == (
        balm.pk,
        5,
        4,
    )
    assert (levels(balm), levels(mist)) == ((4, 0, 0), (10, 0, 0))
    assert Reservation.objects.count() == 0


def test_parts_are_locked_in_the_order_of_articles() -> None:
    first, second, third = OfferFactory(), OfferFactory(), OfferFactory()
    kit = a_kit((third, 1), (first, 1))

    with CaptureQueriesContext(connection) as captured:
        reserve((kit, 1), (second, 1))

    updates = [query["sql"] for query in captured if query["sql"].startswith("UPDATE")]
    assert [
        next(offer for offer in (first, second, third) if f'"offer_id" = {offer.pk}' in sql)
        for sql in updates
    ] == [first, second, third]


# --- Making kits --------------------------------------------------------------------------


def test_parts_are_set_in_their_order_and_again() -> None:
    balm, mist, brush = OfferFactory(), OfferFactory(), OfferFactory()
    kit = a_kit((mist, 1), (balm, 2))

    kits.set_parts(kit_id=kit.pk, parts=[(brush.pk, 1), (mist.pk, 3)])

    rows = OfferPart.objects.filter(kit=kit).values_list("part", "quantity", "sort_order")
    assert list(rows) == [(brush.pk, 1, 0), (mist.pk, 3, 1)]
    assert Change.objects.filter(tag=f"offers:{kit.page_id}").exists()


def test_without_parts_it_is_no_kit_any_more() -> None:
    kit = a_kit((OfferFactory(), 1), (OfferFactory(), 1))

    kits.set_parts(kit_id=kit.pk, parts=[])

    kit.refresh_from_db()
    assert (kit.is_kit, kit.parts.count()) == (False, 0)
    stock.receive(offer_id=kit.pk, quantity=5, reason="Packed", by=None, at=NOW)
    assert seen(kit).max_quantity == 5


def test_kits_inside_kits_are_refused_from_both_ends() -> None:
    balm, box = OfferFactory(), OfferFactory(on_hand=0)
    kit = a_kit((balm, 1))

    with pytest.raises(kits.PartIsAKit):
        kits.set_parts(kit_id=box.pk, parts=[(kit.pk, 1)])
    with pytest.raises(kits.KitIsAPart):
        kits.set_parts(kit_id=balm.pk, parts=[(box.pk, 1)])
    with pytest.raises(kits.PartIsItself):
        kits.set_parts(kit_id=box.pk, parts=[(box.pk, 1)])

    assert OfferPart.objects.count() == 1
    assert set(Offer.objects.filter(is_kit=True)) == {kit}


def test_sessions_are_neither_kit_nor_part() -> None:
    package, balm, box = OfferFactory(package=True), OfferFactory(), OfferFactory(on_hand=0)

    with pytest.raises(kits.NotAProduct):
        kits.set_parts(kit_id=box.pk, parts=[(package.pk, 1)])
    with pytest.raises(kits.NotAProduct):
        kits.set_parts(kit_id=package.pk, parts=[(balm.pk, 1)])

    assert OfferPart.objects.count() == 0


@pytest.mark.parametrize("quantity", [0, -1, 100])
def test_a_quantity_that_is_none_is_refused(quantity: int) -> None:
    box, balm = OfferFactory(on_hand=0), OfferFactory()

    with pytest.raises(kits.QuantityNotAllowed):
        kits.set_parts(kit_id=box.pk, parts=[(balm.pk, quantity)])

    assert OfferPart.objects.count() == 0


def test_a_part_named_twice_is_refused() -> None:
    box, balm = OfferFactory(on_hand=0), OfferFactory()

    with pytest.raises(kits.PartNamedTwice):
        kits.set_parts(kit_id=box.pk, parts=[(balm.pk, 1), (balm.pk, 2)])

    assert OfferPart.objects.count() == 0


def test_goods_of_its_own_must_go_before_an_offer_becomes_a_kit() -> None:
    box, balm = OfferFactory(on_hand=3), OfferFactory()

    with pytest.raises(kits.KitHasStock, match="3 on hand"):
        kits.set_parts(kit_id=box.pk, parts=[(balm.pk, 1)])

    box.refresh_from_db()
    assert (box.is_kit, OfferPart.objects.count()) == (False, 0)


def test_a_kit_has_no_stock_of_its_own() -> None:
    kit = a_kit((OfferFactory(), 1))

    with pytest.raises(stock.NoStockOfItsOwn):
        stock.receive(offer_id=kit.pk, quantity=1, reason="Delivery", by=None, at=NOW)
    with pytest.raises(stock.NoStockOfItsOwn):
        stock.adjust(
            offer_id=kit.pk, change=1, kind=MovementKind.COUNTED, reason="x", by=None, at=NOW
        )
    with pytest.raises(stock.NoStockOfItsOwn):
        stock.configure(offer_id=kit.pk, low_from=1, back_order_limit=9, back_order_days=1)

    assert levels(kit) == (0, 0, 0)
    assert Stock.objects.get(offer=kit).back_order_limit == 0


def test_a_promise_on_back_order_ends_when_an_offer_becomes_a_kit() -> None:
    box = OfferFactory(on_hand=0)
    stock.configure(offer_id=box.pk, low_from=5, back_order_limit=9, back_order_days=14)

    kits.set_parts(kit_id=box.pk, parts=[(OfferFactory().pk, 1)])

    assert Stock.objects.get(offer=box).back_order_limit == 0


def test_the_database_refuses_a_kit_of_itself() -> None:
    box = OfferFactory(on_hand=0)

    with pytest.raises(IntegrityError), transaction.atomic():
        OfferPart.objects.create(kit=box, part=box)


def test_pages_of_kits_are_found_by_their_parts() -> None:
    balm, pouch = OfferFactory(), OfferFactory(page=None)
    kit, other = a_kit((balm, 1), (pouch, 1)), a_kit((balm, 1))

    assert kits.pages_selling([balm.pk]) == {balm.page_id, kit.page_id, other.page_id}
    assert kits.pages_selling([pouch.pk]) == {kit.page_id}


def test_contradictions_name_kits_that_are_none() -> None:
    kit, empty = a_kit((OfferFactory(), 1)), OfferFactory(on_hand=0)
    Offer.objects.filter(pk=kit.pk).update(is_kit=False)
    Offer.objects.filter(pk=empty.pk).update(is_kit=True)

    assert list(kits.contradictions()) == [
        f"{empty} is a kit without parts",
        f"{kit} has parts but is no kit",
    ]
