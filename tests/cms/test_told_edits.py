"""R59: an edit of what decides over money says what was there before, and what is there now."""

from typing import Any

from django.test import Client
from django.urls import reverse
import pytest

from checkout.models import DeliveryZone, RefundSettings
from cms.told_edits import facts_of
from tests.accounts.factories import UserFactory
from tests.catalog.factories import OfferFactory
from tests.checkout.discounting import free_delivery
from tests.checkout.history_of import history_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(client: Client) -> Client:
    client.force_login(UserFactory.create(email="boss@example.com", manager=True))
    return client


@pytest.fixture
def zone() -> DeliveryZone:
    return DeliveryZone.objects.create(name="Germany", countries="DE", sort_order=1)


def edit(boss: Client, zone: DeliveryZone, **changes: Any) -> int:
    said = {"name": zone.name, "countries": zone.countries, "sort_order": zone.sort_order}
    address = reverse("delivery-zones:edit", args=[zone.pk])
    return boss.post(address, {**said, **changes}).status_code


def test_what_was_changed_is_said_with_who_did_it(boss: Client, zone: DeliveryZone) -> None:
    assert edit(boss, zone, countries="DE, AT", sort_order=2) == 302

    assert history_of(zone) == [
        ("Edited. countries: DE → DE, AT; sort order: 1 → 2", "boss@example.com")
    ]


def test_what_was_refused_or_stayed_the_same_is_not(boss: Client, zone: DeliveryZone) -> None:
    assert edit(boss, zone, countries="XX") == 200
    assert history_of(zone) == []

    assert edit(boss, zone) == 302

    assert history_of(zone) == [("Edited", "boss@example.com")]


def test_money_is_said_as_people_read_it(boss: Client) -> None:
    row = RefundSettings.load()
    address = reverse("wagtailsettings:edit", args=["checkout", "refundsettings", row.pk])

    boss.post(address, {"large_above_minor": "12.34"})

    assert history_of(row) == [("Edited. large above: €250.00 → €12.34", "boss@example.com")]


def test_what_a_discount_is_for_is_said_too() -> None:
    discount, wash = free_delivery(), OfferFactory()
    before = facts_of(discount)
    discount.offers.add(wash)

    after = facts_of(discount)

    assert {name: after[name] for name in after if after[name] != before[name]} == {
        "only for these offers": str(wash)
    }


def test_it_stands_in_the_site_history_as_text(boss: Client, zone: DeliveryZone) -> None:
    edit(boss, zone, name="<b>Here</b>")

    page = boss.get("/admin/reports/site-history/").content.decode()

    assert "Germany → &lt;b&gt;Here&lt;/b&gt;" in page
    assert "<b>Here</b>" not in page
