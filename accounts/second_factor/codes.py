"""Codes of authenticator apps: each is good once, and for about a minute (RFC 6238)."""

import datetime as dt
from typing import Final

from django.db import transaction
from django.utils.crypto import constant_time_compare
from django.views.decorators.debug import sensitive_variables
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value

from accounts.models import User
from accounts.sealing import Unreadable
from accounts.second_factor.adapter import SEALER

STEP: Final = 30
# A phone's clock may be wrong by so many steps.
DRIFT: Final = 1
_LAST: Final = "last_step"
_BY_HAND: Final = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)


def step_at(moment: dt.datetime) -> int:
    """Return which step of time it is."""
    return int(moment.timestamp()) // STEP


def code_at(secret: str, moment: dt.datetime) -> str:
    """Return what an authenticator app shows at a moment."""
    return str(format_hotp_value(hotp_value(secret, step_at(moment))))


@sensitive_variables()
def enrol(user: User, secret: str) -> None:
    """Let an app that knows a secret be somebody's second factor, in place of what they had."""
    with transaction.atomic():
        Authenticator.objects.filter(user=user).delete()
        TOTP.activate(user, secret)
        RecoveryCodes.activate(user)


@sensitive_variables()
def secret_in(row: Authenticator) -> str:
    """Return the secret of somebody's app.

    :raises Unreadable: if the key that it was sealed with is gone.
    """
    return SEALER.unseal(row.data["secret"])


@sensitive_variables()
def use(user: User, code: str, *, at: dt.datetime) -> Authenticator | None:
    """Use a code of somebody's app, or a recovery code, up; None if it is not good.

    A code of the app counts for no step that is not after the last one used, so what somebody
    has looked over a shoulder is worth nothing once it is typed.
    """
    typed = "".join(code.split())
    for row in Authenticator.objects.filter(user=user, type__in=_BY_HAND).order_by("-type"):
        try:
            if _is_used_up(row, typed, at=at):
                return row
        except Unreadable:
            continue
    return None


@sensitive_variables()
def _is_used_up(row: Authenticator, typed: str, *, at: dt.datetime) -> bool:
    if row.type == Authenticator.Type.RECOVERY_CODES:
        return bool(RecoveryCodes(row).validate_code(typed))
    with transaction.atomic():
        held = Authenticator.objects.select_for_update().get(pk=row.pk)
        step = _step_of(secret_in(held), typed, at=at)
        if step is None or step <= held.data.get(_LAST, -1):
            return False
        held.data[_LAST] = step
        held.save(update_fields=["data"])
    return True


@sensitive_variables()
def _step_of(secret: str, typed: str, *, at: dt.datetime) -> int | None:
    """Return for which step a code is good; every one is compared, whichever fits."""
    now = step_at(at)
    fitting = [
        step
        for step in range(now - DRIFT, now + DRIFT + 1)
        if constant_time_compare(format_hotp_value(hotp_value(secret, step)), typed)
    ]
    return max(fitting, default=None)
