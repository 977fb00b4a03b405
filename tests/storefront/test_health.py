import datetime as dt

from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone
import pytest
from pytest_django import DjangoAssertNumQueries

from checkout.models import StripeEvent
from outbox import mail
from storefront import health
from storefront.jobs import HEARTBEAT, JOBS, Runner
from storefront.models import JobRun

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ask_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_readiness", health.Readiness())


@pytest.fixture
def worker() -> JobRun:
    return JobRun.objects.create(name=HEARTBEAT, last_finished_at=timezone.now())


def red(client: Client) -> list[str]:
    response = client.get("/readyz")
    found: list[str] = response.json()["red"]
    assert response.status_code == (503 if found else 200)
    assert "no-store" in response["Cache-Control"]
    return found


def test_healthz_asks_the_database_nothing(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok")


def test_everything_well_is_ready(client: Client, worker: JobRun) -> None:
    assert red(client) == []


def test_a_worker_that_died_is_red_after_ten_seconds(client: Client, worker: JobRun) -> None:
    JobRun.objects.update(last_finished_at=timezone.now() - dt.timedelta(seconds=11))

    assert red(client) == ["worker"]


def test_a_shop_that_never_had_a_worker_is_red(client: Client) -> None:
    assert red(client) == ["worker"]


def test_mails_and_notices_that_pile_up_are_red(client: Client, worker: JobRun) -> None:
    long_ago = timezone.now() - dt.timedelta(minutes=6)
    mail.queue(
        effect_key="k", event="e", to="ada@example.com", reference="", context={}, at=long_ago
    )
    StripeEvent.objects.create(
        stripe_id="evt_1",
        type="checkout.session.completed",
        object_id="cs_1",
        livemode=False,
        received_at=long_ago,
        next_try_at=long_ago,
    )

    assert red(client) == ["mails", "stripe-inbox"]


def test_publishing_that_has_not_run_for_five_minutes_is_red(
    client: Client, worker: JobRun
) -> None:
    late = timezone.now() - dt.timedelta(minutes=5, seconds=1)
    JobRun.objects.create(name="publishing", last_finished_at=late)

    assert red(client) == ["publishing"]


def test_a_missing_migration_is_red(
    client: Client, worker: JobRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(health.CHECKS, "migrations", lambda _at: False)

    assert red(client) == ["migrations"]


def test_a_database_that_takes_no_row_is_red_and_keeps_its_secrets(
    client: Client, worker: JobRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_at: dt.datetime) -> bool:
        message = "could not connect as galea with password hunter2"
        raise DatabaseError(message)

    monkeypatch.setitem(health.CHECKS, "database", refuse)

    response = client.get("/readyz")

    assert response.json() == {"status": "red", "red": ["database"]}
    assert "hunter2" not in response.content.decode()


def test_asking_often_writes_once(client: Client, worker: JobRun) -> None:
    client.get("/readyz")
    first = JobRun.objects.get(name=health.PROBE).last_finished_at

    client.get("/readyz")

    assert JobRun.objects.get(name=health.PROBE).last_finished_at == first


def test_migrations_are_read_from_the_database() -> None:
    assert health.is_migrated(timezone.now()) is True
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'outbox'")
    assert health.is_migrated(timezone.now()) is False


def test_one_beat_of_the_worker_makes_the_shop_ready(client: Client) -> None:
    [heartbeat] = [job for job in JOBS if job.name == HEARTBEAT]

    Runner(heartbeat).run(at=timezone.now())

    assert red(client) == []
