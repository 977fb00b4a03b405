"""The life of an import: uploaded, checked, applied, undone. The only writer of `ImportRun`."""

import datetime as dt
import time
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import F

from accounts.models import User
from catalog.imports import uploads
from catalog.models.imports import (
    AT_WORK,
    ImportKind,
    ImportRun,
    ImportStatus,
)

# How long the uploaded file is kept; what was changed can be undone for ever.
KEPT = dt.timedelta(hours=24)
# A worker that has not said a word for so long is taken for dead.
LEASE = dt.timedelta(seconds=90)
MOST_ATTEMPTS = 3
# Where an import goes; what is not named here cannot happen.
NEXT: dict[str, frozenset[str]] = {
    ImportStatus.CHECKING: frozenset({ImportStatus.READY, ImportStatus.REFUSED}),
    ImportStatus.READY: frozenset(
        {ImportStatus.APPLYING, ImportStatus.CHECKING, ImportStatus.EXPIRED}
    ),
    ImportStatus.REFUSED: frozenset({ImportStatus.CHECKING}),
    ImportStatus.APPLYING: frozenset({ImportStatus.INDEXING, ImportStatus.REFUSED}),
    ImportStatus.INDEXING: frozenset({ImportStatus.APPLIED}),
    ImportStatus.APPLIED: frozenset({ImportStatus.UNDOING}),
    ImportStatus.UNDOING: frozenset({ImportStatus.UNDONE, ImportStatus.APPLIED}),
    ImportStatus.UNDONE: frozenset(),
    ImportStatus.EXPIRED: frozenset(),
}


class TransitionRefused(ValueError):
    """The import is not, or no longer, where this can be done."""

    def __init__(self, run: ImportRun) -> None:
        super().__init__(f"This import is {run.get_status_display()}.")


@transaction.atomic
def start(
    *,
    owner: User,
    kind: ImportKind,
    file_name: str,
    chunks: Iterable[bytes],
    most_bytes: int,
    reason: str,
    at: dt.datetime,
) -> ImportRun:
    """Store a file and let the worker look at it.

    :raises uploads.TooLarge: if it is larger than `most_bytes`.
    """
    run = ImportRun.objects.create(
        owner=owner,
        kind=kind,
        # The name is only shown: no path of it is ever opened.
        file_name=file_name.replace("\\", "/").rsplit("/", 1)[-1][-200:] or "file",
        reason=reason.strip() or "Import",
        created_at=at,
        expires_at=at + KEPT,
        stage="Waiting for the worker",
    )
    uploads.store(run, chunks, most_bytes=most_bytes)
    return run


def confirm(*, run_id: int, at: dt.datetime) -> ImportRun:
    """Let the worker do what was checked.

    :raises TransitionRefused: unless it was checked and found right.
    :raises uploads.FileGone: if the file is not kept any more.
    """
    run = ImportRun.objects.get(pk=run_id)
    if run.expires_at <= at:
        raise uploads.FileGone
    return move(run, ImportStatus.APPLYING, stage="Waiting for the worker")


def check_again(*, run_id: int, at: dt.datetime) -> ImportRun:
    """Let the worker look at the same file once more.

    :raises TransitionRefused: while it is being worked on, or once it was applied.
    :raises uploads.FileGone: if the file is not kept any more.
    """
    run = ImportRun.objects.get(pk=run_id)
    if run.expires_at <= at:
        raise uploads.FileGone
    return move(run, ImportStatus.CHECKING, stage="Waiting for the worker", message="")


def ask_undo(*, run_id: int) -> ImportRun:
    """Let the worker take everything back that the import changed.

    :raises TransitionRefused: unless it was applied.
    """
    run = ImportRun.objects.get(pk=run_id)
    return move(run, ImportStatus.UNDOING, stage="Waiting for the worker")


def move(run: ImportRun, status: ImportStatus, **facts: Any) -> ImportRun:
    """Move an import on, once, whoever else tries.

    :raises TransitionRefused: if it is not where this status can be reached from.
    """
    allowed = [before for before, after in NEXT.items() if status in after]
    values = {"done": 0, "total": 0, "attempts": 0, "lease_until": None, **facts}
    moved = ImportRun.objects.filter(pk=run.pk, status__in=allowed).update(status=status, **values)
    run.refresh_from_db()
    if not moved:
        raise TransitionRefused(run)
    return run


def claim(*, at: dt.datetime) -> ImportRun | None:
    """Take the oldest import that is due, so that no other worker takes it as well."""
    for run in ImportRun.objects.due(at)[:5]:
        mine = ImportRun.objects.due(at).filter(pk=run.pk)
        if mine.update(lease_until=at + LEASE, attempts=F("attempts") + 1):
            run.refresh_from_db()
            return run
    return None


def give_back(run: ImportRun) -> None:
    """Let another worker go on with it at once."""
    ImportRun.objects.filter(pk=run.pk, status__in=AT_WORK).update(lease_until=None)


def forget_old(*, at: dt.datetime) -> int:
    """Throw away files that are past their time; return how many imports lost theirs."""
    over = ImportRun.objects.filter(expires_at__lte=at, parts__isnull=False)
    over = over.exclude(status__in=AT_WORK).distinct()
    ids = list(over.values_list("pk", flat=True)[:200])
    for run in ImportRun.objects.filter(pk__in=ids):
        uploads.forget(run)
    ImportRun.objects.filter(pk__in=ids, status=ImportStatus.READY).update(
        status=ImportStatus.EXPIRED
    )
    return len(ids)


class Progress:
    """Notes how far an import got, a few times a second at most, and keeps its lease alive."""

    def __init__(self, run: ImportRun, *, clock: Any) -> None:
        self.run = run
        self.clock = clock
        self._stage, self._last = "", 0.0

    def tell(self, stage: str, done: int, total: int) -> None:
        """Note it, unless something of the same stage was noted just now."""
        moment = time.monotonic()
        if stage == self._stage and done != total and moment - self._last < 0.4:
            return
        self._stage, self._last = stage, moment
        ImportRun.objects.filter(pk=self.run.pk).update(
            stage=stage, done=done, total=total, lease_until=self.clock() + LEASE
        )
