"""Production refuses to start on each setting that would lose money or let a stranger in."""

import importlib
import logging
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings
import pytest

from storefront import checks
from storefront.json_logs import JsonFormatter

ROOT = Path(__file__).resolve().parents[1]

SAFE = {
    "GALEA_ENV_FILE": os.devnull,
    "SECRET_KEY": "Zq7-rT2_wLx9Vb4Nd8Ks3Hf6Jg1Pm5Yc0AeUiOoTtRrEeWwQqLl",
    "HEALTH_DATA_KEYS": "Xv3-kD8_mQz1Rt6Bn5Wy0Lp7Sj4Gf9Hc2UaEiOo",  # pragma: allowlist secret
    "GIFT_CARD_KEY": "Bw6-mF1_nTq8Kz3Vd5Xr2Yh9Lc7Ps4Jg0AaEeIiOoUu",  # pragma: allowlist secret
    "ALLOWED_HOSTS": "shop.example",
    "SITE_URL": "https://shop.example",
    "DATABASE_URL": "postgres://galea@localhost/galea",
    "CACHE_URL": "redis://localhost:6379/0",
    "EMAIL_URL": "smtp+tls://mail.example:587",
    "STRIPE_SECRET_KEY": "rk_live_0123456789abcdef",
    "STRIPE_WEBHOOK_SECRET": "whsec_0123456789abcdef",
}

Load = Callable[..., ModuleType]


@pytest.fixture
def load_production(monkeypatch: pytest.MonkeyPatch) -> Load:
    """Load the production settings anew on a safe environment with some variables changed."""

    def load(**changed: str | None) -> ModuleType:
        for name in list(os.environ):
            if name.startswith(("STRIPE_", "S3_", "DATABASE_")) or name in {"DEBUG", *SAFE}:
                monkeypatch.delenv(name)
        for name, value in {**SAFE, **changed}.items():
            if value is not None:
                monkeypatch.setenv(name, value)
        for module in ("storefront.settings.base", "storefront.settings.production"):
            monkeypatch.delitem(sys.modules, module, raising=False)
        return importlib.import_module("storefront.settings.production")

    return load


def test_a_safe_environment_is_accepted(load_production: Load) -> None:
    production = load_production()

    assert production.DEBUG is False
    assert production.SECURE_HSTS_SECONDS == 63_072_000
    assert production.ALLAUTH_TRUSTED_PROXY_COUNT == 1
    assert production.SESSION_COOKIE_NAME.startswith("__Host-")
    assert production.BASKET_COOKIE_NAME.startswith("__Host-")
    assert production.DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql"


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("DEBUG", "1", "DEBUG"),
        ("SECRET_KEY", None, "SECRET_KEY"),
        ("SECRET_KEY", "short", "SECRET_KEY"),
        ("HEALTH_DATA_KEYS", None, "HEALTH_DATA_KEYS"),
        ("HEALTH_DATA_KEYS", "Xv3-kD8_mQz1Rt6Bn5Wy0Lp7Sj4Gf9Hc2UaEiOo,short", "HEALTH_DATA_KEYS"),
        (
            "HEALTH_DATA_KEYS",
            "Zq7-rT2_wLx9Vb4Nd8Ks3Hf6Jg1Pm5Yc0AeUiOoTtRrEeWwQqLl",
            "HEALTH_DATA_KEYS",
        ),
        ("HEALTH_DATA_DAYS", "0", "HEALTH_DATA_DAYS"),
        ("GIFT_CARD_KEY", None, "GIFT_CARD_KEY"),
        ("GIFT_CARD_KEY", "short", "GIFT_CARD_KEY"),
        (
            "GIFT_CARD_KEY",
            "Zq7-rT2_wLx9Vb4Nd8Ks3Hf6Jg1Pm5Yc0AeUiOoTtRrEeWwQqLl",
            "GIFT_CARD_KEY",
        ),
        ("SECRET_KEY", "a" * 64, "SECRET_KEY"),
        (
            "SECRET_KEY",
            "django-insecure-" + "Zq7rT2wLx9Vb4Nd8Ks3Hf6Jg1Pm5Yc0AeUiOoTt",
            "SECRET_KEY",
        ),
        ("SECRET_KEY", "change-me-" + "Zq7rT2wLx9Vb4Nd8Ks3Hf6Jg1Pm5Yc0AeUiOoTt" * 2, "SECRET_KEY"),
        ("ALLOWED_HOSTS", None, "ALLOWED_HOSTS"),
        ("ALLOWED_HOSTS", "", "ALLOWED_HOSTS"),
        ("ALLOWED_HOSTS", "*", "ALLOWED_HOSTS"),
        ("ALLOWED_HOSTS", "shop.example,*", "ALLOWED_HOSTS"),
        ("ALLOWED_HOSTS", ".", "ALLOWED_HOSTS"),
        ("SITE_URL", "http://shop.example", "SITE_URL"),
        ("SITE_URL", None, "SITE_URL"),
        ("DATABASE_URL", None, "DATABASE_URL"),
        ("STRIPE_SECRET_KEY", None, "STRIPE_SECRET_KEY"),
        ("STRIPE_SECRET_KEY", "pk_live_0123456789", "STRIPE_SECRET_KEY"),
        ("STRIPE_SECRET_KEY", "sk_test_0123456789", "STRIPE_SECRET_KEY"),
        ("STRIPE_WEBHOOK_SECRET", None, "STRIPE_WEBHOOK_SECRET"),
        ("STRIPE_WEBHOOK_SECRET", "", "STRIPE_WEBHOOK_SECRET"),
        ("STRIPE_WEBHOOK_SECRET", "rk_live_0123456789abcdef", "STRIPE_WEBHOOK_SECRET"),
        ("STRIPE_API_BASE", "http://127.0.0.1:8100", "STRIPE_API_BASE"),
        ("STRIPE_TEST_MODE", "1", "STRIPE_TEST_MODE"),
        ("TAX", "Stripe", "TAX"),
        ("TAX", "", "TAX"),
        ("SHOP_CURRENCY", "eur", "SHOP_CURRENCY"),
        ("SHOP_CURRENCY", "EURO", "SHOP_CURRENCY"),
    ],
)
def test_a_dangerous_setting_is_refused_by_name(
    load_production: Load, name: str, value: str | None, word: str
) -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        load_production(**{name: value})

    assert word in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_rehearsal_may_use_a_test_key_and_another_server(load_production: Load) -> None:
    production = load_production(
        STRIPE_SECRET_KEY="sk_test_0123456789",
        STRIPE_TEST_MODE="1",
        STRIPE_API_BASE="http://127.0.0.1:8100",
    )

    assert production.STRIPE_API_BASE == "http://127.0.0.1:8100"


