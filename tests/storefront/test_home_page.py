import datetime as dt

from django.test import Client
import pytest
from pytest_django import DjangoAssertNumQueries

from blog.models import ArticleIndexPage, ArticlePage
from storefront.models import ContentPage, HomePage, HomePagePackage, HomePageProduct, SiteSettings
from tests.blog.factories import PersonFactory
from tests.catalog.factories import (
    CatalogPageFactory,
    CategoryPageFactory,
    ConcernFactory,
    HomePageFactory,
    ImageFactory,
    OfferFactory,
    PackagePageFactory,
    ProductPageFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def home() -> HomePage:
    """A home page with everything on it."""
    page: HomePage = HomePageFactory(hero_image=ImageFactory())
    catalog = CatalogPageFactory(parent=page)
    category = CategoryPageFactory(parent=catalog, blurb="Low foam")
    ConcernFactory(name="dry and tight", slug="dry")
    for number in range(3):
        product = ProductPageFactory(parent=category, title=f"Product {number}")
        OfferFactory(page=product)
        page.featured_products.add(HomePageProduct(page=product))
    package = PackagePageFactory(parent=category, title="Six sessions")
    OfferFactory(package=True, page=package)
    page.featured_packages.add(HomePagePackage(page=package))
    page.save()
    guide = page.add_child(instance=ArticleIndexPage(title="Guide", slug="scalp-guide"))
    for number in range(4):
        guide.add_child(
            instance=ArticlePage(
                title=f"Article {number}",
                slug=f"article-{number}",
                intro="In short.",
                author=PersonFactory(),
                hero_image=ImageFactory(),
                first_published_at=dt.datetime(2026, 1, 1 + number, tzinfo=dt.UTC),
            )
        )
    SiteSettings.objects.create(
        announcement="Closed on Friday",
        clinic_phone="+49 30 1234",
        main_navigation=[("link", {"title": "", "page": catalog, "url": ""})],
        footer_groups=[
            (
                "group",
                {
                    "title": "Help",
                    "links": [
                        {"title": "Write to us", "page": None, "url": "mailto:hello@galea.example"}
                    ],
                },
            )
        ],
    )
    return page


def test_home_shows_the_ways_in(client: Client, home: HomePage) -> None:
    context = client.get("/").context

    assert [concern.url for concern in context["concerns"]] == ["/shop/?concern=dry"]
    assert [(c.title, c.blurb, c.url) for c in context["categories"]] == [
        ("Wash", "Low foam", "/shop/wash/")
    ]
    assert [card.title for card in context["featured"]] == ["Product 0", "Product 1", "Product 2"]
    assert [card.title for card in context["packages"]] == ["Six sessions"]
    assert [card.title for card in context["articles"]] == ["Article 3", "Article 2", "Article 1"]


def test_what_is_not_live_is_not_featured(client: Client, home: HomePage) -> None:
    home.featured_products.first().page.unpublish()
    home.featured_packages.first().page.unpublish()

    context = client.get("/").context

    assert [card.title for card in context["featured"]] == ["Product 1", "Product 2"]
    assert context["packages"] == []


def test_home_asks_twelve_questions_cold(
    client: Client, home: HomePage, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.get("/")  # Makes the sizes of the pictures.
    from django.core.cache import cache  # noqa: PLC0415

    cache.clear()

    with django_assert_max_num_queries(12):
        client.get("/")


def test_home_is_the_same_bytes_for_every_visitor_and_sets_no_cookie(home: HomePage) -> None:
    Client().get("/")

    answers = [Client().get("/") for _ in range(2)]

    assert answers[0].content == answers[1].content
    assert not answers[0].cookies
    assert "csrfmiddlewaretoken" not in answers[0].content.decode()


def test_menus_and_facts_surround_the_page(client: Client, home: HomePage) -> None:
    html = client.get("/").content.decode()

    assert "Closed on Friday" in html
    assert ">Shop<" in html
    assert "mailto:hello@galea.example" in html


def test_editing_the_settings_shows_at_once(client: Client, home: HomePage) -> None:
    client.get("/")
    stored = SiteSettings.objects.get()

    stored.announcement = "Open again"
    stored.save()

    assert "Open again" in client.get("/").content.decode()


def test_a_page_that_is_unpublished_leaves_the_menu(home: HomePage) -> None:
    from storefront.context_processors import current_shop  # noqa: PLC0415

    assert [link.url for link in current_shop().navigation] == ["/shop/"]
    SiteSettings.objects.get().main_navigation[0].value["page"].unpublish()
    SiteSettings.objects.get().save()

    assert current_shop().navigation == []


def test_an_empty_shop_still_opens(client: Client) -> None:
    HomePageFactory()

    response = client.get("/")

    assert response.status_code == 200
    assert response.context["concerns"] == []


def test_a_content_page_shows_its_blocks(client: Client) -> None:
    HomePageFactory().add_child(
        instance=ContentPage(
            title="Delivery", slug="delivery", body=[("text", "<p>We ship on weekdays.</p>")]
        )
    )

    assert "We ship on weekdays." in client.get("/delivery/").content.decode()
