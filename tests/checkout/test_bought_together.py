"""What goes well with a product: an editor's choice first, then what orders hold together."""

from datetime import datetime, timedelta

from django.utils import timezone
from wagtail.models import PageViewRestriction
import pytest

from catalog import kits
from catalog.models import BoughtTogether, Offer, ProductPageRecommendation
from checkout import bought_together
from freshness.models import Change
from tests.catalog.factories import OfferFactory
from tests.checkout.factories import OrderFactory, OrderLineFactory

pytestmark = pytest.mark.django_db


def sell(*offers: Offer, at: datetime, times: int = 3, **facts) -> None:
    for _ in range(times):
        order = OrderFactory(paid=True, placed_at=at, **facts)
        for position, offer in enumerate(offers, start=1):
            OrderLineFactory(order=order, offer=offer, position=position)


def pairs() -> dict[tuple[int, int], int]:
    rows = BoughtTogether.objects.values_list("page_id", "other_page_id", "count")
    return {(page, other): count for page, other, count in rows}


def beside(client, offer: Offer) -> list[str]:
    return [card.title for card in client.get(offer.page.url).context["related"]]


def test_pages_in_three_paid_orders_are_bought_together(at: datetime) -> None:
    wash, serum, balm = (OfferFactory() for _ in range(3))
    sell(wash, serum, at=at, times=3)
    sell(wash, balm, at=at, times=2)

    assert bought_together.count(at=at) == 2

    assert pairs() == {(wash.page_id, serum.page_id): 3, (serum.page_id, wash.page_id): 3}


def test_an_order_counts_once_however_many_sizes_it_holds(at: datetime) -> None:
    small, serum = OfferFactory(), OfferFactory()
    large = OfferFactory(page=small.page, label="500 ml")
    sell(small, large, serum, at=at, times=3)

    bought_together.count(at=at)

    assert pairs() == {(small.page_id, serum.page_id): 3, (serum.page_id, small.page_id): 3}


def test_unpaid_and_old_orders_do_not_count(at: datetime) -> None:
    wash, serum = OfferFactory(), OfferFactory()
    sell(wash, serum, at=at, times=2)
    sell(wash, serum, at=at - timedelta(days=366))
    unpaid = OrderFactory(placed_at=at)
    OrderLineFactory(order=unpaid, offer=wash)
    OrderLineFactory(order=unpaid, offer=serum, position=2)

    assert bought_together.count(at=at) == 0


def test_a_kit_is_not_shown_beside_its_own_parts(at: datetime) -> None:
    balm, box = OfferFactory(), OfferFactory(on_hand=0)
    kits.set_parts(kit_id=box.pk, parts=[(balm.pk, 1)])
    sell(balm, box, at=at)

    assert bought_together.count(at=at) == 0


def test_only_pages_whose_company_changed_are_told(at: datetime) -> None:
    wash, serum, balm, mist = (OfferFactory() for _ in range(4))
    sell(wash, serum, at=at)
    bought_together.count(at=at)
    Change.objects.all().delete()
    sell(balm, mist, at=at)

    bought_together.count(at=at)

    tags = set(Change.objects.values_list("tag", flat=True))
    assert tags == {f"offers:{balm.page_id}", f"offers:{mist.page_id}", "catalog"}


def test_an_editors_choice_comes_first_and_is_filled_up(client) -> None:
    at = timezone.now()
    wash, chosen, often, seldom, hidden = (OfferFactory() for _ in range(5))
    gone = OfferFactory(on_hand=0)
    ProductPageRecommendation.objects.create(page=wash.page.productpage, related_page=chosen.page)
    sell(wash, often, at=at, times=5)
    for other in (seldom, hidden, gone, chosen):
        sell(wash, other, at=at, times=3)
    PageViewRestriction.objects.create(page=hidden.page, restriction_type="login")
    bought_together.count(at=at)

    assert beside(client, wash) == [chosen.page.title, often.page.title, seldom.page.title]


def test_no_more_than_four_are_shown_unless_chosen(client) -> None:
    at = timezone.now()
    wash, *others = (OfferFactory() for _ in range(7))
    for other in others:
        sell(wash, other, at=at)
    bought_together.count(at=at)

    assert len(beside(client, wash)) == 4
