"""When each scheduled job last ran, on the admin's first page: what stands still is named first."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Max
from django.utils import timezone
from wagtail.admin.ui.components import Component

from checkout.permissions import may_read_reports
from storefront.jobs import JOBS, Job
from storefront.models import JobRun

# A job may last, and wait after a failure, before anybody need know.
GRACE: Final = dt.timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Standing:
    """A job and how it went last.

    :ivar ran_at: when it last ended well; none if it never did.
    """

    name: str
    ran_at: dt.datetime | None
    failures: int
    is_late: bool


def standings(*, at: dt.datetime) -> list[Standing]:
    """Return every job, those that are late first; one query, and another if some never ran."""
    runs = {run.name: run for run in JobRun.objects.all()}
    is_new = any(job.name not in runs for job in JOBS) and _is_new(at)
    found = [_standing(job, runs.get(job.name), is_new=is_new, at=at) for job in JOBS]
    return sorted(found, key=lambda each: (not each.is_late, each.name))


def _is_new(at: dt.datetime) -> bool:
    """Whether the shop was installed, or updated, so lately that a job need not have run yet.

    Every job runs as soon as the worker starts.
    """
    migrations = MigrationRecorder(connection).migration_qs
    last = migrations.aggregate(last=Max("applied"))["last"]
    return last is not None and last > at - GRACE


def _standing(job: Job, run: JobRun | None, *, is_new: bool, at: dt.datetime) -> Standing:
    every = dt.timedelta(seconds=job.every_seconds)
    ran_at = run.last_finished_at if run else None
    is_late = not is_new if run is None else ran_at is None or ran_at < at - 2 * every - GRACE
    return Standing(
        name=job.name.replace("-", " ").capitalize(),
        ran_at=ran_at,
        failures=run.failures if run else 0,
        is_late=is_late,
    )


class JobsPanel(Component):
    """What the worker does by itself, for those who answer for the shop."""

    name = "jobs"
    template_name = "storefront/admin/jobs_panel.html"
    order = 150

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        if not may_read_reports(parent_context["request"].user):
            return {"is_shown": False}
        found = standings(at=timezone.now())
        return {
            "is_shown": True,
            "standings": found,
            "late": [each for each in found if each.is_late],
            "to_come": [each for each in found if each.ran_at is None and not each.is_late],
        }
