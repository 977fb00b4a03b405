"""Is this process alive, and is the shop fit to take an order?"""

import datetime as dt
import logging
import time
from collections.abc import Callable

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from checkout.models import StripeEvent
from outbox.models import OutboundMail
from storefront import publishing
from storefront.jobs import HEARTBEAT, describe
from storefront.models import JobRun

logger = logging.getLogger(__name__)

HEARTBEAT_STALE = dt.timedelta(seconds=10)
BACKLOG_STALE = dt.timedelta(minutes=5)
# Whoever asks more often gets the last answer again: each one writes to the database.
KEPT_SECONDS = 2.0
PROBE = "readiness-probe"


@require_safe
@never_cache
def healthz(_request: HttpRequest) -> HttpResponse:
    """Answer that the process runs; nothing else is asked."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@never_cache
def readyz(_request: HttpRequest) -> JsonResponse:
    """Answer 200 when everything is well, and 503 naming what is not."""
    red = _readiness.red()
    answer = {"status": "red" if red else "ok", "red": red}
    return JsonResponse(answer, status=503 if red else 200)


def can_write(at: dt.datetime) -> bool:
    """Whether the database takes a row and keeps it."""
    JobRun.objects.update_or_create(name=PROBE, defaults={"last_finished_at": at})
    return True


def is_migrated(_at: dt.datetime) -> bool:
    """Whether the database has all tables and columns that this code expects."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def has_worker(at: dt.datetime) -> bool:
    """Whether a worker has said lately that it lives."""
    return JobRun.objects.filter(name=HEARTBEAT, last_finished_at__gt=at - HEARTBEAT_STALE).exists()


def sends_mails(at: dt.datetime) -> bool:
    """Whether no mail has been due for long."""
    return not OutboundMail.objects.due(at - BACKLOG_STALE).exists()


def reads_notices(at: dt.datetime) -> bool:
    """Whether no notice of Stripe's has been due for long."""
    return not StripeEvent.objects.filter(
        handled_at=None, next_try_at__lt=at - BACKLOG_STALE
    ).exists()


CHECKS: dict[str, Callable[[dt.datetime], bool]] = {
    "database": can_write,
    "migrations": is_migrated,
    "worker": has_worker,
    "mails": sends_mails,
    "stripe-inbox": reads_notices,
    "publishing": publishing.is_on_time,
}


class Readiness:
    """The checks of one process, with its last answer kept for a moment."""

    def __init__(self) -> None:
        self._red: list[str] = []
        self._asked_at = -KEPT_SECONDS
        self._is_migrated = False

    def red(self) -> list[str]:
        """Names of the checks that fail now."""
        if time.monotonic() - self._asked_at >= KEPT_SECONDS:
            self._red = [name for name in CHECKS if not self._passes(name, at=timezone.now())]
            self._asked_at = time.monotonic()
        return self._red

    def _passes(self, name: str, *, at: dt.datetime) -> bool:
        # What was migrated once stays so for the life of this process and its code.
        if name == "migrations" and self._is_migrated:
            return True
        try:
            passed = CHECKS[name](at)
        except DatabaseError as problem:
            logger.warning("Readiness: %s is red: %s", name, describe(problem))
            return False
        if name == "migrations":
            self._is_migrated = passed
        return passed


_readiness = Readiness()
