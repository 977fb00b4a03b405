"""The index in each process: exact after every committed change, also one of another process."""

import datetime as dt
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from django.db import connection
from django.test import Client
from django.utils import timezone
from wagtail.models import PageViewRestriction
import pytest

from catalog import facet_facts, facet_index, kits, prices, stock
from catalog.models import CategoryPage, MovementKind
from freshness.changes import changed, offers_of
from tests.catalog.factories import (
    CategoryPageFactory,
    ConcernFactory,
    OfferFactory,
    PackagePageFactory,
    ProductPageFactory,
)
from treatments.models import CareTag

pytestmark = pytest.mark.django_db


def listed() -> list[int]:
    pages = facet_index.current()
    return pages.cut(pages.having("listed"), "featured", 0, 100)


def fits(kind: str, name: int | str = 0) -> set[int]:
    pages = facet_index.current()
    return set(pages.cut(pages.having(kind, name), "featured", 0, 100))


def test_a_sale_that_takes_the_last_one_is_seen_by_the_next_request(client: Client) -> None:
    page, other = ProductPageFactory(title="A"), ProductPageFactory(title="B")
    offer = OfferFactory(page=page, on_hand=1)
    OfferFactory(page=other)
    assert listed() == [page.pk, other.pk]

    now = timezone.now()
    stock.adjust(
        offer_id=offer.pk, change=-1, kind=MovementKind.DAMAGED, reason="x", by=None, at=now
    )

    assert listed() == [other.pk, page.pk]
    assert fits("in stock") == {other.pk}
    shown = client.get("/shop/").context["cards"]
    assert [card.title for card in shown] == ["B", "A"]


def test_a_price_is_seen_by_the_next_request(client: Client) -> None:
    page = ProductPageFactory(title="A")
    offer = OfferFactory(page=page, price_minor=2400)
    OfferFactory(page=ProductPageFactory(title="B"), price_minor=2000)
    url = "/shop/?price=15-25&sort=price_up"
    assert [card.title for card in client.get(url).context["cards"]] == ["B", "A"]

    prices.change(offer_id=offer.pk, price_minor=1600, reason="x", by=None, at=timezone.now())
    assert [card.title for card in client.get(url).context["cards"]] == ["A", "B"]

    prices.change(offer_id=offer.pk, price_minor=2600, reason="x", by=None, at=timezone.now())
    assert [card.title for card in client.get(url).context["cards"]] == ["B"]


def test_pages_come_and_go() -> None:
    page, hidden = ProductPageFactory(), ProductPageFactory()
    assert listed() == [page.pk, hidden.pk]

    PageViewRestriction.objects.create(page=hidden, restriction_type="login")
    assert listed() == [page.pk]

    page.unpublish()
    assert listed() == []

    page.save_revision().publish()
    new = ProductPageFactory()
    assert listed() == [page.pk, new.pk]

    new.delete()
    assert listed() == [page.pk]


def test_a_page_moved_to_another_category_is_found_there() -> None:
    page, care = ProductPageFactory(), CategoryPageFactory(title="Care", slug="care")
    wash = page.get_parent()
    assert fits("below", wash.path) == {page.pk}

    page.move(care, pos="last-child")

    wash, care = (CategoryPage.objects.get(pk=each.pk) for each in (wash, care))
    assert (fits("below", wash.path), fits("below", care.path)) == (set(), {page.pk})


def test_words_and_care_tags_are_followed() -> None:
    concern = ConcernFactory()
    tag = CareTag.objects.create(name="Acid", slug="acid", gentle_from_day=7)
    page = ProductPageFactory()
    assert fits("concern", concern.pk) == set()

    page.concerns.add(concern)
    page.care_tags.add(tag)
    page.save()
    assert fits("concern", concern.pk) == {page.pk}
    assert fits("gentle", 7) == {page.pk}

    tag.gentle_from_day = None
    tag.save()
    assert fits("gentle", 7) == set()


def test_an_offer_that_moves_to_another_page_changes_both() -> None:
    one, other = ProductPageFactory(), ProductPageFactory()
    offer = OfferFactory(page=one)
    assert fits("in stock") == {one.pk}

    offer.page = other
    offer.save()

    assert fits("in stock") == {other.pk}


