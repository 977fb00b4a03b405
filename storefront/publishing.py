"""Does scheduled publishing happen? What `/readyz` asks, and staff see on their first page."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import timezone
from wagtail.admin.ui.components import Component
from wagtail.models import Page, Revision
from wagtail.permissions import page_permission_policy

from storefront.models import JobRun

JOB = "publishing"
# The worker does it every minute.
STALE = dt.timedelta(minutes=5)
SHOWN = 5


def is_on_time(at: dt.datetime) -> bool:
    """Whether nothing that was to be published or taken back has waited for long.

    A worker that never was is told of by its own check.
    """
    run = JobRun.objects.filter(name=JOB).first()
    if run is None:
        return True
    return run.last_finished_at is not None and run.last_finished_at > at - STALE


@dataclass(frozen=True, slots=True)
class Coming:
    """A page that goes live, or changes, by itself."""

    go_live_at: dt.datetime
    page: Page


class ScheduledPublishingPanel(Component):
    """When scheduled publishing last ran, and what it will do next."""

    name = "scheduled-publishing"
    template_name = "storefront/admin/publishing_panel.html"
    order = 140

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        user = parent_context["request"].user
        if not page_permission_policy.user_has_any_permission(user, {"add", "change", "publish"}):
            return {"is_shown": False}
        at = timezone.now()
        run = JobRun.objects.filter(name=JOB).first()
        return {
            "is_shown": True,
            "last_ran_at": run.last_finished_at if run else None,
            "is_on_time": run is not None and is_on_time(at),
            "coming": _coming(),
            "zone": settings.TIME_ZONE,
        }


def _coming() -> list[Coming]:
    """The next versions that will be published by themselves, with their pages; two queries."""
    planned = list(
        Revision.objects.filter(
            approved_go_live_at__isnull=False, base_content_type__app_label="wagtailcore"
        ).order_by("approved_go_live_at", "pk")[:SHOWN]
    )
    pages = Page.objects.in_bulk([int(each.object_id) for each in planned])
    return [
        Coming(each.approved_go_live_at, pages[int(each.object_id)])
        for each in planned
        if int(each.object_id) in pages
    ]
