"""What shop pages show, and how little they ask the database for it."""

import datetime as dt

from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from wagtail.models import PageViewRestriction
import pytest

from catalog import prices, stock
from catalog.cards import PackageCard, ProductCard, cards_for_pages
from catalog.models import (
    CatalogPage,
    CategoryPage,
    Concern,
    GiftCardPage,
    Offer,
    PackagePage,
    PackagePageRecommendation,
    ProductPage,
    ProductPageImage,
    ProductPageRecommendation,
)
from catalog.offer_views import OfferView, offer_views, offers_by_page
from catalog.stock import AvailabilityState
from money.money import Money
from tests.catalog.factories import (
    LONG_AGO,
    CatalogPageFactory,
    CategoryPageFactory,
    ConcernFactory,
    ImageFactory,
    OfferFactory,
    PackagePageFactory,
    ProductPageFactory,
    TreatmentFactory,
)
from treatments.models import TreatmentIndexPage, TreatmentPage

pytestmark = pytest.mark.django_db


def with_picture(page: ProductPage, **fields: object) -> ProductPage:
    page.gallery_images.add(ProductPageImage(image=ImageFactory(), **fields))
    page.save()
    return page


def context_of(client: Client, url: str) -> dict:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.context[0].flatten() if isinstance(answer.context, list) else answer.context


def shown(page: ProductPage) -> list[OfferView]:
    return offer_views(offers_by_page([page.pk], timezone.now())[page.pk])


def titles(client: Client, url: str) -> list[str]:
    return [card.title for card in context_of(client, url)["cards"]]


def test_product_page_shows_offers_gallery_way_and_related(client: Client) -> None:
    page = with_picture(ProductPageFactory(title="Daily Wash", slug="daily-wash"), alt="In a hand")
    OfferFactory(page=page, sku="W-250", label="250 ml", on_hand=0)
    OfferFactory(page=page, sku="W-500", label="500 ml", price_minor=4000, content_amount=500)
    brush = ProductPageFactory(title="Brush", slug="brush")
    package = PackagePageFactory(title="Sessions", slug="sessions")
    for place, related in enumerate([package, brush]):
        ProductPageRecommendation.objects.create(page=page, related_page=related, sort_order=place)

    context = context_of(client, "/shop/wash/daily-wash/")

    assert [(offer.sku, offer.is_buyable) for offer in context["offers"]] == [
        ("W-250", False),
        ("W-500", True),
    ]
    assert context["chosen"].sku == "W-500"
    assert context["chosen"].unit_price == "€8.00 per 100 ml"
    assert [picture.alt_text for picture in context["gallery"]] == ["In a hand"]
    assert context["crumbs"] == [("Galea", "/"), ("Shop", "/shop/"), ("Wash", "/shop/wash/")]
    assert [card.title for card in context["related"]] == ["Sessions", "Brush"]


def test_picture_without_its_own_words_takes_the_images(client: Client) -> None:
    with_picture(ProductPageFactory(slug="wash-1"))

    context = context_of(client, "/shop/wash/wash-1/")

    assert [picture.alt_text for picture in context["gallery"]] == ["A bottle on a wet stone"]


def test_product_page_whose_offers_are_all_gone_is_still_shown(client: Client) -> None:
    page = ProductPageFactory(slug="gone")
    OfferFactory(page=page, active_until=LONG_AGO)

    context = context_of(client, "/shop/wash/gone/")

    assert context["offers"] == []
    assert context["chosen"] is None


def test_package_page_shows_sessions_prices_and_treatment(client: Client) -> None:
    treatment = TreatmentFactory(name="Microdermabrasion")
    page = PackagePageFactory(slug="md", treatment=treatment)
    for sessions, price_minor in [(1, 8900), (6, 48000)]:
        OfferFactory(
            package=True,
            page=page,
            treatment=treatment,
            sessions=sessions,
            price_minor=price_minor,
            sort_order=sessions,
        )

    context = context_of(client, "/shop/wash/md/")

    assert context["single_price"] == Money(8900)
    assert [offer.price_per_session for offer in context["offers"]] == [Money(8900), Money(8000)]
    assert [offer.saving_per_session for offer in context["offers"]] == [None, Money(900)]
    assert context["offers"][1].valid_text == "valid 12 months from the first session"
    assert context["treatment"] == treatment
    assert context["treatment_page"] is None


