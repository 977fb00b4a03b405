"""R18, R19, R22: every address x everybody x every method is written down, and holds."""

import os
from typing import Any

from django.contrib import auth
from django.db import connection
from django.http import HttpRequest
from django.template.base import Template
import pytest
from pytest_django import Settings

from tests.fuzz import who_may
from tests.fuzz.conftest import Target

RUN = "Run `.venv/bin/python -m tools.who_may`, then read the difference as an attacker would."


def test_no_address_is_missing_from_the_table() -> None:
    """R18"""
    assert sorted(who_may.read()) == sorted(who_may.patterns()), RUN


# What decides who may: the rest would cost a minute of every run.
MIDDLEWARE = [
    "storefront.broken_forms.BrokenFormMiddleware",
    "storefront.busy.PatientSessionMiddleware",
    "storefront.csrf.OriginCsrfMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "storefront.second_factor.gate.SecondFactorMiddleware",
    "storefront.grave_screens.GraveScreensMiddleware",
]


@pytest.fixture
def _nothing_is_drawn(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who may is decided before a template is filled; a thousand refusals are no news."""
    settings.ACCOUNT_RATE_LIMITS = False
    settings.MIDDLEWARE = MIDDLEWARE
    monkeypatch.setattr(Template, "render", lambda *_args, **_kwargs: "")
    for module in ("base", "exception"):
        monkeypatch.setattr(f"django.core.handlers.{module}.log_response", _say_nothing)
    known: dict[str, Any] = {}
    found = auth.get_user

    def get_user(request: HttpRequest) -> Any:
        """Return the same object each time: it knows its rights by now."""
        key = request.session.session_key or ""
        if key not in known or not request.session.get("_auth_user_id"):
            known[key] = found(request)
        return known[key]

    monkeypatch.setattr("django.contrib.auth.middleware.auth.get_user", get_user)


def _say_nothing(*_args: object, **_kwargs: object) -> None:
    pass


@pytest.mark.usefixtures("_nothing_is_drawn")
def test_everybody_is_answered_as_the_table_says(target: Target) -> None:
    """R18, R19, R22. What is answered does not depend on the database: the quicker is asked."""
    if connection.vendor != "sqlite":
        pytest.skip("THE MATRIX IS ASKED ON SQLITE: who may what does not depend on the database")

    answers = who_may.ask_everywhere(target)

    if os.environ.get("WRITE_WHO_MAY"):
        who_may.FILE.write_text(who_may.written(answers))
    table = who_may.read()
    assert {each: cells for each, cells in answers.items() if table.get(each) != cells} == {}, RUN
