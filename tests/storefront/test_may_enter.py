"""R21: a group gives its rights to whom an owner has let into the admin, and to nobody else."""

import time
from importlib import import_module

from django.apps import apps
from django.test import Client
import pytest

from accounts.models import User
from blog.comments.permissions import READ_PRIVATE, people_who_may
from storefront.customers.finding import customers
from storefront.models import KeptRole
from storefront.roles import keeping
from tests.accounts.factories import UserFactory
from tests.accounts.signing_in import sign_in_at
from treatments.staff_who_answer import who_may

pytestmark = pytest.mark.django_db

ENTER = "wagtailadmin.access_admin"


@pytest.fixture(autouse=True)
def _roles(db: None) -> None:
    keeping.keep_roles()


def in_group(client: Client, key: str, *, is_staff: bool = True) -> User:
    """Return somebody of a group who is signed in with all that is asked for."""
    user: User = UserFactory.create(email=f"{key}@example.com", is_staff=is_staff)
    user.groups.add(KeptRole.objects.get(key=key).group)
    client.force_login(user)
    sign_in_at(client, user, time.time())
    return user


def stored(user: User) -> User:
    return User.objects.get(pk=user.pk)


@pytest.mark.parametrize("key", ["fulfilment", "front_desk", "manager", "owner"])
def test_a_group_alone_lets_nobody_in(client: Client, key: str) -> None:
    user = stored(in_group(client, key, is_staff=False))

    answer = client.get("/admin/")

    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login/")
    assert not user.has_perm(ENTER)
    assert user.get_all_permissions() == set()


def test_an_act_is_refused_with_a_group_alone(client: Client) -> None:
    in_group(client, "owner", is_staff=False)

    client.post("/admin/users/new/", {"email": "new@example.com", "name": "Bea Lund"})

    assert not User.objects.filter(email="new@example.com").exists()


def test_whoever_is_shut_out_is_out_at_the_next_request(client: Client) -> None:
    """Their browser stays signed in, as a customer's; nothing of the admin answers it."""
    user = in_group(client, "owner")
    assert client.get("/admin/users/").status_code == 200

    User.objects.filter(pk=user.pk).update(is_staff=False)
    client.post("/admin/users/new/", {"email": "new@example.com", "name": "Bea Lund"})

    assert client.get("/admin/users/").status_code == 302
    assert client.get("/account/").status_code == 200
    assert not User.objects.filter(email="new@example.com").exists()


def test_a_right_of_one_s_own_gives_nothing_either(client: Client) -> None:
    user = in_group(client, "owner")
    user.user_permissions.set(user.groups.get().permissions.all())
    user.groups.clear()
    assert stored(user).has_perm(ENTER)

    User.objects.filter(pk=user.pk).update(is_staff=False)

    assert not stored(user).has_perm(ENTER)


def test_a_superuser_may_enter_without_the_box(client: Client) -> None:
    root = UserFactory.create(is_superuser=True)
    client.force_login(root)
    sign_in_at(client, root, time.time())

    assert client.get("/admin/").status_code == 200
    assert ENTER in stored(root).get_all_permissions()


def test_whoever_is_shut_out_is_written_no_mails_of_patients(client: Client) -> None:
    user = in_group(client, "clinical_reviewer")
    assert user in who_may("answer_consultationrequest")
    assert user in people_who_may(READ_PRIVATE)

    User.objects.filter(pk=user.pk).update(is_staff=False)

    assert user not in who_may("answer_consultationrequest")
    assert user not in people_who_may(READ_PRIVATE)


def test_whoever_is_given_a_role_with_many_is_staff_and_no_customer(client: Client) -> None:
    in_group(client, "owner")
    one, other = UserFactory.create(), UserFactory.create()
    group = KeptRole.objects.get(key="manager").group

    client.post(
        f"/admin/bulk/accounts/user/assign_role/?id={one.pk}&id={other.pk}", {"role": group.pk}
    )

    assert all(stored(each).has_perm(ENTER) for each in (one, other))
    assert not customers().filter(pk__in=[one.pk, other.pk]).exists()


def test_whoever_could_enter_before_the_box_counted_still_can(client: Client) -> None:
    user = in_group(client, "owner", is_staff=False)
    customer = UserFactory.create()

    import_module("accounts.migrations.0005_let_in_who_worked").let_in(apps, None)

    assert stored(user).has_perm(ENTER)
    assert not stored(customer).is_staff