def test_product_card_tells_the_cheapest_size_that_can_be_bought() -> None:
    page = with_picture(ProductPageFactory(title="Wash"))
    OfferFactory(page=page, sku="SMALL", price_minor=1400, content_amount=100, on_hand=0)
    OfferFactory(page=page, sku="MIDDLE", price_minor=2400, on_hand=3)
    OfferFactory(page=page, sku="LARGE", price_minor=4000, content_amount=500, on_hand=50)

    (card,) = cards_for_pages([page], timezone.now())

    assert isinstance(card, ProductCard)
    assert (card.price_from, card.has_range, card.unit_price) == (
        Money(2400),
        True,
        "€9.60 per 100 ml",
    )
    assert card.availability is not None
    assert card.availability.state == AvailabilityState.IN_STOCK
    assert card.sku is None
    assert card.image_alt == "A bottle on a wet stone"


def test_card_of_a_reduced_product_tells_the_lowest_recent_price() -> None:
    page = ProductPageFactory()
    offer = OfferFactory(page=page, price_minor=2400)
    prices.change(
        offer_id=offer.pk,
        price_minor=1900,
        is_reduction=True,
        reason="Season",
        by=None,
        at=LONG_AGO + dt.timedelta(days=40),
    )

    (card,) = cards_for_pages([page], timezone.now())

    assert isinstance(card, ProductCard)
    assert (card.is_reduced, card.lowest_recent, card.sku) == (True, Money(2400), offer.sku)


def test_a_reduction_above_the_lowest_recent_price_is_not_announced() -> None:
    page = ProductPageFactory()
    offer = OfferFactory(page=page, price_minor=8000)
    for day, price_minor, is_reduction in [(80, 10000, False), (100, 9000, True)]:
        prices.change(
            offer_id=offer.pk,
            price_minor=price_minor,
            is_reduction=is_reduction,
            reason="Season",
            by=None,
            at=LONG_AGO + dt.timedelta(days=day),
        )

    (view,) = shown(page)

    assert (view.is_reduced, view.lowest_recent) == (False, None)


def test_package_card_tells_the_lowest_price_of_a_session() -> None:
    page = PackagePageFactory()
    for sessions, price_minor in [(1, 8900), (3, 25500)]:
        OfferFactory(package=True, page=page, sessions=sessions, price_minor=price_minor)

    (card,) = cards_for_pages([page], timezone.now())

    assert isinstance(card, PackageCard)
    assert (card.price_from, card.per_session_from, card.sessions_options) == (
        Money(8900),
        Money(8500),
        (1, 3),
    )


def test_cards_come_one_for_each_page_in_the_order_given(django_assert_num_queries) -> None:
    pages = [with_picture(ProductPageFactory()) for _ in range(3)]
    pages[1].unpublish()
    package = PackagePageFactory()
    assert package.url == f"/shop/wash/{package.slug}/"

    with django_assert_num_queries(4):  # The fourth reads images never shown before.
        cards = cards_for_pages([package, *reversed(pages)], timezone.now())

    assert [card.title for card in cards] == [page.title for page in [package, *reversed(pages)]]


def test_list_puts_sold_out_last_and_follows_the_order_asked_for(client: Client) -> None:
    for title, price_minor, on_hand in [("B", 3000, 5), ("A", 2000, 0), ("C", 1000, 5)]:
        OfferFactory(page=ProductPageFactory(title=title), price_minor=price_minor, on_hand=on_hand)

    assert titles(client, "/shop/wash/") == ["B", "C", "A"]
    assert titles(client, "/shop/wash/?sort=price_up") == ["C", "B", "A"]
    assert titles(client, "/shop/wash/?sort=price_down") == ["B", "C", "A"]
    assert titles(client, "/shop/wash/?sort=name") == ["B", "C", "A"]
    assert titles(client, "/shop/wash/?sort=nonsense") == ["B", "C", "A"]


def test_list_narrows_by_concerns_and_ignores_unknown_ones(client: Client) -> None:
    dry, oily = ConcernFactory(slug="dry", name="Dry"), ConcernFactory(slug="oily", name="Oily")
    for title, concerns in [("Both", [dry, oily]), ("Oily", [oily]), ("None", [])]:
        page = ProductPageFactory(title=title)
        page.concerns.set(concerns)
        page.save()

    assert titles(client, "/shop/?concern=dry") == ["Both"]
    assert titles(client, "/shop/?concern=dry&concern=oily") == ["Both", "Oily"]
    assert titles(client, "/shop/?concern=%00") == ["Both", "Oily", "None"]
    context = context_of(client, "/shop/?concern=dry&sort=name")
    (facet,) = [facet for facet in context["facets"] if facet.name == "concern"]
    assert [(each.value, each.is_chosen) for each in facet.choices] == [
        ("dry", True),
        ("oily", False),
    ]
    assert context["clear_url"] == "?sort=name"


