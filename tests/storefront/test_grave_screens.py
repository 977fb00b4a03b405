"""Roles and lists of addresses ask once more who it is, whatever way leads to them."""

import time
from collections.abc import Iterator

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
import pytest

from accounts.models import User
from tests.accounts.factories import UserFactory
from tests.accounts.signing_in import sign_in_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return UserFactory.create(manager=True)


@pytest.fixture
def late(client: Client, owner: User) -> Client:
    client.force_login(owner)
    sign_in_at(client, owner, time.time() - 16 * 60)
    return client


def _below(resolver: URLResolver, above: str) -> Iterator[str]:
    for each in resolver.url_patterns:
        pattern = f"{above}{each.pattern}"
        if isinstance(each, URLPattern):
            yield pattern
        else:
            yield from _below(each, pattern)


def test_whoever_signed_in_long_ago_is_asked_before_any_screen_of_roles(late: Client) -> None:
    """R22: by every address below them, and by every method."""
    patterns = [
        pattern
        for pattern in _below(get_resolver(), "")
        if pattern.startswith(("admin/users/", "admin/groups/"))
    ]
    assert len(patterns) >= 8

    bulk = ["admin/bulk/accounts/user/assign_role/", "admin/bulk/accounts/user/delete/"]
    for pattern in [*patterns, *bulk]:
        path = f"/{pattern}".replace("<int:pk>", "1")
        for method in ("get", "post", "put", "delete"):
            answer = getattr(late, method)(path)
            assert answer.status_code == 303, pattern
            assert answer["Location"].startswith("/account/reauthenticate/?next=")


def test_whoever_signed_in_lately_sees_who_works_here(client: Client, owner: User) -> None:
    client.force_login(owner)
    sign_in_at(client, owner, time.time())

    assert client.get("/admin/users/").status_code == 200


def test_addresses_are_looked_at_freely_and_taken_along_after_a_question(late: Client) -> None:
    assert late.get("/admin/subscribers/").status_code == 200
    assert late.get("/admin/subscribers/?export=csv").status_code == 303
    assert late.get("/admin/orders/?export=csv").status_code == 200


def test_others_are_refused_as_ever(client: Client) -> None:
    assert client.get("/admin/users/")["Location"].startswith("/account/login/?next=")
    client.force_login(UserFactory.create())

    assert client.get("/admin/users/", follow=True).status_code == 403
