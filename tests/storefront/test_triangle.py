"""Treatment, package, kit and article lead to one another, and what is missing is named."""

import datetime as dt
from io import StringIO

from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
import pytest

from blog.models import ArticlePage, ArticleRelatedPage
from catalog import kits
from catalog.models import PackagePage, PackagePageRecommendation, ProductPage
from storefront import triangle
from tests.accounts.factories import UserFactory
from tests.blog.factories import ArticlePageFactory, PersonFactory
from tests.catalog.factories import (
    HomePageFactory,
    OfferFactory,
    PackagePageFactory,
    ProductPageFactory,
    TreatmentFactory,
)
from treatments.models import Treatment, TreatmentIndexPage, TreatmentPage

pytestmark = [pytest.mark.django_db, pytest.mark.indexed]


@pytest.fixture
def treatment() -> Treatment:
    return TreatmentFactory(name="Microdermabrasion", slug="microdermabrasion")


@pytest.fixture
def treatment_page(treatment: Treatment) -> TreatmentPage:
    index = HomePageFactory().add_child(
        instance=TreatmentIndexPage(title="Treatments", slug="treatments")
    )
    page: TreatmentPage = index.add_child(
        instance=TreatmentPage(
            title=treatment.name, slug=treatment.slug, treatment=treatment, intro="Calm."
        )
    )
    return page


@pytest.fixture
def package(treatment: Treatment) -> PackagePage:
    page: PackagePage = PackagePageFactory(
        title="Sessions", slug="sessions", treatment=treatment, benefit="Prepaid."
    )
    return page


@pytest.fixture
def kit(package: PackagePage) -> ProductPage:
    page: ProductPage = ProductPageFactory(title="Aftercare Kit", slug="aftercare-kit")
    balm = OfferFactory(sku="BALM")
    offer = OfferFactory(page=page, sku="KIT", on_hand=0, price_minor=4500)
    kits.set_parts(kit_id=offer.pk, parts=[(balm.pk, 2)])
    package.goes_well_with = [PackagePageRecommendation(related_page=page, sort_order=0)]
    package.save()
    return page


@pytest.fixture
def article(package: PackagePage) -> ArticlePage:
    page: ArticlePage = ArticlePageFactory(
        title="Microdermabrasion on the scalp",
        slug="on-the-scalp",
        reviewer=PersonFactory(reviewing=True),
        last_reviewed_on=dt.date(2026, 1, 1),
    )
    page.related_pages = [ArticleRelatedPage(page=package, sort_order=0)]
    page.save()
    return page


def sides(page: object) -> dict[str, list[str]]:
    answer = Client().get(page.url)
    assert answer.status_code == 200
    return {side.heading: [link.title for link in side.links] for side in answer.context["sides"]}


def missing() -> set[tuple[str, str]]:
    return {(each.page.title, each.lacks) for each in triangle.missing_sides()}


def test_each_side_leads_to_the_others(
    treatment_page: TreatmentPage, package: PackagePage, kit: ProductPage, article: ArticlePage
) -> None:
    guide = {"From the scalp guide": ["Microdermabrasion on the scalp"]}

    assert sides(treatment_page) == {
        "Sessions and prices": ["Sessions"],
        "For the days after": ["Aftercare Kit"],
        **guide,
    }
    assert sides(package) == guide
    assert sides(kit) == {
        "Meant for the days after": ["Microdermabrasion"],
        "Sessions and prices": ["Sessions"],
        **guide,
    }
    assert "Sessions" in Client().get(article.url).content.decode()
    assert missing() == set()


def test_an_article_about_a_product_stands_on_its_page(article: ArticlePage) -> None:
    wash = ProductPageFactory(title="Wash", slug="low-foam")
    OfferFactory(page=wash)
    article.related_pages = [ArticleRelatedPage(page=wash, sort_order=0)]
    article.save()

    assert sides(wash) == {"From the scalp guide": ["Microdermabrasion on the scalp"]}


def test_what_readers_cannot_see_is_led_to_from_nowhere(
    treatment_page: TreatmentPage, package: PackagePage, kit: ProductPage, article: ArticlePage
) -> None:
    for page in (article, kit):
        page.unpublish()

    assert sides(treatment_page) == {"Sessions and prices": ["Sessions"]}
    assert sides(package) == {}


def test_a_kit_leads_to_no_package_that_readers_cannot_see(
    treatment_page: TreatmentPage, package: PackagePage, kit: ProductPage, article: ArticlePage
) -> None:
    package.unpublish()

    assert sides(kit) == {}
    assert ("Aftercare Kit", "a package that leads to it") in missing()
    assert ("Aftercare Kit", "a reviewed article") in missing()


def test_a_product_that_is_no_kit_shows_its_treatment_and_no_package(
    treatment_page: TreatmentPage, package: PackagePage, article: ArticlePage
) -> None:
    balm: ProductPage = ProductPageFactory(title="Balm", slug="balm")
    OfferFactory(page=balm)
    package.goes_well_with = [PackagePageRecommendation(related_page=balm, sort_order=0)]
    package.save()

    assert sides(balm) == {"Meant for the days after": ["Microdermabrasion"]}


def test_a_kit_that_nothing_is_written_about_is_named(
    treatment_page: TreatmentPage, package: PackagePage, kit: ProductPage
) -> None:
    assert ("Aftercare Kit", "a reviewed article") in missing()
    assert ("Aftercare Kit", "a package that leads to it") not in missing()


def test_every_missing_side_is_named(treatment_page: TreatmentPage, package: PackagePage) -> None:
    ArticlePageFactory(title="Lonely", slug="lonely")

    assert missing() == {
        ("Microdermabrasion", "an aftercare kit beside its packages"),
        ("Microdermabrasion", "a reviewed article"),
        ("Sessions", "an aftercare kit beside it"),
        ("Sessions", "a reviewed article"),
        ("Lonely", "a way to a treatment, package or product"),
    }


def test_the_command_fails_while_a_live_package_has_no_reviewed_article(
    treatment_page: TreatmentPage, package: PackagePage, article: ArticlePage
) -> None:
    said = StringIO()
    call_command("check_triangle", stdout=said)
    assert "Every live package has a reviewed article." in said.getvalue()
    ArticlePage.objects.filter(pk=article.pk).update(last_reviewed_on=None, reviewer=None)

    with pytest.raises(CommandError, match="No reviewed article can be read about: “Sessions”"):
        call_command("check_triangle", stdout=StringIO())


def test_staff_see_what_is_missing(package: PackagePage, client: Client) -> None:
    client.force_login(UserFactory(manager=True))

    answer = client.get("/admin/reports/sides/")

    assert answer.status_code == 200
    page = answer.content.decode()
    assert "the page of its treatment" in page
    assert "No reviewed article can be read about “Sessions”." in page
