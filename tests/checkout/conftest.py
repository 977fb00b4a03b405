"""Stripe within the process, for every test of this room that asks for it."""

from datetime import datetime
from pathlib import Path

from django.utils import timezone
import pytest

from checkout import stripe_gateway
from tests.stripe_in_process import StripeInProcess


@pytest.fixture
def at() -> datetime:
    return timezone.now()


@pytest.fixture
def stripe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StripeInProcess:
    fake = StripeInProcess(tmp_path / "stripe.sqlite3")
    monkeypatch.setattr(stripe_gateway, "client", lambda: fake.client)
    monkeypatch.setattr(stripe_gateway, "breaker", stripe_gateway.Breaker())
    return fake
