"""Tests: fast, closed to the network, on the database that TEST_DATABASE_URL names."""

import os
import tempfile
from pathlib import Path

from storefront.settings.base import *
from storefront.settings.base import DATABASES, INSTALLED_APPS, env, tune_database

SECRET_KEY = "tests-only"  # pragma: allowlist secret
HEALTH_DATA_KEYS = ["tests-only-health"]  # pragma: allowlist secret
GIFT_CARD_KEY = "tests-only-cards"  # pragma: allowlist secret
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
INSTALLED_APPS = [*INSTALLED_APPS, "django_migration_linter"]

DATABASES["default"] = env.db("TEST_DATABASE_URL", default="sqlite:///:memory:")
tune_database(DATABASES["default"])
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file of this process's own: threads and server processes can then really race for it.
    DATABASES["default"]["TEST"] = {
        "NAME": str(Path(tempfile.gettempdir()) / f"galea-tests-{os.getpid()}.sqlite3")
    }
    DATABASES["default"]["OPTIONS"]["init_command"] = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON;"
    )
# A connection that a thread leaves behind would keep the database from being dropped.
DATABASES["default"]["CONN_MAX_AGE"] = 0

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
SERVE_MEDIA = True
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True

STRIPE_SECRET_KEY = "sk_test_suite"  # pragma: allowlist secret
STRIPE_WEBHOOK_SECRET = "whsec_suite"  # pragma: allowlist secret
STRIPE_API_BASE = "http://127.0.0.1:1"  # Nothing listens: a test that reaches out fails.
STRIPE_API_BASE_EXPECTED = True

# A test that is about clinical reviews turns them on.
ARTICLES_NEED_REVIEW = False

# A test that is about kept pages turns them on.
PAGE_CACHE_MB = 0
PAGES_DIR = Path(tempfile.gettempdir()) / f"galea-tests-pages-{os.getpid()}"