def test_list_leaves_out_drafts_and_private_pages(client: Client) -> None:
    ProductPageFactory(title="Open")
    ProductPageFactory(title="Draft", live=False)
    private = ProductPageFactory(title="Private")
    PageViewRestriction.objects.create(page=private, restriction_type="login")

    assert titles(client, "/shop/wash/") == ["Open"]


@pytest.mark.parametrize(
    ("asked", "number", "count"), [("1", 1, 24), ("2", 2, 2), ("99", 2, 2), ("x", 1, 24)]
)
def test_list_has_pages_of_24(client: Client, asked: str, number: int, count: int) -> None:
    category = CategoryPageFactory()
    for place in range(26):
        ProductPageFactory(title=f"Wash {place:02}", parent=category)

    context = context_of(client, f"/shop/wash/?page={asked}")

    assert (context["page_obj"].number, len(context["cards"])) == (number, count)
    assert (context["result_count"], context["paginator"].num_pages) == (26, 2)


def test_empty_list_is_shown(client: Client) -> None:
    CatalogPageFactory()

    context = context_of(client, "/shop/")

    assert (context["cards"], context["result_count"]) == ([], 0)


def test_on_sale_needs_a_live_page_and_the_right_time() -> None:
    now = timezone.now()
    OfferFactory(sku="YES")
    OfferFactory(sku="NO-PAGE", page=None)
    OfferFactory(sku="DRAFT", page=ProductPageFactory(live=False))
    OfferFactory(sku="EARLY", active_from=now + dt.timedelta(hours=1))
    OfferFactory(sku="LATE", active_until=now)

    assert [offer.sku for offer in Offer.objects.on_sale(now)] == ["YES"]


def test_publishing_an_old_revision_moves_neither_price_nor_stock_nor_offers() -> None:
    page = ProductPageFactory(title="First title")
    offer = OfferFactory(page=page, price_minor=2000, on_hand=5)
    old = page.save_revision()
    page.title = "Second title"
    page.save_revision().publish()
    later = timezone.now()
    prices.change(offer_id=offer.pk, price_minor=2600, reason="Costs", by=None, at=later)
    stock.receive(offer_id=offer.pk, quantity=7, reason="Delivery", by=None, at=later)
    added = OfferFactory(page=page, sku="NEW")
    ended = OfferFactory(page=page, sku="ENDED", active_until=LONG_AGO)

    old.publish()

    page.refresh_from_db()
    assert page.title == "First title"
    offer.refresh_from_db()
    assert offer.price_minor == 2600
    assert offer.prices.count() == 2
    assert offer.stock.on_hand == 12
    assert set(page.offers.values_list("sku", flat=True)) == {offer.sku, added.sku, ended.sku}
    assert [view.sku for view in shown(page)] == [offer.sku, "NEW"]


def test_preview_of_a_draft_shows_its_offers_and_unsaved_relations() -> None:
    page = ProductPageFactory(live=False)
    OfferFactory(page=page, sku="SOON")
    related = ProductPageFactory(title="Related")
    page.goes_well_with.add(ProductPageRecommendation(related_page=related))

    answer = page.make_preview_request()

    assert answer.status_code == 200
    assert [offer.sku for offer in answer.context_data["offers"]] == ["SOON"]
    assert [card.title for card in answer.context_data["related"]] == ["Related"]


def test_ph_reads_as_a_range_or_one_number() -> None:
    assert ProductPage(ph_from="5", ph_to=None).ph_from == "5"
    page = ProductPageFactory(ph_from="5.0", ph_to="5.4")
    page.refresh_from_db()
    assert page.ph_text == "5.0–5.4"
    page.ph_to = page.ph_from
    assert page.ph_text == "5.0"
    assert ProductPage().ph_text == ""


def fill_category(count: int = 24) -> CategoryPage:
    category = CategoryPageFactory()
    CategoryPageFactory(title="Care", slug="care")
    concern = ConcernFactory()
    for _ in range(count):
        page = with_picture(ProductPageFactory(parent=category))
        page.concerns.add(concern)
        page.save()
        OfferFactory(page=page)
        OfferFactory(page=page, price_minor=4000, content_amount=500)
    return category


