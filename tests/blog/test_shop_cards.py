"""What an article shows of the shop is true now, or is not there."""

from html import unescape
from typing import Any

from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone
from wagtail.models import PageViewRestriction
import pytest

from blog.models import ArticlePage
from catalog import prices
from catalog.models import Offer, ProductPage
from tests.blog.factories import ArticlePageFactory
from tests.catalog.factories import (
    OfferFactory,
    PackagePageFactory,
    ProductPageFactory,
    TreatmentFactory,
)
from treatments.models import TreatmentIndexPage, TreatmentPage

pytestmark = pytest.mark.django_db


@pytest.fixture
def wash() -> ProductPage:
    page: ProductPage = ProductPageFactory(slug="wash-one", title="Low-foam wash")
    OfferFactory(page=page, sku="WASH", price_minor=1800, on_hand=20)
    return page


def article_with(kind: str, page: Any, **value: Any) -> ArticlePage:
    article: ArticlePage = ArticlePageFactory(body=[(kind, {"page": page.pk, **value})])
    return article


def shown(article: ArticlePage) -> str:
    return unescape(Client().get(article.url).content.decode())


def test_a_product_is_shown_with_its_price_and_goes_into_the_basket_from_there(
    wash: ProductPage,
) -> None:
    article = article_with("product_card", wash, note="For the first days.")

    html = shown(article)

    assert f'<input type="hidden" name="from" value="{article.pk}">' in html
    assert "For the first days." in html
    assert "€18.00" in html
    assert "In stock" in html
    assert '<input type="hidden" name="sku" value="WASH">' in html
    assert 'hx-post="/basket/add/" hx-target="#drawer-body"' in html
    client = Client(headers={"Origin": "http://testserver"})
    assert client.post("/basket/add/", {"sku": "WASH", "quantity": "1"}).status_code == 303


def test_of_several_sizes_one_is_chosen(wash: ProductPage) -> None:
    OfferFactory(page=wash, sku="BIG", label="500 ml", price_minor=3000, on_hand=0)

    html = shown(article_with("product_card", wash))

    assert "From €18.00" not in html
    assert '<option value="WASH">' in html
    assert '<option value="BIG" disabled>500 ml, sold out</option>' in html


def test_what_is_sold_out_says_so_and_offers_nothing() -> None:
    page = ProductPageFactory(slug="none-left", title="Balm")
    OfferFactory(page=page, sku="BALM", on_hand=0)

    html = shown(article_with("product_card", page))

    assert "Sold out" in html
    assert 'value="BALM"' not in html


def test_what_is_unpublished_hidden_or_not_sold_goes_quiet(wash: ProductPage) -> None:
    unsold = ProductPageFactory(slug="unsold", title="Unsold")
    hidden = ProductPageFactory(slug="hidden", title="Hidden")
    OfferFactory(page=hidden, sku="HIDDEN")
    rule = PageViewRestriction.objects.create(page=hidden, restriction_type="groups")
    rule.groups.add(Group.objects.create(name="Staff"))
    articles = [article_with("product_card", page) for page in (wash, unsold, hidden)]
    wash.unpublish()

    pages = [shown(article) for article in articles]

    assert ["sold-here" in html for html in pages] == [False, False, False]
    assert ["/shop/wash/" in html.split("<main", 1)[1].split("</main>")[0] for html in pages] == [
        False,
        False,
        False,
    ]


def test_a_page_that_is_deleted_leaves_the_article_standing(wash: ProductPage) -> None:
    article = article_with("product_card", wash)
    Offer.objects.filter(page=wash).update(page=None)
    wash.delete()

    assert "sold-here" not in shown(article)


def test_a_package_is_shown_with_its_numbers_of_sessions() -> None:
    treatment = TreatmentFactory()
    page = PackagePageFactory(treatment=treatment, slug="sessions", title="Sessions")
    for sessions in (1, 6):
        OfferFactory(
            page=page,
            package=True,
            treatment=treatment,
            sku=f"P{sessions}",
            label=f"{sessions} sessions",
            sessions=sessions,
            price_minor=9000 * sessions,
        )

    html = shown(article_with("package_card", page))

    assert "From €90.00 a session" in html
    assert '<option value="P6">6 sessions, €540.00</option>' in html


def test_a_new_price_stands_in_the_article_at_once(wash: ProductPage) -> None:
    article = article_with("product_card", wash)
    shown(article)

    offer = Offer.objects.get(sku="WASH")
    prices.change(offer_id=offer.pk, price_minor=1650, reason="Sale", by=None, at=timezone.now())

    assert "€16.50" in shown(article)
    assert "€18.00" not in shown(article)


def test_treatments_and_their_aftercare_are_shown_while_they_are_offered() -> None:
    home = ArticlePageFactory().get_parent().get_parent()
    index = home.add_child(instance=TreatmentIndexPage(title="Treatments", slug="treatments"))
    treatment = TreatmentFactory(duration_minutes=45)
    page = index.add_child(
        instance=TreatmentPage(
            title="Polish",
            slug="polish",
            treatment=treatment,
            intro="Fine.",
            aftercare="<p>Keep the sun off.</p>",
        )
    )
    card, care = article_with("treatment_card", page), article_with("aftercare", page)

    assert "45 minutes" in shown(card)
    assert "<p>Keep the sun off.</p>" in shown(care)
    treatment.is_active = False
    treatment.save()
    assert "Polish" not in shown(card)
    assert "Keep the sun off" not in shown(care)
