"""Somebody who works here, with and without a second factor."""

import datetime as dt

from wagtail.models import ModelLogEntry
import pytest
from allauth.mfa.totp.internal.auth import generate_totp_secret

from accounts.models import User
from accounts.second_factor import codes
from tests.accounts.factories import UserFactory

NOON = dt.datetime(2026, 3, 2, 12, 0, tzinfo=dt.UTC)
PASSWORD = "correct horse battery"  # pragma: allowlist secret


def said_of(user: User) -> list[str]:
    """Return what the history of an account says, the newest first."""
    entries = ModelLogEntry.objects.for_instance(user).order_by("-timestamp", "-pk")
    return [entry.message for entry in entries]


@pytest.fixture
def newcomer(db: None) -> User:
    """A member of staff on the first day."""
    return UserFactory.create(
        email="packer@example.com", password=PASSWORD, verified=True, manager=True
    )


@pytest.fixture
def secret() -> str:
    return generate_totp_secret()


@pytest.fixture
def enrolled(newcomer: User, secret: str) -> User:
    """The same one, with an authenticator app."""
    codes.enrol(newcomer, secret)
    return newcomer
