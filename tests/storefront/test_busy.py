"""R50: a database that has no time is answered for with 503, and a fault with 500."""

import datetime as dt
import sqlite3
from collections.abc import Callable
from typing import Any

from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone
import psycopg
import pytest
import time_machine

from accounts.second_factor import standing
from accounts.sessions import AccountSession
from storefront import busy


def failed(cause: Exception) -> OperationalError:
    error = OperationalError(str(cause))
    error.__cause__ = cause
    return error


def failing_with(cause: Exception) -> Callable[..., Any]:
    """Let every query fail."""

    def fail(*_query: object) -> None:
        raise failed(cause)

    return fail


@pytest.mark.parametrize(
    "cause",
    [
        psycopg.errors.LockNotAvailable(),
        psycopg.errors.QueryCanceled(),
        psycopg.errors.DeadlockDetected(),
        psycopg.errors.TooManyConnections(),
        psycopg.errors.AdminShutdown(),
        psycopg.OperationalError("connection refused"),
        sqlite3.OperationalError("database is locked"),
    ],
    ids=repr,
)
def test_what_passes_by_itself_is_told_from_a_fault(cause: Exception) -> None:
    assert busy.is_passing(failed(cause))


@pytest.mark.parametrize(
    "error",
    [
        failed(sqlite3.OperationalError("no such table: catalog_offer")),
        failed(psycopg.errors.IoError()),
        ValueError("database is locked"),
    ],
    ids=repr,
)
def test_a_fault_is_told_from_what_passes_by_itself(error: Exception) -> None:
    assert not busy.is_passing(error)


@pytest.mark.django_db
def test_a_busy_shop_asks_to_come_back_and_nobody_keeps_the_answer(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with connection.execute_wrapper(failing_with(psycopg.errors.LockNotAvailable())):
        answer = Client().get("/basket/", headers={"Cookie": "galea_basket=any"})

    assert answer.status_code == 503
    assert (answer["Retry-After"], answer["Cache-Control"]) == ("5", "no-store")
    assert "try again in a few seconds" in answer.content.decode()
    assert [record.getMessage() for record in caplog.records if record.name == busy.__name__] == [
        "The database had no time for /basket/"
    ]


@pytest.mark.django_db
def test_a_fault_is_not_hidden_behind_come_back_later() -> None:
    client = Client(raise_request_exception=False)

    with connection.execute_wrapper(failing_with(psycopg.errors.IoError())):
        answer = client.get("/basket/", headers={"Cookie": "galea_basket=any"})

    assert answer.status_code == 500
    assert "Retry-After" not in answer


LOCKED = sqlite3.OperationalError("database is locked")


def failing_to_write_sessions(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
    """Let whoever writes a session down find the database locked."""
    if sql.startswith('UPDATE "accounts_accountsession"'):
        raise failed(LOCKED)
    return execute(sql, *rest)


@pytest.mark.django_db
def test_who_could_not_be_noted_as_at_work_is_shown_the_screen_all_the_same(
    admin_client: Client,
) -> None:
    """It is noted with the next request; Django alone would say that the session has ended."""
    before = admin_client.session.get(standing.SEEN_AT)
    later = timezone.now() + dt.timedelta(minutes=5)
    with time_machine.travel(later), connection.execute_wrapper(failing_to_write_sessions):
        answer = admin_client.get("/admin/orders/")
    assert answer.status_code == 200
    assert admin_client.session.get(standing.SEEN_AT) == before

    with time_machine.travel(later):
        admin_client.get("/admin/orders/")
    assert admin_client.session[standing.SEEN_AT] >= later.timestamp()


@pytest.mark.django_db
def test_who_is_signed_out_elsewhere_meanwhile_is_told_so(admin_client: Client) -> None:
    """As Django says it, and not with a fault."""

    def sign_out_first(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if sql.startswith('UPDATE "accounts_accountsession"'):
            AccountSession.objects.all().delete()
        return execute(sql, *rest)

    later = timezone.now() + dt.timedelta(minutes=5)
    with time_machine.travel(later), connection.execute_wrapper(sign_out_first):
        answer = admin_client.get("/admin/orders/")

    assert answer.status_code == 400


@pytest.mark.django_db
def test_a_session_that_cannot_be_written_asks_to_come_back(client: Client) -> None:
    """Django alone would answer 400, as if somebody had signed out meanwhile."""
    client.session.save()
    request = RequestFactory().get("/account/")
    request.COOKIES = {name: cookie.value for name, cookie in client.cookies.items()}

    def change(request: Any) -> HttpResponse:
        request.session["anything"] = 1
        return HttpResponse()

    with connection.execute_wrapper(failing_to_write_sessions):
        answer = busy.PatientSessionMiddleware(change)(request)

    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
