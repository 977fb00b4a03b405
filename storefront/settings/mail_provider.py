"""What a mail provider's own interface needs to be set to, and what it must not do."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured

_PROVIDER_KEYS = {
    "brevo": "BREVO_API_KEY",
    "mailersend": "MAILERSEND_API_TOKEN",
    "mailgun": "MAILGUN_API_KEY",
    "postmark": "POSTMARK_SERVER_TOKEN",
    "sparkpost": "SPARKPOST_API_KEY",
}


def mail_provider(name: str, *, key: str, webhook_secret: str) -> dict[str, Any]:
    """Return the settings of a mail provider, which watches nobody who reads our mails.

    :raises ImproperlyConfigured: if it is not known, or its reports could be forged.
    """
    if name not in _PROVIDER_KEYS:
        known = ", ".join(_PROVIDER_KEYS)
        raise ImproperlyConfigured(f"EMAIL_PROVIDER must be one of {known}.")
    if not key or len(webhook_secret) < 20 or ":" not in webhook_secret:
        raise ImproperlyConfigured(
            "EMAIL_PROVIDER_KEY is empty, or EMAIL_WEBHOOK_SECRET is not of the form"
            " name:password with 20 or more characters."
        )
    return {
        _PROVIDER_KEYS[name]: key,
        "WEBHOOK_SECRET": webhook_secret,
        "SEND_DEFAULTS": {"track_opens": False, "track_clicks": False},
        "IGNORE_UNSUPPORTED_FEATURES": True,
    }
