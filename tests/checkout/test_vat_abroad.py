"""Goods that are taxed where they go: the price stays, and everything after it has the rate."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone
import pytest

from accounts.models import User
from catalog.models import Offer
from checkout import baskets
from checkout.bookkeeping import vat
from checkout.bookkeeping.vat import Place, Vat
from checkout.invoices import e_invoice
from checkout.invoices.content import Content
from checkout.models import (
    Basket,
    DeliveryMethod,
    DeliveryRate,
    DestinationRate,
    DestinationVat,
    Invoice,
    Order,
    PaymentWay,
)
from checkout.placement import Address, BuyerDetails
from checkout.pricing import price_basket
from checkout.selling import taking
from tests.accounts.factories import UserFactory
from tests.checkout import buying
from tests.checkout.history_of import history_of
from tests.checkout.invoicing import credited, name_seller, refunded
from tests.checkout.test_kits import a_kit, two_parts

pytestmark = pytest.mark.django_db

FRENCH = BuyerDetails(
    email="ada@example.com",
    name="Ada Lindqvist",
    address=Address("Ada Lindqvist", "Rue Cler 4", "", "75007", "Paris", "FR"),
)


@pytest.fixture
def wash(at: datetime) -> Offer:
    """On sale, sent to Germany and France by courier, or collected."""
    method = buying.courier()
    method.zone.countries = "DE, FR"
    method.zone.save()
    return buying.product(at=at)


def abroad(*, is_on: bool = True) -> None:
    """France and Germany have rates of the table; the seller sits in Germany."""
    name_seller()
    row = DestinationVat.objects.create(is_on=is_on)
    for country, rate_bp in [("FR", 2000), ("DE", 700)]:
        DestinationRate.objects.create(settings=row, country=country, vat_rate_bp=rate_bp)


def sent_to(country: str, *wanted: tuple[Offer, int], at: datetime) -> Basket:
    basket = buying.basket_with(*wanted, at=at)
    basket = baskets.choose_delivery(basket=basket, country=country, method_code="", at=at)
    return Basket.objects.get(pk=basket.pk)


def bought_in_france(wash: Offer, at: datetime) -> Order:
    order = buying.place(sent_to("FR", (wash, 1), at=at), at=at, details=FRENCH)
    by = UserFactory.create(is_staff=True)
    taking.take(order_id=order.pk, way=PaymentWay.CASH, reference="R 1", by=by, at=at)
    return order


@pytest.mark.parametrize(
    ("is_on", "country", "vats", "taxed_in"),
    [
        (True, "FR", (400, 82), "FR"),
        (True, "DE", (383, 78), ""),
        (False, "FR", (383, 78), ""),
    ],
)
def test_goods_bear_the_rate_of_where_they_go_at_the_same_price(
    wash: Offer, at: datetime, is_on: bool, country: str, vats: tuple[int, int], taxed_in: str
) -> None:
    abroad(is_on=is_on)

    priced = price_basket(sent_to(country, (wash, 1), at=at), at=at)

    assert priced.total.minor == 2400 + 490
    assert priced.delivery is not None
    assert (priced.goods[0].vat_minor, priced.delivery.vat_minor) == vats
    assert priced.vat_country == taxed_in


def test_where_stripe_reckons_the_tax_the_table_says_nothing(
    wash: Offer, at: datetime, settings: Any
) -> None:
    settings.SHOP_TAX = "stripe"
    abroad()

    priced = price_basket(sent_to("FR", (wash, 1), at=at), at=at)

    assert (priced.goods[0].vat_rate_bp, priced.vat_country) == (1900, "")


def test_goods_of_a_kind_without_a_rate_bear_the_general_one(wash: Offer, at: datetime) -> None:
    abroad()
    Offer.objects.filter(pk=wash.pk).update(tax_code="txcd_32070000")

    priced = price_basket(sent_to("FR", (wash, 1), at=at), at=at)

    assert priced.goods[0].vat_rate_bp == 2000


def test_a_kit_s_parts_bear_their_own_rates_there(wash: Offer, at: datetime) -> None:
    balm, leaflet = two_parts(at)
    Offer.objects.filter(pk=leaflet.pk).update(tax_code="txcd_35010000")
    kit = a_kit((balm, 1), (leaflet, 1), price_minor=4000, at=at)
    abroad()
    DestinationRate.objects.create(
        settings=DestinationVat.objects.get(),
        country="FR",
        tax_code="txcd_35010000",
        vat_rate_bp=550,
    )

    (line,) = price_basket(sent_to("FR", (kit, 1), at=at), at=at).goods

    assert [(part.vat_rate_bp, part.gross_minor, part.vat_minor) for part in line.parts] == [
        (2000, 3200, 533),
        (550, 800, 42),
    ]
    assert line.vat_minor == 533 + 42


def test_what_is_collected_and_sessions_bear_the_rates_of_here(wash: Offer, at: datetime) -> None:
    abroad()
    zone = DeliveryMethod.objects.get().zone
    pick_up = DeliveryMethod.objects.create(
        zone=zone, code="pickup", name="Pick up", kind=DeliveryMethod.Kind.PICKUP
    )
    DeliveryRate.objects.create(method=pick_up, price_minor=0)
    sessions = buying.package(at=at)
    basket = sent_to("FR", (wash, 1), (sessions, 1), at=at)
    assert [line.vat_rate_bp for line in price_basket(basket, at=at).lines] == [2000, 1900]

    baskets.choose_delivery(basket=basket, country="FR", method_code="pickup", at=at)

    collected = price_basket(Basket.objects.get(pk=basket.pk), at=at)
    assert [line.vat_rate_bp for line in collected.lines] == [1900, 1900]
    assert collected.vat_country == ""


def test_invoice_machine_and_report_name_the_rate_and_the_country(
    wash: Offer, at: datetime
) -> None:
    abroad()
    order = bought_in_france(wash, at)
    # What is changed later leaves documents as they are.
    DestinationRate.objects.update(vat_rate_bp=500)

    document = Invoice.objects.get(order=order)
    said = Content.from_json(document.content)
    today = timezone.localdate()
    found = vat.by_place(vat.entries(from_on=today - timedelta(days=1), until_on=today))

    assert [(rate.percent, rate.vat_minor) for rate in said.lines[0].rates] == [("20", 400)]
    assert found == {Place("FR", 2000): Vat(2890, 0, 482)}
    xml = e_invoice.written(said, None).decode()
    assert "<ram:RateApplicablePercent>20" in xml
    assert "<ram:RateApplicablePercent>19" not in xml


def test_a_refund_gives_back_the_vat_of_where_the_goods_went(wash: Offer, at: datetime) -> None:
    abroad()
    order = bought_in_france(wash, at)
    DestinationVat.objects.update(is_on=False)

    note = credited(refunded(order, 2890, key="refund-1", at=at), at=at)

    assert (note.gross_minor, note.vat_minor) == (2890, 482)


def test_what_bears_the_rate_of_here_is_not_owed_elsewhere(wash: Offer, at: datetime) -> None:
    abroad(is_on=False)
    bought_in_france(wash, at)
    today = timezone.localdate()

    found = list(vat.entries(from_on=today - timedelta(days=1), until_on=today))

    assert vat.by_place(found) == {Place("FR", 1900): Vat(2890, 0, 461)}
    assert vat.owed_abroad(found) == {}


# --- The screen -----------------------------------------------------------------------------


def _staff(client: Client, *codenames: str) -> Client:
    user: User = UserFactory.create(is_staff=True)
    wanted = Permission.objects.filter(codename__in=["access_admin", *codenames])
    user.user_permissions.set(wanted)
    client.force_login(user)
    return client


def _screen() -> str:
    row = DestinationVat.objects.first() or DestinationVat.objects.create()
    return f"/admin/settings/checkout/destinationvat/{row.pk}/"


def _posted(*rates: tuple[str, str]) -> dict[str, str]:
    sent = {"is_on": "on", "rates-INITIAL_FORMS": "0", "rates-TOTAL_FORMS": str(len(rates))}
    for number, (country, percent) in enumerate(rates):
        prefix = f"rates-{number}"
        sent |= {
            f"{prefix}-country": country,
            f"{prefix}-tax_code": "txcd_99999999",
            f"{prefix}-vat_rate_bp": percent,
            f"{prefix}-id": "",
            f"{prefix}-DELETE": "",
        }
    return sent


def test_a_manager_writes_rates_down_in_percent(client: Client) -> None:
    manager = _staff(client, "change_destinationvat")

    wrong = manager.post(_screen(), _posted(("FR", "120"))).content.decode()
    manager.post(_screen(), _posted(("FR", "20"), ("AT", "5.5")))

    assert "less than or equal to 100" in wrong
    assert 'value="120"' in wrong
    rates = DestinationRate.objects.values_list("country", "vat_rate_bp")
    assert list(rates) == [("AT", 550), ("FR", 2000)]
    assert DestinationVat.objects.get().is_on
    [(told, _)] = history_of(DestinationVat.objects.get())
    assert told.startswith("Edited. tax goods where they go: no → yes; ")
    for row in ("country Austria, kind of goods txcd_99999999, VAT rate in percent 5.5 %", "20 %"):
        assert row in told


@pytest.mark.parametrize("country", ["GB", "France", ""])
def test_a_rate_is_of_a_state_of_the_union(client: Client, country: str) -> None:
    manager = _staff(client, "change_destinationvat")

    assert manager.post(_screen(), _posted((country, "20"))).status_code == 200
    assert not DestinationRate.objects.exists()


def test_where_there_is_any_rate_there_is_a_general_one(client: Client) -> None:
    manager = _staff(client, "change_destinationvat")
    sent = _posted(("FR", "5.5"), ("AT", "20")) | {"rates-0-tax_code": "txcd_35010000"}

    answer = manager.post(_screen(), sent).content.decode()

    assert "France: give it a rate for txcd_99999999 too" in answer
    assert 'value="txcd_35010000"' in answer
    assert not DestinationRate.objects.exists()


def test_nobody_else_does(client: Client) -> None:
    _staff(client, "change_discount").post(_screen(), _posted(("FR", "20")))

    assert not DestinationRate.objects.exists()
