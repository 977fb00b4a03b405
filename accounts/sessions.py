"""Where somebody is signed in: sessions with an owner, a beginning and an end.

Django's sessions kept in the database, as its own documentation extends them, so that people can
see theirs and end them.
"""

import datetime as dt
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final, cast

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import OperationalError, models
from django.utils.crypto import constant_time_compare, salted_hmac

# However busy it is kept, a session ends so long after its beginning.
LONGEST: Final = dt.timedelta(days=30)
BEGAN_AT: Final = "began_at"
DEVICE: Final = "device"


class AccountSession(AbstractBaseSession):
    """One browser that is signed in, or that the shop remembers something of."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="sessions"
    )
    began_at = models.DateTimeField(null=True)
    device = models.CharField(max_length=60, blank=True)

    class Meta(AbstractBaseSession.Meta):
        indexes: ClassVar = [models.Index(fields=["user", "-began_at"], name="sessions_of_user")]

    @classmethod
    def get_session_store_class(cls) -> type[DatabaseStore]:
        """Return what reads and writes these rows."""
        return SessionStore


class SessionStore(DatabaseStore):
    """Notes with every session whose it is; it ends at the latest after `LONGEST`."""

    @classmethod
    def get_model_class(cls) -> type[AccountSession]:
        """Return the rows that sessions are kept in."""
        return AccountSession

    def create_model_instance(self, data: dict[str, Any]) -> AccountSession:
        """Return the row of what the session holds now."""
        owner = data.get(SESSION_KEY)
        if owner is not None:
            data.setdefault(BEGAN_AT, time.time())
        row = cast(AccountSession, super().create_model_instance(data))
        row.user_id = int(owner) if owner is not None else None
        row.device = str(data.get(DEVICE, ""))
        row.began_at = _moment(data) if owner is not None else None
        return row

    def save(self, must_create: bool = False) -> None:
        """Write the session down.

        :raises UpdateError: if somebody has ended it meanwhile.
        :raises OperationalError: if the database had no time; Django would call that ended, too.
        """
        try:
            super().save(must_create)
        except UpdateError as error:
            if isinstance(error.__context__, OperationalError):
                raise error.__context__ from None
            raise

    def get_expiry_age(self, **kwargs: Any) -> int:
        """Return how many seconds are left."""
        age = super().get_expiry_age(**kwargs)
        return min(age, self._left()) if BEGAN_AT in self else age

    def get_expiry_date(self, **kwargs: Any) -> dt.datetime:
        """Return when it ends."""
        ends_at: dt.datetime = super().get_expiry_date(**kwargs)
        if BEGAN_AT not in self:
            return ends_at
        return min(ends_at, _moment(self) + LONGEST)

    def _left(self) -> int:
        return max(0, int(self[BEGAN_AT] + LONGEST.total_seconds() - time.time()))


@dataclass(frozen=True, slots=True)
class SignIn:
    """One browser in which somebody is signed in.

    :ivar name: what it is called on pages; its key would let anybody in who reads it.
    """

    name: str
    device: str
    began_at: dt.datetime
    is_this: bool


def sign_ins(*, of_id: int, this: str | None, at: dt.datetime) -> list[SignIn]:
    """Return where somebody is signed in, the newest first, but this browser before all.

    :param this: the key of the session that asks.
    """
    rows = _of(of_id).filter(expire_date__gt=at).order_by("-began_at", "session_key")
    found = [
        SignIn(
            name=_name(row.session_key),
            device=row.device or "A browser",
            began_at=cast(dt.datetime, row.began_at),
            is_this=row.session_key == this,
        )
        for row in rows
    ]
    return sorted(found, key=lambda each: not each.is_this)


def end(*, of_id: int, name: str) -> bool:
    """Sign somebody out in the browser of that name; tell whether there was one."""
    for key in _of(of_id).values_list("session_key", flat=True):
        if constant_time_compare(_name(key), name):
            return bool(AccountSession.objects.filter(session_key=key, user_id=of_id).delete()[0])
    return False


def _of(owner_id: int) -> models.QuerySet[AccountSession]:
    return AccountSession.objects.filter(user_id=owner_id, began_at__isnull=False)


def _name(key: str) -> str:
    return salted_hmac("accounts.sessions.name", key, algorithm="sha256").hexdigest()[:32]


def end_all(*, of_id: int, but: str | None = None) -> int:
    """Sign somebody out everywhere, but in one session; return of how many browsers."""
    rows = AccountSession.objects.filter(user_id=of_id).exclude(session_key=but or "")
    return rows.delete()[0]


def _moment(data: Mapping[str, Any] | SessionStore) -> dt.datetime:
    return dt.datetime.fromtimestamp(data[BEGAN_AT], tz=dt.UTC)
