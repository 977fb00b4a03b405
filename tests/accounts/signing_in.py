"""Sessions that were begun at a moment, in allauth's own words."""

import time
from typing import Any, Final

from django.contrib.auth.models import Permission
from django.db.models import Q
from django.test import Client

from accounts.models import User
from accounts.second_factor.standing import SEEN_AT

RECORDS: Final = "account_authentication_methods"
OWNER: Final = "account_authentication_methods_user"
_sign_in = Client.force_login


def sign_in_at(client: Client, user: User, moment: float, **record: Any) -> None:
    """Say when and how a session was begun: by a code, unless told otherwise.

    Whoever may enter the admin has shown a second factor then, and worked on since.
    """
    record = {"method": "code", "at": moment, "email": user.email} | record
    _record(client, user, [record, *_second_factors(user, moment)])


def force_login(client: Client, user: Any, backend: str | None = None) -> None:
    """Sign somebody in as `Client.force_login` does; who works here has shown a second factor."""
    _sign_in(client, user, backend)
    shown = _second_factors(user, time.time())
    if shown:
        _record(client, user, shown)


def sign_in_without_second_factor(client: Client, user: User) -> None:
    """Sign somebody in who has typed a code from a mail, and nothing more."""
    _sign_in(client, user)
    record = {"method": "code", "at": time.time(), "email": user.email}
    session = client.session
    session[RECORDS], session[OWNER] = [record], str(user.pk)
    session.save()


def _second_factors(user: User, moment: float) -> list[dict[str, Any]]:
    return [{"method": "mfa", "at": moment, "type": "totp"}] if _may_enter(user) else []


def _record(client: Client, user: User, records: list[dict[str, Any]]) -> None:
    session = client.session
    session[RECORDS], session[OWNER] = records, str(user.pk)
    if _may_enter(user):
        session[SEEN_AT] = time.time()
    session.save()


def _may_enter(user: User) -> bool:
    """Ask without a word to the user, who would remember what they may."""
    held = Q(group__user=user) | Q(user=user)
    return user.is_superuser or Permission.objects.filter(held, codename="access_admin").exists()
