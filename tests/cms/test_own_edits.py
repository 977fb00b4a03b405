"""An edit in the admin writes what its form asks; what is counted meanwhile stays counted."""

from collections.abc import Callable
from typing import Any

from django.db.models import Model
from django.forms.models import BaseModelForm
from django.test import Client
from django.urls import reverse
from django.utils import timezone
import pytest

from catalog.models import Stock
from checkout.models import Discount
from storefront.models import MissingAddress
from tests.accounts.factories import UserFactory
from tests.catalog.factories import OfferFactory
from tests.checkout import discounting

pytestmark = pytest.mark.django_db

Meanwhile = Callable[[Model, dict[str, Any]], None]


@pytest.fixture
def boss(client: Client) -> Client:
    client.force_login(UserFactory.create(email="boss@example.com", manager=True))
    return client


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Meanwhile:
    """Write something to a row after its edit view has read it, and before it saves."""

    def write(row: Model, changes: dict[str, Any]) -> None:
        clean = BaseModelForm.clean

        def late(form: BaseModelForm) -> Any:
            assert type(row)._base_manager.filter(pk=row.pk).update(**changes) == 1
            return clean(form)

        monkeypatch.setattr(BaseModelForm, "clean", late)

    return write


def _edit(boss: Client, discount: Discount, *, max_uses: int) -> Any:
    fields = {
        "name": "Autumn",
        "kind": discount.kind,
        "percent": "10",
        "trigger": discount.trigger,
        "code": discount.code,
        "max_uses": str(max_uses),
        "amount_minor": "",
    }
    return boss.post(reverse("discounts:edit", args=[discount.pk]), fields)


def test_a_discount_is_edited_while_somebody_uses_it(boss: Client, meanwhile: Meanwhile) -> None:
    """R10: the use is not forgotten, or it could be used once more than allowed."""
    discount = discounting.percent(max_uses=5)
    meanwhile(discount, {"used": 1})

    answer = _edit(boss, discount, max_uses=5)

    assert answer.status_code == 302
    stored = Discount.objects.get()
    assert (stored.name, stored.used) == ("Autumn", 1)


def test_a_discount_is_used_more_often_meanwhile_than_it_is_to_be_allowed(
    boss: Client, meanwhile: Meanwhile
) -> None:
    discount = discounting.percent(max_uses=5)
    meanwhile(discount, {"used": 3})

    answer = _edit(boss, discount, max_uses=2)

    page = answer.content.decode()
    assert "It has been used 3 times already." in page
    assert 'value="Autumn"' in page
    stored = Discount.objects.get()
    assert (stored.name, stored.max_uses, stored.used) == (discount.name, 5, 3)


def test_an_offer_is_edited_while_its_price_changes(boss: Client, meanwhile: Meanwhile) -> None:
    offer = OfferFactory.create(label="250 ml")
    meanwhile(offer, {"price_minor": 999, "lowest_before_minor": 1234, "is_kit": True})
    fields = {
        "page": offer.page_id,
        "label": "300 ml",
        "vat_rate_bp": "19",
        "tax_code": offer.tax_code,
        "weight_grams": "10",
        "sort_order": "0",
    }

    answer = boss.post(reverse("offer:edit", args=[offer.pk]), fields)

    assert answer.status_code == 302
    offer.refresh_from_db()
    assert (offer.label, offer.price_minor, offer.lowest_before_minor, offer.is_kit) == (
        "300 ml",
        999,
        1234,
        True,
    )


def test_stock_is_edited_while_it_is_sold(boss: Client, meanwhile: Meanwhile) -> None:
    stock = Stock.objects.get(offer=OfferFactory.create())
    meanwhile(stock, {"on_hand": 7, "reserved": 3})

    answer = boss.post(reverse("stock:edit", args=[stock.pk]), {"low_from": "4"})

    assert answer.status_code == 302
    stock.refresh_from_db()
    assert (stock.low_from, stock.on_hand, stock.reserved) == (4, 7, 3)


def test_a_missing_address_is_edited_while_it_is_asked_for(
    boss: Client, meanwhile: Meanwhile
) -> None:
    now = timezone.now()
    row = MissingAddress.objects.create(path="/old/", first_at=now, last_at=now, times=1)
    meanwhile(row, {"times": 5})

    answer = boss.post(reverse("missing_addresses:edit", args=[row.pk]), {"is_ignored": "on"})

    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.is_ignored, row.times) == (True, 5)
