"""The account's first page and the page of a pass: one's own, whole, and kept by nobody."""

import re
import uuid

from django.test import Client
import pytest

from accounts.models import User
from storefront.account import codes
from tests.accounts.factories import UserFactory
from tests.treatments.factories import SessionPassFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(client: Client) -> User:
    user = UserFactory.create(email="ada@example.com", verified=True)
    client.force_login(user)
    return user


def test_an_empty_account_leads_on(client: Client, ada: User) -> None:
    words = client.get("/account/").content.decode()

    assert 'href="/treatments/"' in words
    assert 'href="/shop/"' in words


def test_passes_come_before_orders(client: Client, ada: User) -> None:
    own = SessionPassFactory.create(owner=ada)

    words = client.get("/account/").content.decode()

    assert words.index(f"/account/passes/{own.public_id}/") < words.index("Newest orders")
    assert re.search(r"of 6 left,</span> <span>valid until 1 March 2027", words)


def test_a_pass_shows_every_entry_in_plain_words(client: Client, ada: User) -> None:
    own = SessionPassFactory.create(owner=ada)

    answer = client.get(f"/account/passes/{own.public_id}/")

    (line,) = answer.context["entries"]
    assert (line.title, line.reason) == ("Sessions added", "Bought with an order")
    assert (line.change, line.left) == ("+6", 6)


@pytest.mark.parametrize("path", ["", "code.svg"])
def test_a_pass_is_its_owners_alone(client: Client, ada: User, path: str) -> None:
    """R19"""
    own = SessionPassFactory.create(owner=ada)
    theirs = SessionPassFactory.create(owner=UserFactory.create(), treatment_id=own.treatment_id)
    guests = SessionPassFactory.create(treatment_id=own.treatment_id)

    answers = [
        client.get(f"/account/passes/{public_id}/{path}").status_code
        for public_id in (own.public_id, theirs.public_id, guests.public_id, uuid.uuid4())
    ]

    assert answers == [200, 404, 404, 404]


@pytest.mark.parametrize("path", ["", "passes/{}/", "passes/{}/code.svg", "privacy/", "delete/"])
def test_ones_own_pages_are_kept_by_nobody(client: Client, ada: User, path: str) -> None:
    """R40"""
    own = SessionPassFactory.create(owner=ada)
    url = "/account/" + path.format(own.public_id)

    answer = client.get(url)

    assert answer["Cache-Control"] == "private, no-store"
    assert client.post(url).status_code == 405
    assert Client().get(url)["Location"].startswith("/account/login/")


def test_a_pass_code_is_a_picture_that_names_the_pass_alone(client: Client, ada: User) -> None:
    own = SessionPassFactory.create(owner=ada)

    answer = client.get(f"/account/passes/{own.public_id}/code.svg")

    assert answer["Content-Type"] == "image/svg+xml"
    assert answer.content.count(b"<svg") == 1
    assert b"ada" not in answer.content
    assert codes.code_of(own.public_id) == f"galea:pass:{own.public_id}"
