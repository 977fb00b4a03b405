"""The address book: several addresses, one of them usual, offered at checkout and copied there."""

from dataclasses import replace
from datetime import datetime

from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
import pytest

from accounts.models import User
from checkout import address_book
from checkout.models import DeliveryAddress, Order
from checkout.placement import Address
from tests.accounts.factories import UserFactory
from tests.checkout import buying

pytestmark = pytest.mark.django_db

HOME = Address("Ada Reyes", "Birkenweg 14", "", "10437", "Berlin", "DE")
STUDIO = replace(HOME, line1="Uferstraße 8", postcode="13357")
LYON = Address("Ada Reyes", "8 rue des Tilleuls", "", "69003", "Lyon", "FR")
FORM = {
    "label": "Office",
    "name": "Ada Reyes",
    "line1": "Am Hang 3",
    "line2": "",
    "postcode": "04109",
    "city": "Leipzig",
    "country": "DE",
}


@pytest.fixture
def at() -> datetime:
    return timezone.now()


@pytest.fixture
def ada(client: Client) -> User:
    user: User = UserFactory.create(email="ada@example.com", name="Ada Reyes", verified=True)
    client.force_login(user)
    return user


def add(user: User, address: Address, at: datetime, label: str = "") -> DeliveryAddress:
    return address_book.add(user=user, address=address, label=label, at=at)


def streets(user: User) -> list[tuple[str, bool]]:
    return [(row.line1, row.is_default) for row in address_book.addresses_of(user)]


def test_the_first_address_is_the_usual_one_and_the_same_is_kept_once(
    ada: User, at: datetime
) -> None:
    add(ada, HOME, at)
    add(ada, STUDIO, at)
    add(ada, HOME, at)

    assert streets(ada) == [("Birkenweg 14", True), ("Uferstraße 8", False)]


def test_another_becomes_the_usual_one_and_there_is_never_a_second(ada: User, at: datetime) -> None:
    home, studio = add(ada, HOME, at), add(ada, STUDIO, at)

    address_book.make_default(user=ada, address_id=studio.pk)

    assert streets(ada) == [("Uferstraße 8", True), ("Birkenweg 14", False)]
    with pytest.raises(IntegrityError), transaction.atomic():
        DeliveryAddress.objects.filter(pk=home.pk).update(is_default=True)


def test_when_the_usual_one_is_removed_the_oldest_becomes_it(ada: User, at: datetime) -> None:
    home = add(ada, HOME, at)
    add(ada, STUDIO, at)
    add(ada, LYON, at)

    address_book.remove(user=ada, address_id=home.pk)

    assert streets(ada) == [("Uferstraße 8", True), ("8 rue des Tilleuls", False)]


def test_a_full_book_takes_no_more(ada: User, at: datetime) -> None:
    for number in range(address_book.MOST):
        add(ada, replace(HOME, line1=f"Birkenweg {number}"), at)

    with pytest.raises(address_book.BookFull, match="20 addresses"):
        add(ada, STUDIO, at)

    assert len(streets(ada)) == 20


def test_addresses_are_added_changed_and_removed_on_plain_pages(client: Client, ada: User) -> None:
    page = client.post("/account/addresses/new/", FORM, follow=True).content.decode()
    row = DeliveryAddress.objects.get()
    assert "Am Hang 3" in page
    assert row.user == ada

    client.post(f"/account/addresses/{row.pk}/", {**FORM, "line1": "Am Hang 4"})
    row.refresh_from_db()
    assert row.line1 == "Am Hang 4"

    client.post(f"/account/addresses/{row.pk}/remove/")
    assert streets(ada) == []


def test_an_address_without_a_street_is_refused(client: Client, ada: User) -> None:
    answer = client.post("/account/addresses/new/", {**FORM, "line1": ""})

    assert answer.status_code == 422
    assert "Enter the street and house number" in answer.content.decode()
    assert streets(ada) == []


@pytest.mark.parametrize(
    ("method", "verb"), [("get", ""), ("post", ""), ("post", "remove/"), ("post", "usual/")]
)
def test_somebody_elses_address_is_as_good_as_none(
    client: Client, ada: User, at: datetime, method: str, verb: str
) -> None:
    theirs = add(UserFactory.create(), HOME, at)

    answer = getattr(client, method)(f"/account/addresses/{theirs.pk}/{verb}", FORM)

    assert answer.status_code == 404
    theirs.refresh_from_db()
    assert theirs.line1 == "Birkenweg 14"


@pytest.fixture
def _basket(client: Client, at: datetime, ada: User) -> None:
    buying.courier()
    buying.product(at=at)
    client.post("/basket/add/", {"sku": "WASH-250", "quantity": "1"})


@pytest.mark.usefixtures("_basket")
def test_the_checkout_begins_with_the_usual_address_and_offers_the_others(
    client: Client, ada: User, at: datetime
) -> None:
    add(ada, HOME, at, "Home")
    studio = add(ada, STUDIO, at, "Studio")
    add(ada, LYON, at, "Lyon")

    page = client.get("/checkout/").content.decode()
    chosen = client.get(f"/checkout/?address={studio.pk}").content.decode()

    assert 'value="Birkenweg 14"' in page
    assert f"?address={studio.pk}" in page
    assert "Lyon" not in page
    assert "addresses in other countries" in page
    assert 'value="Uferstraße 8"' in chosen


@pytest.mark.usefixtures("_basket")
@pytest.mark.parametrize("wanted", ["x", "-1", "9" * 30, ""])
def test_a_link_that_names_no_address_of_ones_own_chooses_the_usual_one(
    client: Client, ada: User, at: datetime, wanted: str
) -> None:
    add(ada, HOME, at)
    add(UserFactory.create(), STUDIO, at)

    assert 'value="Birkenweg 14"' in client.get(f"/checkout/?address={wanted}").content.decode()


@pytest.mark.usefixtures("_basket")
@pytest.mark.parametrize("keeps", [True, False])
def test_an_address_is_kept_from_the_checkout_only_if_that_was_ticked(
    client: Client, ada: User, *, keeps: bool
) -> None:
    page = client.get("/checkout/").content.decode()
    assert "Keep this address in my account" in page
    sent = {
        "email": "ada@example.com",
        "phone": "",
        "accept_terms": "on",
        "checkout_token": page.partition('name="checkout_token" value="')[2].partition('"')[0],
        "agreed_total_minor": page.partition('name="agreed_total_minor" value="')[2].partition('"')[
            0
        ],
        **FORM,
        **({"keep_address": "on"} if keeps else {}),
    }

    answer = client.post("/checkout/", sent)

    assert answer.status_code == 303
    assert Order.objects.get().delivery_line1 == "Am Hang 3"
    assert streets(ada) == ([("Am Hang 3", True)] if keeps else [])


@pytest.mark.usefixtures("_basket")
def test_a_guest_is_not_asked_to_keep_anything(client: Client, ada: User) -> None:
    client.logout()
    client.post("/basket/add/", {"sku": "WASH-250", "quantity": "1"})

    assert "Keep this address" not in client.get("/checkout/").content.decode()
