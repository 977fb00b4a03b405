"""Staff make offers, change prices and move stock by verbs, never by typing over numbers."""

from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
import pytest

from accounts.models import User
from catalog.models import Offer, Stock
from tests.catalog.factories import OfferFactory, ProductPageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("staff@example.com"))
    return client


def test_new_offer_starts_its_price_history(staff: Client) -> None:
    page = ProductPageFactory()
    answer = staff.post(
        reverse("offer:add"),
        {
            "sku": "GAL-1",
            "kind": "PRODUCT",
            "price_minor": "24.50",
            "page": str(page.pk),
            "label": "250 ml",
            "vat_rate_bp": "19",
            "tax_code": "txcd_99999999",
            "content_amount": "250",
            "content_unit": "ML",
            "weight_grams": "300",
            "sort_order": "0",
        },
    )

    assert answer.status_code == 302
    offer = Offer.objects.get(sku="GAL-1")
    assert (offer.price_minor, offer.vat_rate_bp, offer.page_id) == (2450, 1900, page.pk)
    assert [price.set_by.email for price in offer.prices.all()] == ["staff@example.com"]
    assert offer.stock.on_hand == 0


def test_edit_form_holds_no_price_and_cannot_move_it(staff: Client) -> None:
    offer = OfferFactory(price_minor=2400)
    url = reverse("offer:edit", args=[offer.pk])
    form = staff.get(url).context["form"]
    values = {name: form[name].value() for name in form.fields}
    data = {name: "" if value is None else value for name, value in values.items()}

    answer = staff.post(url, {**data, "label": "300 ml", "price_minor": "1.00", "sku": "OTHER"})

    assert answer.status_code == 302
    changed = Offer.objects.get(pk=offer.pk)
    assert (changed.label, changed.price_minor, changed.sku) == ("300 ml", 2400, offer.sku)
    assert (changed.vat_rate_bp, changed.prices.count()) == (1900, 1)


def test_price_changes_with_a_reason(staff: Client) -> None:
    offer = OfferFactory(price_minor=2400)
    url = reverse("offer:change_price", args=[offer.pk])

    assert staff.get(url).status_code == 200
    answer = staff.post(url, {"price_minor": "19", "is_reduction": "on", "reason": "Season"})

    assert answer.url == reverse("offer:inspect", args=[offer.pk])
    offer.refresh_from_db()
    assert (offer.price_minor, offer.lowest_before_minor) == (1900, 2400)
    page = staff.get(answer.url).content.decode()
    assert "Season" in page
    assert "€19.00" in page


def test_refused_price_is_said_beside_the_form(staff: Client) -> None:
    offer = OfferFactory(price_minor=2400)

    answer = staff.post(
        reverse("offer:change_price", args=[offer.pk]), {"price_minor": "24.00", "reason": "x"}
    )

    assert answer.context["form"].non_field_errors() == ["The price is €24.00 already."]
    assert "The price is €24.00 already." in answer.content.decode()
    assert offer.prices.count() == 1


def test_an_offer_cannot_be_deleted(staff: Client) -> None:
    offer = OfferFactory()

    answer = staff.post(reverse("offer:delete", args=[offer.pk]))

    assert answer.status_code == 302
    assert Offer.objects.filter(pk=offer.pk).exists()


def test_stock_is_received_adjusted_and_configured(staff: Client) -> None:
    stock = OfferFactory(on_hand=0).stock

    for name, data in [
        ("receive", {"quantity": "10", "reason": "Delivery"}),
        ("adjust", {"kind": "DAMAGED", "change": "-2", "reason": "Leaked"}),
        ("configure", {"low_from": "3", "back_order_limit": "4", "back_order_days": "7"}),
    ]:
        url = reverse(f"stock:{name}", args=[stock.pk])
        assert staff.get(url).status_code == 200
        assert staff.post(url, data).status_code == 302

    stock.refresh_from_db()
    assert (stock.on_hand, stock.low_from, stock.back_order_limit) == (8, 3, 4)
    page = staff.get(reverse("stock:inspect", args=[stock.pk])).content.decode()
    assert "Leaked" in page


def test_refused_adjustment_is_said_and_changes_nothing(staff: Client) -> None:
    stock = OfferFactory(on_hand=1).stock

    answer = staff.post(
        reverse("stock:adjust", args=[stock.pk]),
        {"kind": "COUNTED", "change": "-2", "reason": "Count"},
    )

    assert answer.status_code == 200
    assert Stock.objects.get(pk=stock.pk).on_hand == 1


def test_staff_without_the_permission_cannot_move_stock(client: Client) -> None:
    user = User.objects.create_user("looker@example.com", is_staff=True)
    user.user_permissions.add(
        Permission.objects.get(codename="access_admin"),
        Permission.objects.get(codename="view_stock"),
    )
    client.force_login(user)
    stock = OfferFactory(on_hand=1).stock

    assert client.get(reverse("stock:inspect", args=[stock.pk])).status_code == 200
    client.post(reverse("stock:receive", args=[stock.pk]), {"quantity": "5", "reason": "Delivery"})

    assert Stock.objects.get(pk=stock.pk).on_hand == 1


@pytest.mark.parametrize("name", ["offer:index", "offer:add", "stock:index", "concern:index"])
def test_screens_open(staff: Client, name: str) -> None:
    OfferFactory()
    OfferFactory(package=True)

    assert staff.get(reverse(name)).status_code == 200


def test_lists_ask_little(staff: Client, django_assert_max_num_queries) -> None:
    for _ in range(15):
        OfferFactory()
    staff.get(reverse("offer:index"))

    with django_assert_max_num_queries(20):
        staff.get(reverse("offer:index"))
    with django_assert_max_num_queries(20):
        staff.get(reverse("stock:index"))


def test_page_editor_lists_the_offers(staff: Client) -> None:
    offer = OfferFactory(sku="SEEN-1", price_minor=2400)

    page = staff.get(reverse("wagtailadmin_pages:edit", args=[offer.page_id])).content.decode()

    assert "SEEN-1" in page
    assert "€24.00" in page
