"""What the worker does, and how often: one table, and the running of one row of it."""

import datetime as dt
import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field

from django.core.management import call_command
from django.db import DatabaseError
from django.db.models import F
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker as TaskWorker

from blog import forgetting, likeness, newsletter, newsletter_sending
from blog.review import due as reviews_due
from blog.review import schedule
from catalog import low_stock, planned_prices
from catalog.batches import turning
from catalog.imports import runs as import_runs
from catalog.imports import work as imports
from checkout import (
    baskets,
    bought_together,
    payments,
    reconciliation,
    refunds,
    sales_counts,
    stripe_customers,
    webhooks,
)
from checkout.gift_cards import ledger as gift_cards
from checkout.gift_cards import sold as sold_cards
from checkout.invoices import issuing
from checkout.returns import forgetting as returns_forgetting
from checkout.selling import desk
from cms import pictures, social_pictures
from cms.downloads import making
from freshness import catching_up, changes
from outbox import mail
from storefront import kept_pages, publishing
from storefront.account import aftercare_mails, closing
from storefront.models import JobRun
from storefront.readers import missing_addresses, reading
from storefront.roles import keeping
from storefront.search import vocabulary
from treatments import (
    appointments,
    expiring,
    gift_keeping,
    gift_mailing,
    gifts,
    health_data,
    reminding,
    symptom_reports,
)

logger = logging.getLogger(__name__)

DAY = 24 * 60 * 60
LONGEST_BACKOFF = 300.0
# A quick job is noted no more often than this, so that an idle shop's disk may rest.
NOTE_EVERY = dt.timedelta(seconds=30)
TASKS_PER_RUN = 50
# Of visible changes; whatever reads them reads them within seconds.
LOG_KEPT = dt.timedelta(days=2)
# Of addresses that lead nowhere, after nobody has asked for them any more.
MISSING_KEPT = dt.timedelta(days=180)
# Gets the moment it starts.
Step = Callable[[dt.datetime], object]


@dataclass(frozen=True)
class Job:
    """Something that is to be done again and again."""

    name: str
    every_seconds: float
    run: Step


def _run_queued_tasks(_at: dt.datetime) -> None:
    """Work off the queue of Django tasks until it is empty."""
    TaskWorker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=TASKS_PER_RUN,
        worker_id="galea",
        excluded_queue_names=[],
    ).run()


def _each(*steps: Step) -> Step:
    """Return the steps as one job; one that fails keeps none of the others from being done.

    What they raised is raised together, after all others were done.
    """

    def run(at: dt.datetime) -> None:
        problems = []
        for step in steps:
            try:
                step(at)
            except Exception as problem:  # noqa: BLE001 - raised again below.
                problems.append(problem)
        if problems:
            message = "Some steps failed; all others were done."
            raise ExceptionGroup(message, problems)

    return run


def _until_none_is_left(forget_some: Callable[..., int]) -> Step:
    """Return the forgetting of some at a time, repeated until nothing is left to forget."""

    def run(at: dt.datetime) -> None:
        while forget_some(at=at):
            pass

    return run


# Drops what nobody will read again: baskets, answers, imported files, tasks long done.
_tidy_up = _each(
    _until_none_is_left(baskets.forget_abandoned),
    _until_none_is_left(import_runs.forget_old),
    _until_none_is_left(newsletter.forget_unconfirmed),
    lambda at: forgetting.forget_old(at=at),
    _until_none_is_left(returns_forgetting.forget_old),
    lambda at: symptom_reports.forget_old(at=at),
    lambda at: health_data.forget_old(at=at),
    lambda at: appointments.forget_words(at=at),
    lambda at: gift_keeping.forget_old(at=at),
    lambda at: desk.forget_old(at=at),
    lambda at: making.forget_old(at=at),
    lambda at: issuing.forget_old(on=timezone.localdate(at)),
    lambda _at: closing.forget_receipts(),
    lambda at: changes.forget(before=at - LOG_KEPT),
    lambda at: missing_addresses.forget_old(before=at - MISSING_KEPT),
    lambda _at: call_command("clearsessions", verbosity=0),
    lambda _at: call_command("prune_db_task_results", verbosity=0),
    lambda _at: call_command("searchpromotions_garbage_collect", verbosity=0),
)
# Mails the gifts whose day has come, and lets those end that nobody accepted.
_work_on_gifts = _each(
    lambda at: gift_mailing.mail_due(at=at),
    lambda at: gifts.expire_due(at=at),
)


def _publish_scheduled(at: dt.datetime) -> None:
    """Hold back articles that may not be published, then let Wagtail publish what is due."""
    schedule.hold_back(at=at)
    call_command("publish_scheduled", verbosity=0)


def _heartbeat(at: dt.datetime) -> None:
    """Let the readiness check see that a worker is alive."""
    JobRun.objects.update_or_create(
        name=HEARTBEAT, defaults={"last_started_at": at, "last_finished_at": at}
    )


