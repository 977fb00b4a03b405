import datetime as dt
import logging
import threading
from typing import Any

from django.core.management import CommandError, call_command
import pytest
from django_tasks_db.management.commands import db_worker

from outbox.models import MailStatus, OutboundMail
from storefront import jobs
from storefront.jobs import Job, Runner
from storefront.management.commands import worker
from storefront.models import JobRun
from tests.outbox.factories import OutboundMailFactory

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)


def fail(_at: dt.datetime) -> None:
    message = "ada@example.com broke it"
    raise LookupError(message)


def do_nothing(_at: dt.datetime) -> None:
    """A job that ends well."""


def test_the_table_is_what_the_shop_needs() -> None:
    assert {job.name: job.every_seconds for job in jobs.JOBS} == {
        "heartbeat": 3,
        "pages": 1,
        "mails": 1,
        "stripe-inbox": 1,
        "tasks": 1,
        "refunds": 5,
        "prices": 1,
        "batches": 15,
        "low-stock": 900,
        "aftercare": 300,
        "passes": 3600,
        "gift-cards": 3600,
        "gift-card-mails": 60,
        "reminders": 1800,
        "newsletter": 1,
        "views": 10,
        "imports": 1,
        "downloads": 2,
        "expiry": 15,
        "suitability": 60,
        "pictures": 5,
        "search-words": 10,
        "likeness": 5,
        "kept-pages": 60,
        "shared-pictures": 10,
        "publishing": 60,
        "reviews": 3600,
        "appointments": 600,
        "gifts": 60,
        "stripe-customers": 300,
        "invoices": 300,
        "reconciliation": 600,
        "sales": 300,
        "bought-together": 3600,
        "roles": 3600,
        "tidying": 86400,
    }


def test_a_job_that_ends_well_is_noted() -> None:
    assert Runner(Job("x", 1, do_nothing)).run(at=NOON) is True

    run = JobRun.objects.get()
    assert (run.name, run.last_started_at, run.failures) == ("x", NOON, 0)
    assert run.last_finished_at is not None


def test_a_failing_job_is_noted_without_naming_anybody(
    caplog: pytest.LogCaptureFixture,
) -> None:
    runner = Runner(Job("x", 1, fail))

    with caplog.at_level(logging.DEBUG):
        answers = [runner.run(at=NOON), runner.run(at=NOON)]

    run = JobRun.objects.get()
    assert answers == [False, False]
    assert (run.failures, run.last_finished_at) == (2, None)
    assert run.last_error.startswith("LookupError in fail (")
    assert "example.com" not in caplog.text + run.last_error


def test_a_failing_job_slows_down_and_recovers_at_once() -> None:
    runner = Runner(Job("x", 1, fail))
    waits = []
    for _ in range(12):
        runner.run(at=NOON)
        waits.append(runner.delay_seconds())
    runner.job = Job("x", 1, do_nothing)

    runner.run(at=NOON)

    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300, 300]
    assert runner.delay_seconds() == 1
    assert (JobRun.objects.get().failures, JobRun.objects.get().last_error) == (0, "")


def test_a_rare_job_that_fails_does_not_become_a_frequent_one() -> None:
    runner = Runner(Job("x", 600, fail))

    runner.run(at=NOON)

    assert runner.delay_seconds() == 600


def test_an_idle_job_is_noted_twice_a_minute() -> None:
    runner = Runner(Job("x", 1, do_nothing))

    for second in range(61):
        runner.run(at=NOON + dt.timedelta(seconds=second))

    run = JobRun.objects.get()
    assert run.last_started_at == NOON + dt.timedelta(seconds=60)


def test_once_runs_every_job_and_names_those_that_failed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ran: list[dt.datetime] = []
    table = (
        Job("first", 1, fail),
        Job("second", 1, ran.append),
        Job("third", 1, fail),
    )
    monkeypatch.setattr(worker, "JOBS", table)

    with pytest.raises(CommandError, match=r"^These jobs failed: first, third\.$"):
        call_command("worker", "--once")

    assert len(ran) == 1


def test_the_mail_job_sends(mailoutbox: list[object]) -> None:
    OutboundMailFactory(event="never_registered")
    [mails] = [job for job in jobs.JOBS if job.name == "mails"]

    assert Runner(mails).run(at=dt.datetime(2026, 3, 1, 13, 0, tzinfo=dt.UTC)) is True

    assert OutboundMail.objects.get().status == MailStatus.QUEUED
    assert OutboundMail.objects.get().error.startswith("NoRenderer")


@pytest.mark.parametrize(
    "name", ["heartbeat", "tasks", "publishing", "tidying", "expiry", "passes", "prices", "sales"]
)
def test_jobs_that_need_nobody_else_end_well(
    name: str, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    # The queue's own worker would let go of the connection that this test's data stands on.
    monkeypatch.setattr(db_worker, "close_old_connections", lambda: None)
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    [job] = [job for job in jobs.JOBS if job.name == name]

    assert Runner(job).run(at=NOON) is True


def test_a_step_that_fails_keeps_no_later_one_from_being_done_and_each_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ran: list[str] = []
    monkeypatch.setattr(jobs.symptom_reports, "forget_old", lambda *, at: fail(at))
    monkeypatch.setattr(jobs.making, "forget_old", lambda *, at: {}[at])
    monkeypatch.setattr(jobs, "call_command", lambda name, **_options: ran.append(name))
    [tidying] = [job for job in jobs.JOBS if job.name == "tidying"]

    assert Runner(tidying).run(at=NOON) is False

    assert ran == ["clearsessions", "prune_db_task_results", "searchpromotions_garbage_collect"]
    run = JobRun.objects.get()
    assert (run.failures, run.last_finished_at) == (1, None)
    assert [said.split()[0] for said in run.last_error.split("; ")] == ["LookupError", "KeyError"]


def test_gifts_end_though_none_can_be_mailed(monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[dt.datetime] = []
    monkeypatch.setattr(jobs.gift_mailing, "mail_due", lambda *, at: fail(at))
    monkeypatch.setattr(jobs.gifts, "expire_due", lambda *, at: ended.append(at))
    [gifts] = [job for job in jobs.JOBS if job.name == "gifts"]

    assert Runner(gifts).run(at=NOON) is False

    assert ended == [NOON]


@pytest.mark.django_db(transaction=True)
def test_being_told_to_stop_lets_the_current_run_finish() -> None:
    stop, began, may_end = threading.Event(), threading.Event(), threading.Event()
    finished = []

    def slow(at: dt.datetime) -> None:
        began.set()
        may_end.wait(timeout=20)
        finished.append(at)

    thread = threading.Thread(target=worker.run_until, args=(Job("slow", 0.01, slow), stop))
    thread.start()
    assert began.wait(timeout=20)

    stop.set()
    may_end.set()
    thread.join(timeout=20)

    assert not thread.is_alive()
    assert len(finished) == 1
