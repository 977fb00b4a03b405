"""Tests: fast, closed to the network, on the database that TEST_DATABASE_URL names."""

from storefront.settings.base import *  # noqa: F403
from storefront.settings.base import DATABASES, VAR_DIR, env, tune_database

SECRET_KEY = "tests-only"
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
DATABASES["default"] = env.db("TEST_DATABASE_URL", default="sqlite:///:memory:")
tune_database(DATABASES["default"])
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
MEDIA_ROOT = VAR_DIR / "test-media"
STRIPE_SECRET_KEY = "sk_test_suite"  # pragma: allowlist secret
STRIPE_WEBHOOK_SECRET = "whsec_suite"  # pragma: allowlist secret
STRIPE_API_BASE = "http://127.0.0.1:1"  # Nothing listens: a test that reaches out fails.
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
