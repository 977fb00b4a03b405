"""A page that is built from kept parts is the same as one that is built from nothing."""

import datetime as dt
from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.contrib.search_promotions.models import Query, SearchPromotion
from wagtail.models import PageViewRestriction
import pytest
import time_machine

from catalog import kits, prices, stock
from catalog.models import MovementKind
from freshness import keeping
from storefront.models import SiteSettings
from tests.catalog.factories import (
    CategoryPageFactory,
    OfferFactory,
    PackagePageFactory,
    ProductPageFactory,
    TreatmentFactory,
)
from tests.storefront.page_cache import page_cache  # noqa: F401

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.indexed]

Ask = Callable[[str], str]


@pytest.fixture
def ask(page_cache, settings) -> Ask:  # noqa: F811
    """Ask for pages with nothing in front of them that keeps them whole."""
    Client().get("/")  # Puts up a head, as a serving process does.
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "page_cache" not in name]
    client = Client()

    def get(path: str) -> str:
        response = client.get(path)
        assert response.status_code == 200
        return response.content.decode()

    return get


@pytest.fixture
def urls() -> list[str]:
    category = CategoryPageFactory(title="Washes")
    product = ProductPageFactory(parent=category, title="Low-foam wash", how_to_use="<p>Wet.</p>")
    OfferFactory(page=product, sku="WASH", on_hand=20)
    treatment = TreatmentFactory()
    package = PackagePageFactory(treatment=treatment, title="Sessions")
    OfferFactory(page=package, package=True, treatment=treatment, sku="PACK")
    return ["/", category.url, product.url, package.url, "/search/", "/search/?q=wash"]


def test_a_page_of_kept_parts_is_the_page_built_from_nothing(ask: Ask, urls: list[str]) -> None:
    for url in urls:
        keeping.forget()
        first = ask(url)
        assert ask(url) == first
    together = [ask(url) for url in urls]

    for url, page in zip(urls, together, strict=True):
        keeping.forget()
        assert ask(url) == page


def test_kept_parts_save_queries(ask: Ask, urls: list[str]) -> None:
    product = urls[2]
    ask(product)

    with CaptureQueriesContext(connection) as queries:
        ask(product)

    assert len(queries) <= 4, [query["sql"][:150] for query in queries]


def _cards_kept() -> dict[int, object]:
    """Return the cards that this process holds, by their pages' ids."""
    return {
        name[1]: part.value
        for name, part in keeping._parts.items()
        if isinstance(name, tuple) and isinstance(name[0], tuple) and name[0][0] == "card"
    }


def test_a_list_asks_for_nothing_but_news_while_its_cards_are_kept(
    ask: Ask, urls: list[str]
) -> None:
    category, search = urls[1], urls[5]
    ask(category)
    ask(search)

    with CaptureQueriesContext(connection) as queries:
        ask(category)
    assert ["freshness_change" in query["sql"] for query in queries] == [True]

    with CaptureQueriesContext(connection) as queries:
        ask(search)
    # The index is asked what fits, and for the text of what does not show why.
    assert len(queries) <= 2, [query["sql"][:150] for query in queries]


def test_a_price_renews_the_card_of_its_page_alone(ask: Ask) -> None:
    one, other = ProductPageFactory(title="One"), ProductPageFactory(title="Other")
    offer = OfferFactory(page=one, price_minor=2400)
    OfferFactory(page=other, price_minor=3100)
    assert "€24.00" in ask("/shop/")
    before = _cards_kept()

    prices.change(offer_id=offer.pk, price_minor=2250, reason="x", by=None, at=timezone.now())
    shown = ask("/shop/")

    assert ("€22.50" in shown, "€24.00" in shown, "€31.00" in shown) == (True, False, True)
    after = _cards_kept()
    assert after[one.pk] is not before[one.pk]
    assert after[other.pk] is before[other.pk]


def test_a_kit_runs_out_in_lists_with_its_part(ask: Ask) -> None:
    page, kit_page = ProductPageFactory(title="Part"), ProductPageFactory(title="Kit")
    part, kit = OfferFactory(page=page, on_hand=2), OfferFactory(page=kit_page, on_hand=0)
    kits.set_parts(kit_id=kit.pk, parts=[(part.pk, 1)])
    assert "Sold out" not in ask("/shop/")

    stock.adjust(
        offer_id=part.pk,
        change=-2,
        kind=MovementKind.DAMAGED,
        reason="x",
        by=None,
        at=timezone.now(),
    )

    assert ask("/shop/").count("Sold out") == 2


def test_a_card_holds_until_an_offer_begins(ask: Ask) -> None:
    page, now = ProductPageFactory(title="One"), timezone.now()
    OfferFactory(page=page, price_minor=2400)
    later = now + dt.timedelta(hours=1)
    OfferFactory(page=page, price_minor=1900, active_from=later)
    assert "€19.00" not in ask("/shop/")

    with time_machine.travel(later + dt.timedelta(seconds=1)):
        assert "€19.00" in ask("/shop/")


def test_a_renamed_product_is_found_by_its_new_name(ask: Ask) -> None:
    page = ProductPageFactory(title="Low-foam wash")
    OfferFactory(page=page)
    assert "Low-foam wash" in ask("/shop/")

    page.title = "Foamless wash"
    page.save_revision().publish()

    shown = ask("/shop/")
    assert ("Foamless wash" in shown, "Low-foam wash" in shown) == (True, False)


def test_what_staff_pin_is_shown_by_the_next_search(ask: Ask) -> None:
    page = ProductPageFactory(title="Low-foam wash")
    OfferFactory(page=page)
    url = "/search/?q=returns"
    assert "Our pick" not in ask(url)

    pin = SearchPromotion.objects.create(query=Query.get("returns"), page=page, description="x")
    assert "Our pick" in ask(url)

    pin.delete()
    assert "Our pick" not in ask(url)


def test_a_new_word_of_the_shop_is_on_every_page(ask: Ask, urls: list[str]) -> None:
    for url in urls:
        ask(url)
    shop, _ = SiteSettings.objects.get_or_create(pk=1)
    shop.announcement = "Closed on Monday"
    shop.save()

    assert all("Closed on Monday" in ask(url) for url in urls)


def test_what_is_published_of_a_page_is_shown(ask: Ask) -> None:
    page = ProductPageFactory(how_to_use="<p>Wet the scalp.</p>")
    OfferFactory(page=page, sku="WASH", on_hand=20)
    assert "Wet the scalp." in ask(page.url)

    page.how_to_use = "<p>Keep it dry.</p>"
    page.warnings, page.has_no_warnings = "Flammable.", False
    page.save_revision().publish()

    shown = ask(page.url)
    assert "Keep it dry." in shown
    assert "Wet the scalp." not in shown
    assert "Flammable." in shown


def test_a_page_that_is_hidden_is_hidden_at_once(ask: Ask) -> None:
    page = ProductPageFactory()
    ask(page.url)

    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    assert Client().get(page.url).status_code == 302

    page.get_parent().specific.unpublish()
    page.unpublish()
    assert Client().get(page.url).status_code == 404


def test_a_request_that_writes_on_its_page_writes_on_nobody_elses(ask: Ask) -> None:
    page = ProductPageFactory(title="Low-foam wash")
    ask(page.url)
    kept = next(
        part.value for name, part in keeping._parts.items() if name == ("page at", page.url_path)
    )

    assert kept.title == "Low-foam wash"
    assert "_way" not in vars(kept.productpage)
