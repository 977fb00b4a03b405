"""Products as staff keep them: listed, duplicated, and put in an order no revision can lose."""

import re
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupPagePermission, Revision
import pytest

from accounts.models import User
from catalog import duplication, kits, sales
from catalog.models import Offer, PriceRound, ProductPage
from catalog.viewsets import (
    OfferViewSet,
    PlannedPriceViewSet,
    PriceRoundViewSet,
    ProductViewSet,
)
from tests.catalog.factories import (
    CategoryPageFactory,
    OfferFactory,
    ProductPageFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("staff@example.com"))
    return client


def titles(answer: Any) -> list[str]:
    return [page.title for page in answer.context["object_list"]]


def test_the_list_shows_price_range_stock_missing_facts_and_sales(staff: Client) -> None:
    wash = ProductPageFactory(title="Wash", bare=True, sold_in=("EU",))
    small = OfferFactory(page=wash, sku="W-1", price_minor=2400, on_hand=3)
    OfferFactory(page=wash, sku="W-2", price_minor=3900, on_hand=4)
    sales.record(sold={small.pk: (2, 11)}, at=timezone.now())

    page = staff.get(reverse("products:index")).content.decode()

    assert "€24.00 – €39.00" in page
    assert "1 market" in page
    for number in (7, 2, 11):
        assert re.search(rf">\s*{number}\s*<", page)


def test_the_list_is_searched_by_sku_and_narrowed(staff: Client) -> None:
    balms = CategoryPageFactory(slug="balms", title="Balms")
    wash = ProductPageFactory(title="Wash")
    ProductPageFactory(title="Balm", parent=balms, bare=True, sold_in=("GB",))
    OfferFactory(page=wash, sku="W-1", on_hand=0)
    url = reverse("products:index")

    assert titles(staff.get(url, {"q": "w-1"})) == ["Wash"]
    assert titles(staff.get(url, {"category": balms.pk})) == ["Balm"]
    assert titles(staff.get(url, {"state": "SOLD_OUT"})) == ["Wash"]
    assert titles(staff.get(url, {"state": "WITHOUT_OFFER"})) == ["Balm"]
    assert titles(staff.get(url, {"missing": "GB"})) == ["Balm"]
    assert titles(staff.get(url, {"ordering": "-price_low"}))[0] in {"Wash", "Balm"}
    text = b"".join(staff.get(url, {"export": "csv"}).streaming_content).decode()
    assert text.startswith("Title,Address,Public,Offers,Price")


def test_the_list_asks_as_often_for_many_as_for_few(
    staff: Client, django_assert_max_num_queries
) -> None:
    for _ in range(12):
        OfferFactory()
    staff.get(reverse("products:index"))

    with django_assert_max_num_queries(40):
        staff.get(reverse("products:index"))


def test_a_duplicate_is_a_draft_with_offers_of_its_own_and_no_stock(staff: Client) -> None:
    wash = ProductPageFactory(title="Wash", slug="wash-page")
    small = OfferFactory(page=wash, sku="W-1", price_minor=2400, barcode="4006381333931")
    big = OfferFactory(page=wash, sku="W-2", price_minor=3900)
    url = reverse("products:duplicate", args=[wash.pk])
    assert staff.get(url).status_code == 200

    answer = staff.post(
        url,
        {"title": "New wash", "slug": "new-wash", f"sku-{small.pk}": "N-1", f"sku-{big.pk}": ""},
    )

    copy = ProductPage.objects.get(slug="new-wash")
    assert answer.url == reverse("wagtailadmin_pages:edit", args=[copy.pk])
    assert (copy.live, copy.title, copy.get_parent().pk) == (
        False,
        "New wash",
        wash.get_parent().pk,
    )
    offer = Offer.objects.get(page=copy)
    assert (offer.sku, offer.label, offer.price_minor, offer.barcode) == ("N-1", "250 ml", 2400, "")
    assert (offer.stock.on_hand, offer.prices.count()) == (0, 1)
    assert Offer.objects.filter(page=wash).count() == 2