def warm_up(client: Client, url: str) -> None:
    """Make renditions and what a process learns once; then forget what is cached."""
    assert client.get(url).status_code == 200
    cache.clear()


def test_cold_category_page_of_24_asks_little(
    client: Client, django_assert_max_num_queries
) -> None:
    fill_category()
    warm_up(client, "/shop/wash/")

    with django_assert_max_num_queries(12):
        context = context_of(client, "/shop/wash/")

    assert len(context["cards"]) == 24


def test_cold_catalogue_page_asks_little(client: Client, django_assert_max_num_queries) -> None:
    fill_category()
    warm_up(client, "/shop/")

    with django_assert_max_num_queries(12):
        context_of(client, "/shop/?sort=price_up")


def test_cold_product_page_asks_little(client: Client, django_assert_max_num_queries) -> None:
    category = fill_category(3)
    pages = list(ProductPage.objects.child_of(category))
    page = pages[0]
    page.gallery_images.add(ProductPageImage(image=ImageFactory()))
    page.body = [("figure", {"image": ImageFactory(), "alt": "", "caption": "Foam"})]
    page.save()
    for related in pages[1:]:
        ProductPageRecommendation.objects.create(page=page, related_page=related)
    warm_up(client, page.url)

    with django_assert_max_num_queries(12):
        context = context_of(client, page.url)

    assert len(context["related"]) == 2
    assert len(context["gallery"]) == 2


def test_package_page_tells_what_would_come_back(client: Client) -> None:
    page, treatment = PackagePageFactory(), TreatmentFactory()
    PackagePage.objects.filter(pk=page.pk).update(treatment=treatment)
    sizes = {"page": page, "treatment": treatment, "package": True}
    OfferFactory(**sizes, sessions=3, price_minor=24_000)
    OfferFactory(**sizes, sessions=2, price_minor=17_001)

    told = context_of(client, page.url)["refunds"]
    assert told.single is None
    assert [[each and each.minor for each in row.amounts] for row in told.rows] == [
        [24_000, 17_001],
        [16_000, 8500],
        [8_000, None],
    ]

    OfferFactory(package=True, treatment=treatment, sessions=1, price_minor=9_000)
    answer = client.get(page.url)
    told = answer.context["refunds"]
    assert [[each and each.minor for each in row.amounts] for row in told.rows] == [
        [24_000, 17_001],
        [15_000, 8_001],
        [6_000, None],
    ]
    words = answer.content.decode()
    assert 'href="#refunds"' in words
    assert "at the single price of €90.00" in words
    assert "€150.00" in words


def test_package_page_of_single_sessions_alone_has_no_table(client: Client) -> None:
    page = PackagePageFactory()
    OfferFactory(package=True, page=page, treatment=page.treatment, sessions=1)

    answer = client.get(page.url)

    assert answer.context["refunds"] is None
    assert 'href="#rules"' in answer.content.decode()


def test_cold_package_page_asks_little(client: Client, django_assert_max_num_queries) -> None:
    treatment = TreatmentFactory()
    page = PackagePageFactory(treatment=treatment)
    home = CatalogPage.objects.get().get_parent()
    index = home.add_child(instance=TreatmentIndexPage(title="Treatments"))
    index.add_child(
        instance=TreatmentPage(
            title="T",
            treatment=treatment,
            intro="x",
            hero_image=ImageFactory(),
            what_happens=[("step", {"title": "Wash", "text": ""})],
        )
    )
    for sessions in (1, 3, 6, 10):
        OfferFactory(package=True, page=page, treatment=treatment, sessions=sessions)
    related = with_picture(ProductPageFactory())
    OfferFactory(page=related)
    PackagePageRecommendation.objects.create(page=page, related_page=related)
    warm_up(client, page.url)

    with django_assert_max_num_queries(12):
        context = context_of(client, page.url)

    assert context["treatment_image"] is not None
    assert len(context["related"]) == 1


def test_page_types_say_where_they_belong() -> None:
    assert CatalogPage.allowed_subpage_models() == [CategoryPage, PackagePage, GiftCardPage]
    assert CategoryPage.allowed_subpage_models() == [ProductPage, PackagePage]
    assert ProductPage.allowed_subpage_models() == []
    assert Concern.objects.count() == 0
