"""Staff find a customer and see what is theirs on one page; nothing of health is on it."""

import datetime as dt
from urllib.parse import urlencode

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
import pytest

from accounts.models import User
from accounts.person import person_of
from checkout import order_notes
from checkout.models import Order
from storefront.account.claiming import claim_all
from storefront.customers import finding
from storefront.models import KeptRole
from storefront.roles import keeping
from tests.accounts.factories import UserFactory
from tests.checkout.factories import OrderFactory
from tests.storefront.account.conftest import EMAIL, NAME, WORDS
from tests.treatments.factories import SessionPassFactory
from treatments.models import SessionPass

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(_staff("front_desk"))
    return client


def _staff(role: str) -> User:
    keeping.keep_roles()
    user: User = UserFactory.create(email=f"{role}@example.com", is_staff=True)
    user.groups.add(KeptRole.objects.get(key=role).group)
    return user


@pytest.mark.parametrize("words", ["quillf", "ZORAIDA.Q", "second@", "G-2345-6789", f" {NAME} "])
def test_a_customer_is_found_by_what_is_at_hand(zoraida: User, words: str) -> None:
    zoraida.emailaddress_set.create(email="second@example.com", verified=True)
    OrderFactory.create(user=zoraida, number="G-2345-6789")
    UserFactory.create(email="somebody@example.com", name="Bea")

    assert finding.find(words) == [zoraida]


@pytest.mark.parametrize("words", ["", "z", "nobody", "typed@", "\0", "G-2345-6780"])
def test_what_means_nobody_finds_nobody(zoraida: User, words: str) -> None:
    zoraida.emailaddress_set.create(email="typed@example.com", verified=False)
    UserFactory.create(name="Nobody Closed", is_active=False)
    UserFactory.create(name="Nobody Staff", is_staff=True)

    assert finding.find(words) == []


def test_one_page_has_passes_orders_notes_and_consents_and_leads_to_them(
    desk: Client, zoraida: User, left_everywhere: Order, at: dt.datetime
) -> None:
    claim_all(person_of(zoraida), at=at)
    row = SessionPass.objects.get()
    clerk = User.objects.get(email="front_desk@example.com")
    order_notes.write(order_id=left_everywhere.pk, text="Rings twice", by=clerk, at=at)

    found = desk.get(reverse("customers"), {"q": "quillf"}).content.decode()
    page = desk.get(reverse("customer", args=[zoraida.pk])).content.decode()

    assert reverse("customer", args=[zoraida.pk]) in found
    for part in (
        EMAIL,
        left_everywhere.number,
        reverse("orders:inspect", args=[left_everywhere.pk]),
        reverse("sessionpass:inspect", args=[row.pk]),
        f"{reverse('sessionpass:desk')}?{urlencode({'q': EMAIL})}",
        "Rings twice",
        f"Terms of sale, version {left_everywhere.terms_version}",
    ):
        assert part in page, part
    for part in ("health", WORDS, "Private question", reverse("merge_customers")):
        assert part not in page, part


def test_who_may_merge_is_led_there_with_the_first_address_filled_in(
    client: Client, zoraida: User
) -> None:
    client.force_login(_staff("manager"))
    address = f"{reverse('merge_customers')}?{urlencode({'one': EMAIL})}"

    page = client.get(reverse("customer", args=[zoraida.pk])).content.decode()
    screen = client.get(address).content.decode()

    assert address in page
    assert f'value="{EMAIL}"' in screen
    assert "This field is required" not in screen


@pytest.mark.parametrize("role", ["fulfilment", "marketer", "clinical_reviewer"])
def test_who_may_not_see_both_orders_and_passes_sees_no_customer(
    client: Client, zoraida: User, role: str
) -> None:
    client.force_login(_staff(role))

    for address in (reverse("customers"), reverse("customer", args=[zoraida.pk])):
        answer = client.get(address, {"q": NAME})
        assert (answer.status_code, EMAIL in answer.content.decode()) == (302, False)
    assert reverse("customers") not in client.get("/admin/").content.decode()


def test_staff_and_closed_accounts_have_no_such_page(desk: Client) -> None:
    for user in (UserFactory.create(is_staff=True), UserFactory.create(is_active=False)):
        assert desk.get(reverse("customer", args=[user.pk])).status_code == 404


def test_ten_passes_are_shown_with_as_many_queries_as_one(
    desk: Client, zoraida: User, at: dt.datetime
) -> None:
    address = reverse("customer", args=[zoraida.pk])
    SessionPassFactory.create(owner=zoraida, holder_email=EMAIL, at=at)
    desk.get(address)
    with CaptureQueriesContext(connection) as few:
        desk.get(address)
    for _ in range(9):
        SessionPassFactory.create(owner=zoraida, holder_email=EMAIL, at=at)

    with CaptureQueriesContext(connection) as many:
        desk.get(address)

    assert len(many) == len(few)