@pytest.mark.parametrize(
    ("slug", "sku", "message"),
    [
        ("wash-page", "N-1", "called “wash-page” already"),
        ("new", "W-1", "W-1 is the SKU of another offer"),
        ("new", "small letters", "Use capitals, digits and hyphens."),
        ("no slug!", "N-1", "valid"),
    ],
)
def test_a_duplicate_that_cannot_be_is_refused_and_leaves_nothing(
    staff: Client, slug: str, sku: str, message: str
) -> None:
    wash = ProductPageFactory(title="Wash", slug="wash-page")
    offer = OfferFactory(page=wash, sku="W-1")

    answer = staff.post(
        reverse("products:duplicate", args=[wash.pk]),
        {"title": "New", "slug": slug, f"sku-{offer.pk}": sku},
    )

    assert message in answer.content.decode()
    assert ProductPage.objects.count() == 1
    assert Offer.objects.count() == 1


def test_one_sku_for_two_sizes_is_refused_and_leaves_nothing() -> None:
    wash = ProductPageFactory()
    skus = {OfferFactory(page=wash).pk: "N-1", OfferFactory(page=wash).pk: "N-1"}

    with pytest.raises(duplication.SkuTaken):
        duplication.duplicate(
            page_id=wash.pk, title="x", slug="x", skus=skus, by=None, at=timezone.now()
        )

    assert ProductPage.objects.count() == 1


def test_a_duplicated_kit_is_made_of_the_same_parts_and_is_never_called_sold_out(
    staff: Client,
) -> None:
    soap, brush = OfferFactory(on_hand=5), OfferFactory(on_hand=5)
    kit = OfferFactory(page=ProductPageFactory(title="Set"), sku="KIT-1", on_hand=0)
    kits.set_parts(kit_id=kit.pk, parts=[(soap.pk, 2), (brush.pk, 1)])

    copy = duplication.duplicate(
        page_id=kit.page_id,
        title="New set",
        slug="new-set",
        skus={kit.pk: "KIT-2"},
        by=None,
        at=timezone.now(),
    )

    made = Offer.objects.get(page=copy)
    assert made.is_kit
    parts = made.parts.order_by("sort_order").values_list("part_id", "quantity")
    assert list(parts) == [(soap.pk, 2), (brush.pk, 1)]
    listed = staff.get(reverse("products:index"), {"q": "kit-1"}).content.decode()
    assert "as its parts allow" in listed
    assert "none left" not in listed
    chosen = staff.get(reverse("offer:bulk_stock"), {"id": [kit.pk, soap.pk]})
    assert chosen.context["chosen_count"] == 1


def shown_in_the_shop(client: Client, category: Any) -> list[str]:
    cards = client.get(category.url).context["cards"]
    return [card.title for card in cards]


def test_dragging_rows_in_a_category_is_our_order_and_no_old_revision_undoes_it(
    staff: Client,
) -> None:
    category = CategoryPageFactory()
    pages = [ProductPageFactory(title=name, parent=category) for name in ("Alba", "Brisa", "Cala")]
    for page in pages:
        OfferFactory(page=page)
    old_revisions = [each.save_revision() for each in (category, *pages)]
    explorer = staff.get(reverse("wagtailadmin_explore", args=[category.pk]) + "?ordering=ord")
    assert explorer.status_code == 200
    assert shown_in_the_shop(staff, category) == ["Alba", "Brisa", "Cala"]

    position = reverse("wagtailadmin_pages:set_page_position", args=[pages[2].pk])
    assert staff.post(f"{position}?position=0").status_code == 200
    assert shown_in_the_shop(staff, category) == ["Cala", "Alba", "Brisa"]
    for revision in Revision.objects.filter(pk__in=[each.pk for each in old_revisions]):
        revision.publish()

    assert shown_in_the_shop(staff, category) == ["Cala", "Alba", "Brisa"]


def test_the_category_shows_staff_its_order_and_the_way_to_change_it(staff: Client) -> None:
    category = CategoryPageFactory()
    ProductPageFactory(title="Alba", parent=category)
    order_url = reverse("wagtailadmin_explore", args=[category.pk]) + "?ordering=ord"

    editor = staff.get(reverse("wagtailadmin_pages:edit", args=[category.pk])).content.decode()
    explorer = staff.get(reverse("wagtailadmin_explore", args=[category.pk])).content.decode()

    assert "Customers see this order as “Our order”" in editor
    assert order_url in editor
    assert "Put products in order" in explorer


