"""What a session of somebody who works here lacks before it may enter the admin."""

import datetime as dt
import enum
import logging
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.contrib.sessions.backends.base import UpdateError
from django.db import OperationalError
from django.http import HttpRequest
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator

logger = logging.getLogger(__name__)

# How long a second factor that was shown lets somebody in: a day at work.
SHOWN_FOR: Final = dt.timedelta(hours=12)
# Who does nothing for so long may have gone away from the screen.
IDLE_AFTER: Final = dt.timedelta(minutes=30)
# Writing down every request would cost a row each.
NOTED_EVERY: Final = dt.timedelta(minutes=1)
SEEN_AT: Final = "staff_seen_at"
METHOD: Final = "mfa"
FACTORS: Final = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
_RECORDS: Final = "account_authentication_methods"


class Lack(enum.Enum):
    """What has to happen first."""

    ENROLMENT = "there is no second factor yet"
    SECOND_FACTOR = "it was not shown in this session, or too long ago"
    PRESENCE = "nothing was done for a while"


def is_enrolled(user: Any) -> bool:
    """Tell whether somebody has a second factor; recovery codes alone are none."""
    return bool(get_adapter().is_mfa_enabled(user, types=FACTORS))


def has_shown(request: HttpRequest) -> bool:
    """Tell whether a second factor was shown in this very session."""
    return any(record.get("method") == METHOD for record in _records(request))


def lack_of(request: HttpRequest, *, at: dt.datetime) -> Lack | None:
    """Return what a session lacks to enter the admin; None if nothing."""
    records = _records(request)
    shown = _latest(each for each in records if each.get("method") == METHOD)
    if at.timestamp() - shown >= SHOWN_FOR.total_seconds():
        return Lack.SECOND_FACTOR if is_enrolled(request.user) else Lack.ENROLMENT
    seen = max(request.session.get(SEEN_AT, 0.0), _latest(records))
    if at.timestamp() - seen >= IDLE_AFTER.total_seconds():
        return Lack.PRESENCE
    return None


def note_presence(request: HttpRequest, *, at: dt.datetime) -> None:
    """Note that somebody is at work, once a minute; later, if the database has no time now."""
    seen = max(request.session.get(SEEN_AT, 0.0), _latest(_records(request)))
    if at.timestamp() - seen < NOTED_EVERY.total_seconds():
        return
    was_modified = request.session.modified
    request.session[SEEN_AT] = at.timestamp()
    try:
        request.session.save()
    except UpdateError:
        return  # Ended meanwhile: it stays to be written, and whoever does so says so.
    except OperationalError as error:
        logger.warning("The database had no time to note that somebody is at work: %s", error)
    request.session.modified = was_modified


def forget_shown(request: HttpRequest) -> None:
    """Let this session have shown nothing, as when the device it was shown by is taken away."""
    kept = [each for each in _records(request) if each.get("method") != METHOD]
    request.session[_RECORDS] = kept


def _records(request: HttpRequest) -> list[Mapping[str, Any]]:
    """Return what this session has shown for whoever is signed in; of somebody else it is void."""
    return list(get_authentication_records(request, request.user))


def _latest(records: Iterable[Mapping[str, Any]]) -> float:
    return max((float(record.get("at", 0)) for record in records), default=0.0)
