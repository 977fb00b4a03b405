"""R59: what is done to many accounts at once is told of each, as if it was done one by one."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import Group
from django.test import Client
from wagtail.models import ModelLogEntry
import pytest

from accounts.models import User
from cms import told_edits
from storefront.roles import keeping
from tests.accounts.factories import UserFactory
from tests.checkout.history_of import history_of
from tests.treatments.factories import SessionPassFactory

pytestmark = pytest.mark.django_db

BOSS = "boss@example.com"


@pytest.fixture
def boss(client: Client) -> Client:
    client.force_login(UserFactory.create(email=BOSS, manager=True))
    return client


@pytest.fixture
def group() -> Group:
    keeping.keep_roles()
    return Group.objects.get(name="Fulfilment")


@pytest.fixture
def two() -> tuple[User, User]:
    return UserFactory.create(), UserFactory.create(is_staff=True)


def to_many(boss: Client, act: str, users: Sequence[User], **said: Any) -> None:
    chosen = "&".join(f"id={user.pk}" for user in users)
    assert boss.post(f"/admin/bulk/accounts/user/{act}/?{chosen}", said).status_code == 302


def test_a_role_is_told_of_each_with_what_was_there_before(
    boss: Client, group: Group, two: tuple[User, User]
) -> None:
    bystander = UserFactory.create()

    to_many(boss, "assign_role", two, role=group.pk)

    one, other = two
    assert history_of(one) == [
        ("Edited. may enter the admin: no → yes; groups: nothing → Fulfilment", BOSS)
    ]
    assert history_of(other) == [("Edited. groups: nothing → Fulfilment", BOSS)]
    assert history_of(bystander) == []


def test_whoever_is_shut_out_or_let_in_again_is_told_of(
    boss: Client, two: tuple[User, User]
) -> None:
    to_many(boss, "set_active_state", two, mark_as_active="False")
    to_many(boss, "set_active_state", two, mark_as_active="True")

    for user in two:
        assert history_of(user) == [
            ("Edited. active: yes → no", BOSS),
            ("Edited. active: no → yes", BOSS),
        ]


def test_of_those_who_are_deleted_each_is_told(boss: Client, two: tuple[User, User]) -> None:
    holder = UserFactory.create()
    SessionPassFactory(owner=holder)
    emails = {user.email for user in two}

    to_many(boss, "delete", [*two, holder])

    told = ModelLogEntry.objects.filter(action="wagtail.delete", deleted=True)
    assert {(entry.label, str(entry.user)) for entry in told} == {(email, BOSS) for email in emails}
    assert history_of(holder) == []


def test_what_cannot_be_told_is_not_done(
    boss: Client, group: Group, two: tuple[User, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_told: Any) -> None:
        raise OSError("The history is full.")

    monkeypatch.setattr(told_edits, "log", refuse)

    with pytest.raises(OSError, match="full"):
        to_many(boss, "assign_role", two, role=group.pk)

    assert not group.user_set.exists()
    assert not User.objects.get(pk=two[0].pk).is_staff
