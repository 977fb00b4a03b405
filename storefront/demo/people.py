"""The clinic's staff with their roles, and the demo's customers with their logins."""

import datetime as dt
import json
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import generate_totp_secret

from accounts.models import User
from accounts.second_factor import codes
from checkout import address_book
from checkout.placement import Address
from storefront.demo import content
from storefront.roles import keeping

# Two letters and two digits that look alike on paper are left out.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
CUSTOMER = "Customer"


@dataclass(frozen=True)
class Login:
    """How somebody of the demo signs in; made anew for every install.

    :ivar secret: what an authenticator app would know; empty for customers.
    """

    role: str
    email: str
    password: str
    secret: str = ""


def seed(at: dt.datetime) -> None:
    """Fill the shop's roles, and add everybody of the demo who has no account yet."""
    keeping.keep_roles()
    people = content.facts("people")
    for person in [*people["staff"], *people["customer"]]:
        if not User.objects.filter(email=person["email"]).exists():
            _add_person(person, at)


def add_addresses(at: dt.datetime) -> None:
    """Let customers have kept the addresses that the data file tells of."""
    for facts in content.facts("people")["address"]:
        names = ("name", "line1", "line2", "postcode", "city", "country")
        address_book.add(
            user=User.objects.get(email=facts["customer"]),
            address=Address(**{name: facts.get(name, "") for name in names}),
            label=facts["label"],
            at=at,
        )


def are_all_there() -> bool:
    """Whether everybody of the demo has an account."""
    emails = {email for _, email in _everybody()}
    return User.objects.filter(email__in=emails).count() == len(emails)


def marketer() -> User:
    """Return who writes the demo's pages."""
    return _staff_member("Marketer")


def manager() -> User:
    """Return who runs the demo's clinic."""
    return _staff_member("Manager")


def packer() -> User:
    """Return who packs the demo's parcels."""
    return _staff_member("Fulfilment")


def desk() -> User:
    """Return who redeems sessions at the demo's desk."""
    return _staff_member("Front desk")


def clinician() -> User:
    """Return who stands for the demo's clinical rules."""
    return _staff_member("Clinical reviewer")


def refresh_logins(path: Path) -> list[Login]:
    """Give a new login to everybody whose own the file does not hold, and rewrite it.

    A file that is complete is left as it is; a lost one makes every old password useless.
    """
    everybody = list(_everybody())
    written = {login.email: login for login in _read(path) if _is_whole(login)}
    missing = [_new_login(role, email) for role, email in everybody if email not in written]
    if missing:
        _set_passwords(missing)
        _enrol(missing)
        _write(path, [*written.values(), *missing])
    return [*written.values(), *missing]


def _is_whole(login: Login) -> bool:
    return login.role == CUSTOMER or bool(login.secret)


def _new_login(role: str, email: str) -> Login:
    secret = "" if role == CUSTOMER else generate_totp_secret()
    return Login(role, email, _new_password(), secret)


def _enrol(logins: list[Login]) -> None:
    """Let the staff have set up their second factors; /demo/codes/ stands for their phones."""
    for login in logins:
        if login.secret:
            codes.enrol(User.objects.get(email=login.email), login.secret)


def _everybody() -> Iterator[tuple[str, str]]:
    people = content.facts("people")
    for person in people["staff"]:
        yield person["role"], person["email"]
    for person in people["customer"]:
        yield CUSTOMER, person["email"]


def _staff_member(role: str) -> User:
    staff = content.facts("people")["staff"]
    return User.objects.get(email=next(one["email"] for one in staff if one["role"] == role))


def _set_passwords(logins: list[Login]) -> None:
    # Hashing is slow on purpose and leaves Python's lock: two cores halve the wait.
    with ThreadPoolExecutor() as pool:
        hashes = pool.map(make_password, [login.password for login in logins])
    for login, encoded in zip(logins, hashes, strict=True):
        User.objects.filter(email=login.email).update(password=encoded)


def _new_password() -> str:
    """Return a password of 79 random bits that can be typed off a screen."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(16))
    return "-".join(letters[start : start + 4] for start in range(0, 16, 4))


def _read(path: Path) -> list[Login]:
    try:
        return [Login(**login) for login in json.loads(path.read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError):
        return []


def _write(path: Path, logins: list[Login]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    unfinished.touch(mode=0o600)
    unfinished.write_text(json.dumps([asdict(login) for login in logins], indent=2) + "\n")
    unfinished.replace(path)


def _add_person(person: content.Facts, at: dt.datetime) -> None:
    user = User.objects.create_user(
        person["email"],
        name=person["name"],
        is_staff="role" in person,
        joined_at=at,
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    if "group" in person:
        user.groups.add(Group.objects.get(name=person["group"]))
