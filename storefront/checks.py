"""System checks: what must never be combined, told before the first request."""

import datetime as dt
from typing import Any, Final

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution
from django.utils import timezone

from blog import video_players
from storefront.account import wallet_keys
from treatments import statement_keys

_LIVE_KEYS = ("sk_live_", "rk_live_")
# How long before its end somebody is told of a certificate that has to be asked for anew.
_NOTICE: Final = dt.timedelta(days=30)


@register(Tags.security)
def check_stripe_keys(**_context: Any) -> list[CheckMessage]:
    """Refuse a live key that would be sent to a server other than Stripe."""
    if settings.STRIPE_API_BASE and settings.STRIPE_SECRET_KEY.startswith(_LIVE_KEYS):
        return [
            Error(
                "STRIPE_API_BASE is set beside a live Stripe key.",
                hint="Unset STRIPE_API_BASE, or use a test key.",
                id="storefront.E001",
            )
        ]
    if settings.DEMO and settings.STRIPE_SECRET_KEY.startswith(_LIVE_KEYS):
        return [
            Error(
                "The demo settings hold a live Stripe key.",
                hint="Use storefront.settings.production to take real money.",
                id="storefront.E002",
            )
        ]
    return []


@register(Tags.security)
def check_statement_keys(**_context: Any) -> list[CheckMessage]:
    """Refuse keys that could not sign anything, before a customer asks for a statement."""
    try:
        statement_keys.signing_keys()
    except statement_keys.NotAKey as refusal:
        return [Error(str(refusal), hint="See docs/statements.md.", id="storefront.E006")]
    return []


@register(Tags.security)
def check_wallets(**_context: Any) -> list[CheckMessage]:
    """Refuse keys that could not sign a pass, before a customer asks for one."""
    ends_at = None
    try:
        if wallet_keys.has_apple():
            ends_at = wallet_keys.apple().certificate.not_valid_after_utc
        if wallet_keys.has_google():
            wallet_keys.google()
    except (wallet_keys.NotAnIdentity, wallet_keys.NotAnAccount) as refusal:
        return [Error(str(refusal), hint="See docs/wallets.md.", id="storefront.E007")]
    if ends_at is None or ends_at > timezone.now() + _NOTICE:
        return []
    return [
        Caution(
            f"The certificate in APPLE_WALLET_FILE ends on {ends_at:%-d %B %Y}.",
            hint="Ask Apple for a new one: see docs/wallets.md.",
            id="storefront.W003",
        )
    ]


@register(Tags.security, deploy=True)
def check_stripe_server(**_context: Any) -> list[CheckMessage]:
    """Object to a payment server other than Stripe on settings meant for real customers."""
    if not settings.STRIPE_API_BASE or settings.STRIPE_API_BASE_EXPECTED:
        return []
    return [
        Error(
            "STRIPE_API_BASE is set: payments would not reach Stripe.",
            hint="Unset STRIPE_API_BASE except for a rehearsal.",
            id="storefront.E003",
        )
    ]


@register(Tags.security)
def check_forged_requests(**_context: Any) -> list[CheckMessage]:
    """Make sure that forged forms are refused; Django's own check does not know our middleware."""
    if "storefront.csrf.OriginCsrfMiddleware" in settings.MIDDLEWARE:
        return []
    return [
        Error(
            "Nothing refuses forged forms.",
            hint="Put storefront.csrf.OriginCsrfMiddleware into MIDDLEWARE.",
            id="storefront.E004",
        )
    ]


@register(Tags.security)
def check_video_players(**_context: Any) -> list[CheckMessage]:
    """Refuse players of films that nobody here knows."""
    return [
        Error(
            f"VIDEO_PLAYERS names “{name}”, which is not known.",
            hint=f"Known are: {', '.join(video_players.KINDS)}.",
            id="storefront.E005",
        )
        for name in video_players.unknown()
    ]


@register(Tags.security, deploy=True)
def check_production_services(**_context: Any) -> list[CheckMessage]:
    """Warn of services that work on one developer's machine only."""
    found: list[CheckMessage] = []
    if settings.CACHES["default"]["BACKEND"].rsplit(".", 1)[-1] in {"LocMemCache", "DummyCache"}:
        found.append(
            Caution(
                "The cache is private to each process, so rate limits do not add up.",
                hint="Set CACHE_URL, such as redis://localhost:6379/0.",
                id="storefront.W001",
            )
        )
    if settings.EMAIL_BACKEND.endswith(("console.EmailBackend", "dummy.EmailBackend")):
        found.append(
            Caution(
                "Mail is not sent to anybody.",
                hint="Set EMAIL_URL, such as smtp+tls://user:password@host:587.",
                id="storefront.W002",
            )
        )
    return found
