"""Addresses that lead nowhere are counted, suggested for, and led on by staff."""

import datetime as dt

from django.test import Client
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect
import pytest

from storefront.models import MissingAddress
from storefront.readers import missing_addresses
from tests.accounts.factories import UserFactory
from tests.catalog.factories import CategoryPageFactory, ProductPageFactory

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(days=1)


def test_addresses_are_counted_and_remember_first_and_last() -> None:
    missing_addresses.note({"/blog/dry-scalp/": 2}, at=NOW)
    missing_addresses.note({"/blog/dry-scalp/": 3, "/old.html": 1}, at=LATER)

    rows = MissingAddress.objects.values_list("path", "times", "first_at", "last_at")
    assert list(rows) == [("/blog/dry-scalp/", 5, NOW, LATER), ("/old.html", 1, LATER, LATER)]


@pytest.mark.parametrize(
    "path", ["/wp-login.php", "/.env", "/.git/config", "/a.asp", "/wp-admin/", "/x" * 300]
)
def test_who_looks_for_holes_is_not_written_down(path: str) -> None:
    missing_addresses.note({path: 9}, at=NOW)

    assert not MissingAddress.objects.exists()


def test_no_more_than_so_many_are_kept_and_known_ones_go_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("storefront.readers.missing_addresses.MOST", 2)
    missing_addresses.note({"/a/": 1, "/b/": 1, "/c/": 1}, at=NOW)
    missing_addresses.note({"/a/": 1, "/d/": 1}, at=NOW)

    rows = MissingAddress.objects.order_by("path").values_list("path", "times")
    assert list(rows) == [("/a/", 2), ("/b/", 1)]


def test_pages_whose_names_are_alike_are_suggested_the_likest_first() -> None:
    wash = CategoryPageFactory(slug="wash", title="Wash")
    ProductPageFactory(parent=wash, slug="low-foam-daily-wash", title="Low-Foam Daily Wash")
    ProductPageFactory(parent=wash, slug="barrier-balm", title="Barrier Balm")
    ProductPageFactory(parent=wash, slug="daily-balm", title="Draft", live=False)

    found = missing_addresses.suggestions("/products/low_foam-daily-wash.html")

    assert found[0].title == "Low-Foam Daily Wash"
    assert found[0].path == "/shop/wash/low-foam-daily-wash/"
    assert "Draft" not in [each.title for each in found]


def test_staff_lead_an_address_to_a_page(client: Client) -> None:
    page = ProductPageFactory(slug="low-foam-daily-wash", title="Low-Foam Daily Wash")
    missing_addresses.note({"/low-foam-daily-wash.html": 3}, at=NOW)
    address = MissingAddress.objects.get()
    client.force_login(UserFactory(manager=True))
    lead = reverse("missing_addresses:lead", args=[address.pk])

    assert "Low-Foam Daily Wash" in client.get(lead).content.decode()
    client.post(lead, {"suggested": str(page.pk), "other": ""}, HTTP_ORIGIN="http://testserver")

    assert not MissingAddress.objects.exists()
    answer = Client().get("/low-foam-daily-wash.html")
    assert (answer.status_code, answer["Location"]) == (301, page.url)


def test_an_address_that_leads_somewhere_is_not_led_elsewhere() -> None:
    page = ProductPageFactory(slug="wash", title="Wash")
    other = ProductPageFactory(slug="balm", title="Balm")
    Redirect.add_redirect("/old", page)
    missing_addresses.note({"/old/": 1}, at=NOW)

    with pytest.raises(missing_addresses.NotMissing):
        missing_addresses.lead(address_id=MissingAddress.objects.get().pk, to=other)

    assert Redirect.objects.get().redirect_page_id == page.pk
    assert MissingAddress.objects.count() == 1


def test_nothing_chosen_is_refused_and_changes_nothing(client: Client) -> None:
    missing_addresses.note({"/qqqq/": 1}, at=NOW)
    client.force_login(UserFactory(manager=True))
    lead = reverse("missing_addresses:lead", args=[MissingAddress.objects.get().pk])

    answer = client.post(lead, {"other": ""}, HTTP_ORIGIN="http://testserver")

    assert "Choose the page that this address is to lead to." in answer.content.decode()
    assert not Redirect.objects.exists()


def test_an_address_left_alone_is_not_listed_any_more(client: Client) -> None:
    missing_addresses.note({"/qqqq/": 1}, at=NOW)
    address = MissingAddress.objects.get()
    client.force_login(UserFactory(manager=True))
    index = reverse("missing_addresses:index")
    assert "/qqqq/" in client.get(index).content.decode()

    client.post(
        reverse("missing_addresses:leave_alone", args=[address.pk]),
        HTTP_ORIGIN="http://testserver",
    )

    assert "/qqqq/" not in client.get(index).content.decode().replace("Leave it alone", "")
