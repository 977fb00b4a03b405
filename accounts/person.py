"""A person, as the rooms know them, and what each room must be able to do with their data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator

from accounts.models import AccountSession, User
from accounts.sessions import end_all

# Ends in a name that no mail server will ever have (RFC 2606).
_NOBODYS_ADDRESS: Final = "deleted-{}@deleted.invalid"
NOBODYS_NAME: Final = "Deleted customer"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account, and the addresses that are proved to be theirs."""

    user: User
    emails: tuple[str, ...]

    @property
    def nobodys_address(self) -> str:
        """What stands in place of their address once they are gone; another for each person."""
        return _NOBODYS_ADDRESS.format(self.user.pk)


@dataclass(frozen=True, slots=True)
class Room:
    """What one room holds of people, how it hands it out, and how it forgets it.

    :ivar holds: labels of the models whose rows are handed out.
    """

    title: str
    holds: frozenset[str]
    hand_out: Callable[[Person], Mapping[str, Any]]
    forget: Callable[[Person], None]


def person_of(user: User) -> Person:
    """Return a person with every address they have proved; one merely typed proves nothing."""
    proved = EmailAddress.objects.filter(user=user, verified=True).order_by("pk")
    return Person(user, tuple(email.lower() for email in proved.values_list("email", flat=True)))


def _hand_out(person: Person) -> Mapping[str, Any]:
    user = person.user
    addresses = EmailAddress.objects.filter(user=user).order_by("pk")
    sessions = AccountSession.objects.filter(user=user).order_by("began_at", "pk")
    return {
        "name": user.name,
        "email": user.email,
        "opened_at": user.joined_at,
        "last_signed_in_at": user.last_login,
        "has_password": user.has_usable_password(),
        "addresses": list(addresses.values("email", "verified", "primary")),
        "signed_in": list(sessions.values("device", "began_at")),
    }


def close_row(person: Person) -> None:
    """Leave a row that names nobody and opens to nobody; every session of it ends at once."""
    user = person.user
    EmailAddress.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    end_all(of_id=user.pk)
    user.email, user.name = person.nobodys_address, ""
    user.is_active, user.last_login = False, None
    user.set_unusable_password()
    user.save()


ROOM: Final = Room(
    title="Account",
    holds=frozenset({"accounts.AccountSession", "accounts.User", "account.EmailAddress"}),
    hand_out=_hand_out,
    forget=close_row,
)