def test_uploads_go_to_a_bucket_when_one_is_named(load_production: Load) -> None:
    production = load_production(S3_BUCKET="galea", S3_PUBLIC_HOST="pictures.example")

    assert production.STORAGES["default"]["BACKEND"] == "storages.backends.s3.S3Storage"
    assert production.WAGTAILDOCS_SERVE_METHOD == "serve_view"
    assert "https://pictures.example" in production.CONTENT_SECURITY_POLICY["DIRECTIVES"]["img-src"]


@override_settings(STRIPE_API_BASE="http://127.0.0.1:8100", STRIPE_SECRET_KEY="sk_live_x")
def test_a_live_key_beside_another_server_fails_the_system_check() -> None:
    assert [error.id for error in checks.check_stripe_keys()] == ["storefront.E001"]


@override_settings(STRIPE_API_BASE="", STRIPE_SECRET_KEY="sk_live_x")
def test_a_live_key_for_stripe_itself_passes_the_system_check() -> None:
    assert checks.check_stripe_keys() == []


@override_settings(STRIPE_API_BASE="http://127.0.0.1:8100", STRIPE_API_BASE_EXPECTED=False)
def test_another_server_than_stripe_fails_the_deploy_check() -> None:
    assert [error.id for error in checks.check_stripe_server()] == ["storefront.E003"]


@override_settings(MIDDLEWARE=[])
def test_a_shop_without_its_guard_against_forged_forms_fails_the_system_check() -> None:
    assert [error.id for error in checks.check_forged_requests()] == ["storefront.E004"]


@override_settings(EMAIL_BACKEND="django.core.mail.backends.console.EmailBackend")
def test_services_of_one_machine_warn_in_the_deploy_check() -> None:
    warnings = checks.check_production_services()

    assert [warning.id for warning in warnings] == ["storefront.W001", "storefront.W002"]


def test_the_deploy_check_has_nothing_to_say_about_production() -> None:
    env = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "storefront.settings.production"}

    run = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level=WARNING"],
        cwd=ROOT,
        env={**env, **SAFE},
        capture_output=True,
        text=True,
    )

    assert (run.returncode, run.stderr) == (0, "")


def test_the_server_does_not_start_on_a_dangerous_setting() -> None:
    env = {"PATH": os.environ["PATH"], **SAFE, "ALLOWED_HOSTS": "*"}

    run = subprocess.run(
        [sys.executable, "-c", "import storefront.wsgi"],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
    )

    assert run.returncode == 1
    assert run.stderr.splitlines()[-1].endswith(
        "ALLOWED_HOSTS must not hold '*': name the shop's hosts."
    )


def test_a_log_line_is_one_json_object_with_its_extras() -> None:
    record = logging.makeLogRecord({"name": "checkout", "msg": "paid %s", "args": ("G-1",)})
    record.order = "G-1"

    line = JsonFormatter().format(record)

    assert '"message": "paid G-1"' in line
    assert '"order": "G-1"' in line
    assert "\n" not in line
