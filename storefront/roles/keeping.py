"""Bring the shop's groups up to the table of roles, and leave alone what an owner has decided.

What each role was given is written down. A right that is new in the table is given once; one
that the table has dropped is taken; whatever else an owner gave or took stays as it is.
"""

from collections.abc import Iterator
from typing import Final

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from storefront.models import KeptRole
from storefront.roles.table import ROLES, RoleOfShop, rights_of

_COLLECTED: Final = {"image": "wagtailimages", "document": "wagtaildocs"}


@transaction.atomic
def keep_roles() -> list[str]:
    """Give and take what has changed in the table; return what was done, a line for each."""
    return [line for role in ROLES for line in _keep(role)]


def _keep(role: RoleOfShop) -> Iterator[str]:
    row, is_new = KeptRole.objects.get_or_create(key=role.key)
    if is_new:
        row.group, _ = Group.objects.get_or_create(name=role.group)
    if row.group is None:
        return
    given, wanted = frozenset(row.given), rights_of(role)
    found = {right: _permission(right) for right in given ^ wanted}
    there = {right: each for right, each in found.items() if each is not None}
    for right in sorted(there.keys() & wanted):
        _give(row.group, right, there[right])
        yield f"{row.group}: may now {right}"
    for right in sorted(there.keys() & given):
        _take(row.group, right, there[right])
        yield f"{row.group}: may no longer {right}"
    now = (given & wanted) | (there.keys() & wanted)
    if is_new or now != given:
        row.given = sorted(now)
        row.save()


def _permission(right: str) -> Permission | None:
    """Return the row of a right; None where the app that it belongs to has not made it yet."""
    app, codename = _named(right)
    found = Permission.objects.filter(content_type__app_label=app, codename=codename)
    return found.first()


def _named(right: str) -> tuple[str, str]:
    kind, _, action = right.partition(" ")
    if not action:
        app, _, codename = right.partition(".")
        return app, codename
    return _COLLECTED.get(kind, "wagtailcore"), f"{action}_{kind}"


def _give(group: Group, right: str, permission: Permission) -> None:
    if right.startswith("page "):
        root = Page.get_first_root_node()
        GroupPagePermission.objects.get_or_create(group=group, page=root, permission=permission)
    elif " " in right:
        collection = Collection.get_first_root_node()
        GroupCollectionPermission.objects.get_or_create(
            group=group, collection=collection, permission=permission
        )
    else:
        group.permissions.add(permission)


def _take(group: Group, right: str, permission: Permission) -> None:
    if right.startswith("page "):
        GroupPagePermission.objects.filter(group=group, permission=permission).delete()
    elif " " in right:
        GroupCollectionPermission.objects.filter(group=group, permission=permission).delete()
    else:
        group.permissions.remove(permission)