def test_time_alone_brings_an_offer_and_takes_it_away() -> None:
    page, now = ProductPageFactory(), timezone.now()
    begins, ends = now + dt.timedelta(hours=1), now + dt.timedelta(hours=2)
    OfferFactory(page=page, active_from=begins, active_until=ends)
    moments = [now, begins, ends - dt.timedelta(seconds=1), ends]

    pages = [facet_index.current(moment) for moment in moments]

    assert [each.having("in stock").bit_count() for each in pages] == [0, 1, 1, 0]
    assert [each.until for each in pages] == [begins, ends, ends, None]


def test_a_page_whose_id_is_low_but_new_is_taken_in() -> None:
    """Ids are given before transactions end: a lower one may become visible later."""
    late = ProductPageFactory()
    early = ProductPageFactory()
    pages = facet_index.Snapshot(timezone.now())
    pages = facet_index.updated(pages, facet_facts.read([early.pk], pages.at), at=pages.at)

    with pytest.raises(facet_index.OutOfTurn):
        facet_index.updated(pages, facet_facts.read([late.pk], pages.at), at=pages.at)


def test_nothing_changed_costs_next_to_nothing(
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    for _ in range(3):
        OfferFactory(page=ProductPageFactory())
    facet_index.current()

    # The second one only where numbers of the log were taken back a moment ago.
    with django_assert_max_num_queries(2):
        facet_index.current()


def test_many_changes_are_read_anew_and_equal_the_few() -> None:
    pages = [ProductPageFactory(title=f"P {number:02}") for number in range(4)]
    for page in pages:
        OfferFactory(page=page)
    facet_index.current()

    changed(*(tag for number in range(600) for tag in offers_of(number + 1)))

    assert listed() == [page.pk for page in pages]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs a database on the network")
@pytest.mark.django_db(transaction=True)
def test_what_another_process_commits_is_seen_by_the_next_request(client: Client) -> None:
    """A second Python process changes stock and price; this one's next answer shows it."""
    page, other = ProductPageFactory(title="A"), ProductPageFactory(title="B")
    offer = OfferFactory(page=page, on_hand=1, price_minor=2000)
    OfferFactory(page=other, price_minor=3000)
    url = "/shop/?sort=price_up"
    assert [card.title for card in client.get(url).context["cards"]] == ["A", "B"]

    _in_another_process(
        f"stock.adjust(offer_id={offer.pk}, change=-1, kind='DAMAGED', reason='x', by=None, at=now)"
    )
    assert [card.title for card in client.get(url).context["cards"]] == ["B", "A"]

    _in_another_process(
        f"stock.receive(offer_id={offer.pk}, quantity=5, reason='x', by=None, at=now);"
        f"prices.change(offer_id={offer.pk}, price_minor=9900, reason='x', by=None, at=now)"
    )
    assert [card.title for card in client.get(url).context["cards"]] == ["B", "A"]
    assert client.get("/shop/?price=80-").context["result_count"] == 1


def _in_another_process(statements: str) -> None:
    facts = connection.settings_dict
    address = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**facts)
    code = (
        "import django; django.setup()\n"
        "from django.utils import timezone\n"
        "from catalog import prices, stock\n"
        f"now = timezone.now()\n{statements}"
    )
    root = Path(__file__).resolve().parents[2]
    environment = {
        "PATH": "/usr/bin:/bin",
        "DJANGO_SETTINGS_MODULE": "storefront.settings.test",
        "TEST_DATABASE_URL": address,
    }
    subprocess.run([sys.executable, "-c", code], cwd=root, env=environment, check=True)


def test_packages_are_always_in_stock_and_what_has_no_stock_is_sold_out() -> None:
    page, package = ProductPageFactory(), PackagePageFactory()
    OfferFactory(page=page, on_hand=0)
    OfferFactory(package=True, page=package)

    assert fits("sold out") == {page.pk}
    assert fits("package") == {package.pk}
    assert fits("in stock") == {package.pk}


def test_a_kit_is_sold_out_once_a_part_is() -> None:
    page, kit_page = ProductPageFactory(), ProductPageFactory()
    part = OfferFactory(page=page, on_hand=2)
    kit = OfferFactory(page=kit_page, on_hand=0)
    kits.set_parts(kit_id=kit.pk, parts=[(part.pk, 2)])
    assert fits("in stock") == {page.pk, kit_page.pk}

    stock.adjust(
        offer_id=part.pk,
        change=-1,
        kind=MovementKind.DAMAGED,
        reason="x",
        by=None,
        at=timezone.now(),
    )

    assert fits("in stock") == {page.pk}
    assert fits("sold out") == {kit_page.pk}
