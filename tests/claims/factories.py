"""Pages that say something, people who may allow it, and studies."""

import datetime as dt
from typing import Any

from django.contrib.auth.models import Permission

from accounts.models import User
from claims.models import Evidence
from tests.catalog.factories import CategoryPageFactory

NOON = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)
CLAIM = "Our wash regrows hair."
REASON = "Quoted from a customer, who is answered in the next paragraph."


def category(**facts: Any) -> Any:
    """A live category whose blurb can be made to say anything."""
    return CategoryPageFactory(**facts)


def reviewer(name: str = "Dr Vera Lindqvist") -> User:
    """Somebody who may allow a claim."""
    user = User.objects.create_user("vera@galea.example", "secret", name=name, is_staff=True)
    wanted = ["add_claimoverride", "access_admin"]
    user.user_permissions.set(Permission.objects.filter(codename__in=wanted))
    return User.objects.get(pk=user.pk)


def study(**facts: Any) -> Evidence:
    return Evidence.objects.create(
        **{
            "code": "GAL-2026-01",
            "study": "How light the serum feels",
            "citation": "Galea, 40 volunteers, January 2026",
            "valid_until": dt.date(2099, 12, 31),
            **facts,
        }
    )
