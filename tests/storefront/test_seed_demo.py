"""The demo shop in a database: complete, the same when seeded again, and without a dead end."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urldefrag, urljoin

from django.apps import apps
from django.core.cache import cache
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, Site
import pytest
from bs4 import BeautifulSoup

from accounts.models import User
from catalog import prices, stock
from catalog.models import Offer, ProductPage, Stock
from catalog.stock import AvailabilityState
from checkout import reconciliation
from checkout.models import Order, OrderStatus
from cms.models import CustomImage
from money.money import Money
from outbox.models import OutboundMail
from storefront.demo import content, people, pictures
from tests.shared_rows import kept_for_many
from treatments import ledger
from treatments.models import SessionPass

pytestmark = [pytest.mark.django_db, pytest.mark.indexed]

OWN_APPS = {
    "accounts", "blog", "catalog", "checkout", "cms", "outbox", "storefront", "treatments",
    "account", "auth", "wagtailcore", "wagtailimages",
}  # fmt: skip


@pytest.fixture(scope="module")
def logins_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("var") / "demo-logins.json"


@pytest.fixture(scope="module")
def shop(django_db_setup: None, django_db_blocker: Any, logins_file: Path) -> Iterator[None]:
    """Seed once for the whole module and take everything back afterwards."""
    with kept_for_many(django_db_blocker):
        call_command("seed_demo", logins_file=logins_file, verbosity=0)
        yield
    cache.clear()


@pytest.fixture
def _pictures_without_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Say where a picture's file would be instead of encoding it."""

    def rendition(_image: CustomImage, spec: object) -> SimpleNamespace:
        return SimpleNamespace(url=f"/media/{spec}", full_url=f"/media/{spec}", width=4, height=5)

    monkeypatch.setattr(CustomImage, "get_rendition", rendition)
    monkeypatch.setattr(
        CustomImage,
        "get_renditions",
        lambda image, *specs: {spec: rendition(image, spec) for spec in specs},
    )


def _counts() -> dict[str, int]:
    return {
        model._meta.label: model._default_manager.count()
        for model in apps.get_models()
        if model._meta.app_label in OWN_APPS
    }


def test_seeding_twice_changes_nothing(shop: None, logins_file: Path) -> None:
    counts, logins = _counts(), logins_file.read_text()

    call_command("seed_demo", logins_file=logins_file, verbosity=0)

    assert _counts() == counts
    assert logins_file.read_text() == logins


def test_what_was_changed_since_stays_changed(shop: None, logins_file: Path) -> None:
    with transaction.atomic():
        ProductPage.objects.get(slug="cooling-mist").delete()

        call_command("seed_demo", logins_file=logins_file, verbosity=0)

        assert not ProductPage.objects.filter(slug="cooling-mist").exists()
        transaction.set_rollback(True)


def test_everybody_signs_in_with_a_password_of_this_install(shop: None, logins_file: Path) -> None:
    logins = json.loads(logins_file.read_text())

    assert Counter(login["role"] for login in logins) == {
        "Owner": 1,
        "Manager": 1,
        "Fulfilment": 1,
        "Front desk": 1,
        "Marketer": 1,
        "Clinical reviewer": 1,
        "Customer": 5,
    }
    assert len({login["password"] for login in logins}) == len(logins)
    for login in logins:
        user = User.objects.get(email=login["email"])
        assert user.check_password(login["password"])
        assert user.is_staff == (login["role"] != "Customer")
    assert logins_file.stat().st_mode & 0o077 == 0


def test_a_lost_login_file_makes_the_old_passwords_useless(
    shop: None, logins_file: Path, tmp_path: Path
) -> None:
    with transaction.atomic():
        old = json.loads(logins_file.read_text())[0]

        new = people.refresh_logins(tmp_path / "demo-logins.json")[0]

        user = User.objects.get(email=old["email"])
        assert user.check_password(new.password)
        assert not user.check_password(old["password"])
        transaction.set_rollback(True)


def test_there_is_an_order_in_every_status(shop: None) -> None:
    found = Counter(Order.objects.values_list("status", flat=True))

    assert set(found) == set(OrderStatus.values)
    assert list(reconciliation.differences()) == []


