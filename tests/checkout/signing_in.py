"""Let a test's browser have signed in a moment ago, as allauth notes it."""

from django.test import Client
from django.utils import timezone


def just_signed_in(client: Client) -> None:
    """Note in the session that its person has typed a password and shown a second factor now."""
    session = client.session
    at = timezone.now().timestamp()
    session["account_authentication_methods"] = [
        {"method": "password", "at": at},
        {"method": "mfa", "at": at, "type": "totp"},
    ]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()
