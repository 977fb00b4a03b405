"""R21, R22: nobody makes anybody more than they are themselves."""

import re
import time

from django.test import Client
import pytest

from accounts.models import User
from storefront.models import KeptRole
from storefront.roles import keeping
from tests.accounts.factories import UserFactory
from tests.accounts.signing_in import sign_in_at
from tests.checkout.history_of import history_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(client: Client) -> User:
    keeping.keep_roles()
    user: User = UserFactory.create(email="owner@example.com", is_staff=True)
    user.groups.add(KeptRole.objects.get(key="owner").group)
    client.force_login(user)
    sign_in_at(client, user, time.time())
    return user


@pytest.fixture
def root(client: Client) -> User:
    user: User = UserFactory.create(email="root@example.com", manager=True)
    client.force_login(user)
    sign_in_at(client, user, time.time())
    return user


NEW = {"email": "new@example.com", "name": "Bea Lund", "is_superuser": "on", "is_staff": "on"}


def test_an_owner_opens_an_account_and_no_superuser_s(client: Client, owner: User) -> None:
    page = client.get("/admin/users/new/").content.decode()
    group = KeptRole.objects.get(key="fulfilment").group

    answer = client.post("/admin/users/new/", {**NEW, "password1": "x" * 12, "groups": group.pk})

    user = User.objects.get(email="new@example.com")
    assert answer.status_code == 302
    assert 'name="is_superuser"' not in page
    assert 'type="password"' not in page
    assert "Without it groups give nothing" in page
    assert (user.name, user.is_staff, user.is_superuser) == ("Bea Lund", True, False)
    assert not user.has_usable_password()
    assert list(user.groups.all()) == [group]


def test_whoever_is_given_a_group_is_told_of_in_the_history(client: Client, owner: User) -> None:
    user = UserFactory.create(email="new@example.com", password="x" * 12, is_staff=True)
    group = KeptRole.objects.get(key="fulfilment").group

    client.post(f"/admin/users/edit/{user.pk}/", {**NEW, "is_active": "on", "groups": group.pk})

    assert history_of(user) == [("Edited. groups: nothing → Fulfilment", "owner@example.com")]


def test_the_screens_ask_for_all_that_is_saved(client: Client, owner: User) -> None:
    """A box that is not on the screen would be unticked by whoever saves it."""
    user = UserFactory.create(is_staff=True)

    new = client.get("/admin/users/new/").content.decode()
    page = client.get(f"/admin/users/edit/{user.pk}/").content.decode()

    assert asked(new) >= {"email", "name", "is_staff", "groups"}
    assert asked(page) >= {"email", "name", "is_active", "is_staff", "groups"}
    assert 'type="password"' not in page
    assert re.search(r'name="is_staff"[^>]* checked', page)


def asked(page: str) -> set[str]:
    return set(re.findall(r'name="(\w+)"', page))


def test_an_owner_makes_nobody_a_superuser_later(client: Client, owner: User) -> None:
    user = UserFactory.create(email="new@example.com")

    client.post(f"/admin/users/edit/{user.pk}/", {**NEW, "is_active": "on"})

    user.refresh_from_db()
    assert (user.name, user.is_superuser) == ("Bea Lund", False)


def test_an_owner_does_not_touch_a_superuser(client: Client, owner: User) -> None:
    """A changed address would be a way to sign in as them."""
    root = UserFactory.create(email="root@example.com", manager=True)

    client.get(f"/admin/users/edit/{root.pk}/")
    client.post(f"/admin/users/edit/{root.pk}/", NEW)
    bulk = f"/admin/bulk/accounts/user/set_active_state/?id={root.pk}"
    client.post(bulk, {"mark_as_active": "False"})

    root.refresh_from_db()
    assert (root.email, root.is_active, root.is_superuser) == ("root@example.com", True, True)


def test_a_superuser_makes_a_superuser(client: Client, root: User) -> None:
    client.post("/admin/users/new/", NEW)

    assert User.objects.get(email="new@example.com").is_superuser