HEARTBEAT = "heartbeat"
JOBS: tuple[Job, ...] = (
    Job(HEARTBEAT, 3, _heartbeat),
    Job("pages", 1, lambda _at: catching_up.watch.look()),
    Job("mails", 1, lambda at: mail.send_due(at=at)),
    Job("stripe-inbox", 1, lambda at: webhooks.process_due(at=at)),
    Job("tasks", 1, _run_queued_tasks),
    Job("refunds", 5, lambda at: refunds.send_due(at=at)),
    Job("prices", 1, lambda at: planned_prices.apply_due(at=at)),
    Job("low-stock", 900, lambda at: low_stock.tell(at=at)),
    Job("batches", 15, lambda at: turning.turn_due(at=at)),
    Job("imports", 1, lambda at: imports.work(at=at)),
    Job("downloads", 2, lambda at: making.work(at=at)),
    Job("expiry", 15, lambda at: payments.expire_due(at=at)),
    Job("suitability", 60, lambda at: payments.end_unsuitable(at=at)),
    Job("pictures", 5, lambda _at: pictures.render_missing()),
    Job("search-words", 10, lambda at: vocabulary.read_on(at=at)),
    Job("likeness", 5, lambda at: likeness.work(at=at)),
    Job("kept-pages", 60, lambda _at: kept_pages.drop_old_shared()),
    Job("shared-pictures", 10, lambda at: social_pictures.draw_due(at=at)),
    Job("views", 10, lambda at: reading.count_new(at=at)),
    Job(publishing.JOB, 60, _publish_scheduled),
    Job("reviews", 3600, lambda at: reviews_due.remind(at=at)),
    Job("aftercare", 300, lambda at: aftercare_mails.queue_due(at=at)),
    Job("appointments", 600, lambda at: appointments.end_due(at=at)),
    Job("gifts", 60, _work_on_gifts),
    Job("passes", 3600, lambda at: expiring.expire_due(at=at)),
    Job("gift-card-mails", 60, lambda at: sold_cards.mail_due(at=at)),
    Job("gift-cards", 3600, lambda at: gift_cards.expire_due(at=at)),
    Job("reminders", 1800, lambda at: reminding.remind_due(at=at)),
    Job("newsletter", 1, lambda at: newsletter_sending.work(at=at)),
    Job("stripe-customers", 300, lambda at: stripe_customers.delete_due(at=at)),
    Job("invoices", 300, lambda at: issuing.catch_up(at=at)),
    Job("reconciliation", 600, lambda at: reconciliation.sweep(at=at)),
    Job("sales", 300, lambda at: sales_counts.count(at=at)),
    Job("bought-together", 3600, lambda at: bought_together.count(at=at)),
    Job("roles", 3600, lambda _at: keeping.keep_roles()),
    Job("tidying", DAY, _tidy_up),
)


@dataclass
class Runner:
    """Runs one job and remembers how it went, so that a failing one slows down."""

    job: Job
    failures: int = 0
    noted_at: dt.datetime | None = field(default=None, repr=False)

    def run(self, *, at: dt.datetime) -> bool:
        """Run the job once; a failure is noted and reported as False, never raised."""
        error = ""
        try:
            self.job.run(at)
        except Exception as problem:  # noqa: BLE001 - one failing job must not stop the others.
            error = describe(problem)
            logger.error("Job %s failed: %s", self.job.name, error)
        self._note(error, at=at)
        return not error

    def delay_seconds(self) -> float:
        """How long to wait until the next run: twice as long after each failure in a row."""
        usual = self.job.every_seconds
        if not self.failures:
            return usual
        return max(usual, min(usual * 2.0 ** min(self.failures, 16), LONGEST_BACKOFF))

    def _note(self, error: str, *, at: dt.datetime) -> None:
        was_failing = self.failures > 0
        self.failures = self.failures + 1 if error else 0
        is_news = bool(error) or was_failing
        if not is_news and self.noted_at is not None and at - self.noted_at < NOTE_EVERY:
            return
        self.noted_at = at
        try:
            _write_run(self.job.name, error, at=at)
        except DatabaseError as problem:
            logger.warning("Job %s: its run was not noted: %s", self.job.name, describe(problem))


def describe(problem: BaseException) -> str:
    """Name an exception and where it rose, without its text: that may hold a person's data."""
    if isinstance(problem, ExceptionGroup):
        return "; ".join(describe(each) for each in problem.exceptions)
    frames = traceback.extract_tb(problem.__traceback__)
    place = f" in {frames[-1].name} ({frames[-1].filename}:{frames[-1].lineno})" if frames else ""
    return f"{type(problem).__name__}{place}"


def _write_run(name: str, error: str, *, at: dt.datetime) -> None:
    JobRun.objects.get_or_create(name=name)
    run = JobRun.objects.filter(name=name)
    if error:
        run.update(last_started_at=at, last_error=error[:500], failures=F("failures") + 1)
    else:
        run.update(last_started_at=at, last_finished_at=timezone.now(), last_error="", failures=0)
