"""What a product's page and card tell of it, and that what is unknown is never told."""

from html.parser import HTMLParser
from typing import Any

from django.http import HttpRequest
from django.test import Client
from django.utils import timezone
import pytest

from catalog.cards import ProductCard, cards_for_pages
from catalog.models import FreeFrom, ProductPage, SkinFeel
from catalog.product_sheet import product_sheet
from tests.catalog.factories import ImageFactory, OfferFactory, ProductPageFactory
from treatments.models import CareTag

pytestmark = pytest.mark.django_db


def tag(name: str, day: int | None) -> CareTag:
    return CareTag.objects.create(name=name, slug=name.lower(), gentle_from_day=day)


def tagged(*days: int | None, **facts: Any) -> ProductPage:
    page: ProductPage = ProductPageFactory(**facts)
    page.care_tags = [tag(f"Tag{number}", day) for number, day in enumerate(days)]
    page.save()
    OfferFactory(page=page)
    return page


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def text_of(client: Client, page: ProductPage) -> str:
    parser = _Text()
    parser.feed(client.get(page.url).content.decode())
    return " ".join(" ".join(parser.parts).split())


def card_of(page: ProductPage) -> ProductCard:
    card = cards_for_pages([page], timezone.now())[0]
    assert isinstance(card, ProductCard)
    return card


@pytest.mark.parametrize(
    ("days", "day"),
    [((), None), ((None,), None), ((2, None), None), ((0,), 0), ((2, 8, 3), 8)],
)
def test_the_strictest_tag_decides_and_one_unknown_leaves_it_unknown(
    days: tuple[int | None, ...], day: int | None
) -> None:
    page = tagged(*days)

    assert product_sheet(ProductPage.objects.get(pk=page.pk)).gentle_from_day == day
    assert card_of(page).gentle_from_day == day


def test_an_unknown_day_is_never_shown_as_allowed(client: Client) -> None:
    assert "Gentle enough" not in text_of(client, tagged(None))


def test_a_known_day_is_shown(client: Client) -> None:
    page = tagged(0)
    assert "Gentle enough on the day of a session" in text_of(client, page)

    CareTag.objects.update(gentle_from_day=8)

    assert "Gentle enough from day 8 after a session" in text_of(client, page)


def test_words_come_in_their_order_and_in_one_query(
    django_assert_num_queries: Any,
) -> None:
    page = tagged(3)
    page.skin_feels = [
        SkinFeel.objects.create(name="Rich", slug="rich", sort_order=2),
        SkinFeel.objects.create(name="Light", slug="light", sort_order=1),
    ]
    page.free_from = [FreeFrom.objects.create(name="Fragrance", slug="fragrance")]
    page.save()
    page = ProductPage.objects.get(pk=page.pk)

    with django_assert_num_queries(1):
        sheet = product_sheet(page)

    assert (sheet.care_tags, sheet.skin_feels) == (["Tag0"], ["Light", "Rich"])
    assert sheet.free_from == ["Fragrance"]


def test_a_draft_shows_its_own_words() -> None:
    page = tagged(3)
    page.care_tags = [tag("Later", 9)]
    page.save_revision()

    draft = page.get_latest_revision_as_object()

    assert product_sheet(draft).gentle_from_day == 9
    assert product_sheet(ProductPage.objects.get(pk=page.pk)).gentle_from_day == 3


def test_the_page_marks_allergens_and_names_them(client: Client) -> None:
    page = tagged(ingredients_inci="Aqua, Linalool, Glycerin, Parfum (Citral)")

    html = client.get(page.url).content.decode()

    assert "<mark>Linalool</mark>, Glycerin, <mark>Parfum (Citral)</mark>." in html
    assert "names 2 of the 80" in text_of(client, page)
    assert "<strong>Citral, Linalool</strong>" in html


def test_a_list_without_allergens_says_so(client: Client) -> None:
    assert "names none of the 80" in text_of(client, tagged())


def test_what_is_typed_into_a_list_is_never_markup(client: Client) -> None:
    page = tagged(ingredients_inci="<script>alert(1)</script>, Aqua", function="<b>Hot</b>")

    html = client.get(page.url).content.decode()

    assert "<script>alert(1)" not in html
    assert "<b>Hot" not in html


def test_the_page_shows_warnings_origin_and_who_answers(client: Client) -> None:
    page = tagged(warnings="Keep out of the eyes.\nNot for children.", has_no_warnings=False)

    text = text_of(client, page)

    for words in (
        "Keep out of the eyes.",
        "Not for children.",
        "Made in Germany",
        "Use within 12 months",
        "Responsible in the European Union Galea Haarpflege GmbH",
        "Responsible in Great Britain Galea Haarpflege GmbH",
        "product@galea.example",
    ):
        assert words in text


def test_a_page_says_where_its_product_is_not_sold(client: Client) -> None:
    assert "only, not yet in" not in text_of(client, tagged())

    page = tagged(sold_in=["EU"])

    assert "Sold in the European Union only, not yet in Great Britain." in text_of(client, page)


def test_a_page_that_is_ready_nowhere_sells_nothing(client: Client) -> None:
    page = tagged(bare=True)

    assert "This product is not on sale at the moment." in text_of(client, page)
    assert card_of(page).price_from is None


def test_the_picture_that_shows_the_size_is_shown_with_its_words(client: Client, rf: Any) -> None:
    picture = ImageFactory()
    page = tagged(scale_image=picture, scale_note="15 cm high")

    assert "How big it is 15 cm high" in text_of(client, page)
    request: HttpRequest = rf.get(page.url)
    assert page.get_context(request)["scale_image"] == picture