def test_a_product_offers_its_duplicate_where_wagtail_offers_a_copy(staff: Client) -> None:
    wash = ProductPageFactory()

    listing = staff.get(reverse("wagtailadmin_explore", args=[wash.get_parent().pk]))

    assert reverse("products:duplicate", args=[wash.pk]) in listing.content.decode()


DESK = {
    "offer:bulk_prices": "catalog.change_offer",
    "offer:bulk_stock": "catalog.change_stock",
    "offer:change_price": "catalog.change_offer",
    "offer:earlier_prices": "catalog.change_offer",
    "offer:index": "catalog.view_offer",
    "offer:parts": "catalog.change_offer",
    "planned_price:cancel": "catalog.change_offer",
    "planned_price:index": "catalog.view_offer",
    "price_round:index": "catalog.view_offer",
    "price_round:inspect": "catalog.view_offer",
    "price_round:undo": "catalog.change_offer",
    "products:duplicate": "catalog.add_offer",
}


def person(*permissions: str) -> Client:
    email = f"{len(permissions)}-{User.objects.count()}@example.com"
    user = User.objects.create_user(email, is_staff=True)
    names = [name.split(".")[1] for name in ("x.access_admin", *permissions)]
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    editors = Group.objects.create(name=user.email)
    GroupPagePermission.objects.create(
        group=editors,
        page=CategoryPageFactory(),
        permission=Permission.objects.get(codename="add_page"),
    )
    user.groups.add(editors)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def addresses() -> dict[str, str]:
    """Every screen of the desk with rows that it can open."""
    wash = OfferFactory(price_minor=2400)
    at = timezone.now()
    plan = wash.planned_prices.create(price_minor=1, starts_at=at, reason="x", planned_at=at)
    done = wash.prices.get()
    made = PriceRound.objects.create(token="t", rule="x", reason="x", made_at=at)
    made.lines.create(offer=wash, before=done, after=done)
    keys = {
        "planned_price:cancel": plan.pk,
        "price_round:inspect": made.pk,
        "price_round:undo": made.pk,
        "products:duplicate": wash.page_id,
        "offer:change_price": wash.pk,
        "offer:earlier_prices": wash.pk,
        "offer:parts": wash.pk,
    }
    return {name: reverse(name, args=[keys[name]] if name in keys else []) for name in DESK}


def test_every_screen_of_the_desk_opens_for_who_may_and_for_nobody_else(
    addresses: dict[str, str],
) -> None:
    for name, permission in DESK.items():
        allowed, other = person(permission), person("catalog.view_concern")
        assert allowed.get(addresses[name]).status_code == 200, name
        for answer in (other.get(addresses[name]), other.post(addresses[name], {"x": "1"})):
            assert answer.status_code == 302, name
            assert answer.url == reverse("wagtailadmin_home"), name
        nobody = Client().post(addresses[name], {"x": "1"})
        assert nobody.status_code == 302
        assert "login" in nobody.url


def test_looking_is_not_enough_to_change_anything(addresses: dict[str, str]) -> None:
    looker = person("catalog.view_offer", "catalog.view_stock")

    for name, permission in DESK.items():
        answer = looker.post(addresses[name], {"x": "1"})
        if not permission.startswith("catalog.view"):
            assert answer.status_code == 302, name
            assert answer.url == reverse("wagtailadmin_home"), name
    for name in ("planned_price:edit", "planned_price:delete", "price_round:edit"):
        assert looker.get(reverse(name, args=[1])).status_code in {302, 404}
    assert looker.get(reverse("planned_price:add")).status_code == 302
    assert Offer.objects.get().price_minor == 2400


WAGTAILS = {"index_results", "add", "edit", "delete", "usage", "history", "history_results",
            "choose_parent"}  # fmt: skip


def test_no_screen_of_the_desk_is_missing_from_the_table() -> None:
    viewsets = (OfferViewSet(), PlannedPriceViewSet(), PriceRoundViewSet(), ProductViewSet())
    found = {
        f"{viewset.name}:{pattern.name}"
        for viewset in viewsets
        for pattern in viewset.get_urlpatterns()
        if pattern.name not in WAGTAILS
    }

    assert found - set(DESK) == {"offer:inspect", "products:index"}
