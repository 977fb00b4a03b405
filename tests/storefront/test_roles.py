"""The groups that every shop has: what the table gives, and what an owner decides."""

from pathlib import Path

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from wagtail.models import GroupCollectionPermission, GroupPagePermission, Page
from wagtail.permissions import policy_registry
import pytest

from accounts.models import User
from storefront.models import KeptRole
from storefront.roles import keeping, page
from storefront.roles.table import RIGHTS, ROLES, RoleOfShop, rights_of
from tests.accounts.factories import UserFactory
from tests.test_floors import FLOORS

ROOT = Path(__file__).resolve().parents[2]
BY_KEY = {role.key: role for role in ROLES}


def _member(key: str) -> User:
    keeping.keep_roles()
    user: User = UserFactory.create(is_staff=True)
    user.groups.add(KeptRole.objects.get(key=key).group)
    return user


def test_the_page_says_what_the_table_says() -> None:
    assert (ROOT / "docs" / "roles.md").read_text() == page.written(), (
        "Run `.venv/bin/python -m tools.roles_page`."
    )


def test_every_right_in_the_table_exists_and_every_one_of_ours_is_somebody_s() -> None:
    ours, known = set(), set()
    for model in apps.get_models():
        meta = model._meta
        own = {f"{meta.app_label}.{codename}" for codename, _ in meta.permissions}
        usual = {f"{meta.app_label}.{each}_{meta.model_name}" for each in meta.default_permissions}
        known |= own | usual
        if meta.app_label in FLOORS:
            ours |= own
    # Wagtail asks for the right to choose pictures by collections.
    ours -= {"cms.choose_image"}

    assert {right for right in RIGHTS if " " not in right} <= known
    assert ours <= RIGHTS.keys()


def test_letters_name_roles_in_the_order_of_the_table() -> None:
    letters = "".join(role.letter for role in ROLES)

    assert [right for right, who in RIGHTS.items() if who not in _subsequences(letters)] == []


def _subsequences(letters: str) -> set[str]:
    found = {""}
    for letter in letters:
        found |= {each + letter for each in found}
    return found - {""}


def test_health_is_read_by_clinical_reviewers_alone() -> None:
    told = ("consultationrequest", "symptomreport", "privatequestion", "questionnaire")

    assert {who for right, who in RIGHTS.items() if right.endswith(told)} == {"C"}


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.key)
def test_the_migration_makes_each_group_and_keeping_gives_what_the_table_says(
    role: RoleOfShop,
) -> None:
    row = KeptRole.objects.get(key=role.key)
    assert (row.given, row.group and row.group.name) == ([], role.group)

    user = _member(role.key)

    plain = {right for right in rights_of(role) if " " not in right}
    assert plain <= user.get_all_permissions()
    pages = GroupPagePermission.objects.filter(group=row.group)
    assert {f"page {each.permission.codename.removesuffix('_page')}" for each in pages} == {
        right for right in rights_of(role) if right.startswith("page ")
    }
    kept = GroupCollectionPermission.objects.filter(group=row.group)
    assert {" ".join(reversed(each.permission.codename.split("_"))) for each in kept} == {
        right for right in rights_of(role) if right.startswith(("image ", "document "))
    }


@pytest.mark.django_db
def test_keeping_twice_changes_nothing() -> None:
    first = keeping.keep_roles()
    rights = Permission.objects.filter(group__kept_role__isnull=False).count()

    assert len(first) == sum(len(rights_of(role)) for role in ROLES)
    assert keeping.keep_roles() == []
    assert Permission.objects.filter(group__kept_role__isnull=False).count() == rights


@pytest.mark.django_db
def test_what_an_owner_took_gave_renamed_or_deleted_stays_so() -> None:
    keeping.keep_roles()
    packers, desk = (Group.objects.get(name=name) for name in ("Fulfilment", "Front desk"))
    taken = Permission.objects.get(codename="change_stock")
    given = Permission.objects.get(codename="cancel_order")
    packers.permissions.remove(taken)
    packers.permissions.add(given)
    Group.objects.filter(pk=packers.pk).update(name="Packers")
    desk.delete()

    assert keeping.keep_roles() == []

    assert packers.permissions.filter(pk=given.pk).exists()
    assert not packers.permissions.filter(pk=taken.pk).exists()
    assert not Group.objects.filter(name__in=["Fulfilment", "Front desk"]).exists()


@pytest.mark.django_db
def test_only_what_is_new_in_the_table_is_given_and_only_what_it_dropped_is_taken(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    keeping.keep_roles()
    later = {"checkout.cancel_order": "FDMO", "page lock": "CMO", "page change": "WMO"}
    monkeypatch.setattr("storefront.roles.table.RIGHTS", {**RIGHTS, **later})

    call_command("sync_roles")

    assert capsys.readouterr().out.splitlines() == [
        "Fulfilment: may now checkout.cancel_order",
        "Clinical reviewers: may now page lock",
        "Clinical reviewers: may no longer page change",
    ]
    assert _member("fulfilment").has_perm("checkout.cancel_order")
    policy = policy_registry.get_by_type(Page)
    reviewer = _member("clinical_reviewer")
    assert policy.user_has_permission(reviewer, "lock")
    assert not policy.user_has_permission(reviewer, "change")


@pytest.mark.django_db
def test_groups_of_the_shop_s_own_are_left_alone() -> None:
    own = Group.objects.create(name="Summer help")

    keeping.keep_roles()

    own.refresh_from_db()
    assert own.permissions.count() == 0
    assert not KeptRole.objects.filter(group=own).exists()
