"""Production: refuses to start on a setting that would lose money or let a stranger in.

Each refusal is one line that names the variable and says what to do.
"""

import re
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from storefront.settings.base import *
from storefront.settings.base import (
    ALLOWED_HOSTS,
    CONTENT_SECURITY_POLICY,
    GIFT_CARD_KEY,
    HEALTH_DATA_DAYS,
    HEALTH_DATA_KEYS,
    SECRET_KEY,
    SHOP_CURRENCY,
    SHOP_TAX,
    SITE_URL,
    STORAGES,
    STRIPE_API_BASE,
    STRIPE_SECRET_KEY,
    STRIPE_WEBHOOK_SECRET,
    env,
)

# True only for a rehearsal (staging) that takes no real money.
STRIPE_TEST_MODE = env.bool("STRIPE_TEST_MODE", default=False)


def _demand(is_met: bool, sentence: str) -> None:
    if not is_met:
        raise ImproperlyConfigured(sentence)


def _demand_safe_basics() -> None:
    _demand(not env.bool("DEBUG", default=False), "DEBUG must be off in production: unset DEBUG.")
    _demand(bool(SECRET_KEY), "SECRET_KEY is empty: set it to 50 or more random characters.")
    _demand(
        len(SECRET_KEY) >= 50
        and len(set(SECRET_KEY)) >= 10
        and "insecure" not in SECRET_KEY
        and "change-me" not in SECRET_KEY,
        "SECRET_KEY is a default or too short: set it to 50 or more random characters.",
    )
    _demand(bool(ALLOWED_HOSTS), "ALLOWED_HOSTS is empty: name the shop's hosts.")
    _demand(
        all("*" not in host and host.strip(".") for host in ALLOWED_HOSTS),
        "ALLOWED_HOSTS must not hold '*': name the shop's hosts.",
    )
    _demand(
        SITE_URL.startswith("https://") and bool(urlsplit(SITE_URL).hostname),
        "SITE_URL must be the shop's public address and start with https://.",
    )
    _demand(bool(env.str("DATABASE_URL", default="")), "DATABASE_URL is empty: name the database.")


def _demand_sealed_health_data() -> None:
    _demand(
        bool(HEALTH_DATA_KEYS),
        "HEALTH_DATA_KEYS is empty: set it to 50 or more random characters.",
    )
    _demand(
        all(
            len(key) >= 32 and len(set(key)) >= 10 and "insecure" not in key
            for key in HEALTH_DATA_KEYS
        ),
        "HEALTH_DATA_KEYS holds a default or a short key: use 50 or more random characters.",
    )
    _demand(
        SECRET_KEY not in HEALTH_DATA_KEYS,
        "HEALTH_DATA_KEYS must be keys of its own: SECRET_KEY is one of them.",
    )
    _demand(
        1 <= HEALTH_DATA_DAYS <= 3650, "HEALTH_DATA_DAYS must be from 1 to 3650: say for how long."
    )


def _demand_key_of_gift_cards() -> None:
    _demand(
        len(GIFT_CARD_KEY) >= 32
        and len(set(GIFT_CARD_KEY)) >= 10
        and "insecure" not in GIFT_CARD_KEY,
        "GIFT_CARD_KEY is empty, a default or too short: set it to 50 or more random characters.",
    )
    _demand(
        GIFT_CARD_KEY not in {SECRET_KEY, *HEALTH_DATA_KEYS},
        "GIFT_CARD_KEY must be a key of its own: it is used for something else.",
    )


def _demand_honest_stripe() -> None:
    is_live = STRIPE_SECRET_KEY.startswith(("sk_live_", "rk_live_"))
    is_test = STRIPE_SECRET_KEY.startswith(("sk_test_", "rk_test_"))
    _demand(bool(STRIPE_SECRET_KEY), "STRIPE_SECRET_KEY is empty: set the shop's key from Stripe.")
    _demand(
        is_live or is_test,
        "STRIPE_SECRET_KEY must be a secret or restricted key, starting with sk_ or rk_.",
    )
    _demand(
        not (is_live and STRIPE_API_BASE),
        "STRIPE_API_BASE is set beside a live key: unset it, or use a test key.",
    )
    _demand(
        not (is_live and STRIPE_TEST_MODE),
        "STRIPE_TEST_MODE is on, but STRIPE_SECRET_KEY is a live key: unset one of them.",
    )
    _demand(
        is_live or STRIPE_TEST_MODE,
        "STRIPE_SECRET_KEY is a test key: use the live key, or set STRIPE_TEST_MODE=1 to rehearse.",
    )
    _demand(
        len(STRIPE_WEBHOOK_SECRET) >= 16 and STRIPE_WEBHOOK_SECRET.startswith("whsec_"),
        "STRIPE_WEBHOOK_SECRET is empty or no signing secret: copy it from the webhook endpoint.",
    )


def _demand_money_that_is_meant() -> None:
    """Spelt wrongly, each would quietly mean something else, and every order would be wrong."""
    _demand(
        SHOP_TAX in {"included", "stripe"}, "TAX must be 'included' or 'stripe': it is neither."
    )
    _demand(
        re.fullmatch("[A-Z]{3}", SHOP_CURRENCY) is not None,
        "SHOP_CURRENCY must be three capital letters, such as EUR.",
    )


_demand_safe_basics()
_demand_sealed_health_data()
_demand_key_of_gift_cards()
_demand_honest_stripe()
_demand_money_that_is_meant()

# --- HTTPS, behind a proxy that overwrites X-Forwarded-Proto ------------------------------
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Who asks is what the last so many proxies say in X-Forwarded-For; without it everybody would
# share one rate limit, the proxy's.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=1)
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 730
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_NAME = "__Host-galea_session"
SESSION_COOKIE_SECURE = True
# With this prefix no neighbouring host can plant a basket, and read the orders made from it.
BASKET_COOKIE_NAME = "__Host-galea_basket"
CSRF_COOKIE_NAME = "__Host-galea_csrf"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# --- Files --------------------------------------------------------------------------------
STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}

S3_BUCKET = env.str("S3_BUCKET", default="")
if S3_BUCKET:
    S3_OPTIONS: dict[str, Any] = {
        "bucket_name": S3_BUCKET,
        "region_name": env.str("S3_REGION", default="") or None,
        "endpoint_url": env.str("S3_ENDPOINT_URL", default="") or None,
        # The host that hands out uploads, such as a CDN in front of the bucket.
        "custom_domain": env.str("S3_PUBLIC_HOST", default="") or None,
        "access_key": env.str("S3_ACCESS_KEY", default="") or None,
        "secret_key": env.str("S3_SECRET_KEY", default="") or None,
        "querystring_auth": False,
        "file_overwrite": False,
        "default_acl": None,
        "object_parameters": {"CacheControl": "public, max-age=31536000, immutable"},
    }
    STORAGES["default"] = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": S3_OPTIONS}
    PICTURE_HOST = S3_OPTIONS["custom_domain"] or urlsplit(S3_OPTIONS["endpoint_url"] or "").netloc
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["img-src"].append(
        f"https://{PICTURE_HOST or f'{S3_BUCKET}.s3.amazonaws.com'}"
    )

# --- Logs: one JSON object per line on standard output ------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "storefront.json_logs.JsonFormatter"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "stream": "ext://sys.stdout",
            "formatter": "json",
        }
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
    },
}
