"""When each scheduled job last ran, on the admin's first page: what stands still is named first."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

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
    """Return every job, those that are late first; one query."""
    runs = {run.name: run for run in JobRun.objects.all()}
    found = [_standing(job, runs.get(job.name), at=at) for job in JOBS]
    return sorted(found, key=lambda each: (not each.is_late, each.name))


def _standing(job: Job, run: JobRun | None, *, at: dt.datetime) -> Standing:
    every = dt.timedelta(seconds=job.every_seconds)
    ran_at = run.last_finished_at if run else None
    return Standing(
        name=job.name.replace("-", " ").capitalize(),
        ran_at=ran_at,
        failures=run.failures if run else 0,
        is_late=ran_at is None or ran_at < at - 2 * every - GRACE,
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
        }
