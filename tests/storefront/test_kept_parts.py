"""A page that is built from kept parts is the same as one that is built from nothing."""

from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction
import pytest

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

pytestmark = pytest.mark.django_db(transaction=True)

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