def test_no_mail_of_a_past_order_is_still_to_be_sent(shop: None) -> None:
    of_orders = OutboundMail.objects.filter(subject_reference__startswith="order:")

    assert of_orders.exists()
    assert not of_orders.exclude(status="SENT").exists()


def test_paid_packages_gave_passes_with_an_unbroken_ledger(shop: None) -> None:
    passes = list(SessionPass.objects.with_balance())

    assert sorted(one.balance for one in passes) == [0, 2, 3, 4, 4, 4]
    assert [ledger.verify(one) for one in passes] == [None] * 6


def test_stock_is_low_sold_out_and_on_back_order_where_the_files_say_so(shop: None) -> None:
    states = {
        offer.sku: stock.availability(offer)
        for offer in Offer.objects.with_stock().filter(kind="PRODUCT")
    }

    assert (states["GAL-SSB-01"].state, states["GAL-SSB-01"].left) == (AvailabilityState.LOW, 3)
    assert states["GAL-OSM-150"].state == AvailabilityState.SOLD_OUT
    assert states["GAL-FWC-250"].state == AvailabilityState.BACK_ORDER
    wanted = {
        offer["sku"]: offer["on_hand"]
        for product in content.each("products")
        for offer in product["offers"]
    }
    assert {row.offer.sku: row.available for row in Stock.objects.select_related("offer")} == wanted


def test_the_reduced_price_stands_beside_the_true_lowest_of_thirty_days(shop: None) -> None:
    offer = Offer.objects.get(sku="GAL-MSS-50")

    assert [price.price_minor for price in offer.prices.order_by("valid_from")] == [
        2900,
        3100,
        2400,
    ]
    assert prices.lowest_before_reduction(offer, timezone.now()) == Money(2900)


def test_every_picture_says_what_it_shows_and_was_imported_once(shop: None) -> None:
    photos = content.facts("photos")["photo"]

    assert {image.title: image.alt for image in pictures.by_title().values()} == {
        photo["title"]: photo["alt"] for photo in photos
    }
    assert CustomImage.objects.count() == len(photos)
    assert not CustomImage.objects.filter(focal_point_x=None).exists()


def test_the_welcome_page_of_wagtail_is_gone(shop: None) -> None:
    assert [page.title for page in Page.objects.filter(depth=2)] == ["Galea"]
    assert Site.objects.get().root_page.title == "Galea"


@pytest.mark.usefixtures("_pictures_without_files")
def test_every_page_opens_its_links_lead_somewhere_and_its_pictures_have_a_text(
    shop: None,
) -> None:
    client = Client(SERVER_NAME="localhost")
    seen: set[str] = set()
    waiting = {page.url for page in Page.objects.live().filter(depth__gt=1)}
    assert {"/", "/shop/", "/shop/wash/low-foam-daily-wash/", "/scalp-guide/"} <= waiting

    while waiting:
        path = waiting.pop()
        seen.add(path)
        answer = client.get(path)
        assert answer.status_code in {200, 302}, path
        if answer.status_code != 200 or "html" not in answer["Content-Type"]:
            continue
        soup = BeautifulSoup(answer.content, "html.parser")
        assert [str(image) for image in soup.find_all("img") if not image.has_attr("alt")] == []
        links = {urldefrag(urljoin(path, str(link["href"])))[0] for link in soup.select("a[href]")}
        waiting |= {link for link in links if _is_own_page(link)} - seen


def _is_own_page(link: str) -> bool:
    # Filters of lists make endless addresses of the same page.
    return bool(re.fullmatch(r"/[^/?][^?]*|/", link)) and not link.startswith(
        ("/media/", "/static/")
    )


@pytest.mark.usefixtures("_pictures_without_files")
def test_every_count_of_the_admin_s_first_page_is_that_of_the_list_it_leads_to(
    shop: None, client: Client
) -> None:
    client.force_login(people.manager())
    page = BeautifulSoup(client.get("/admin/").content, "html.parser")
    counts = [
        (link["href"], int(number[1]))
        for link in page.select(".w-summary__list a")
        if (number := re.match(r"\s*(\d+)\s", link.text))
        and not re.match(r"/admin/(?:pages|images|documents)/", str(link["href"]))
    ]

    listed = [client.get(str(address)).context["page_obj"].paginator.count for address, _ in counts]

    assert listed == [count for _, count in counts]
    assert sum(count > 0 for count in listed) > 8
