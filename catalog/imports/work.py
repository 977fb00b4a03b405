"""What the worker does about imports: one step of the oldest that is due."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from catalog import prices, stock
from catalog.imports import (
    applying,
    checking,
    indexing,
    page_writer,
    pictures,
    removal,
    runs,
    undoing,
    uploads,
)
from catalog.imports.pictures import PicturePlan
from catalog.imports.plans import Plan
from catalog.imports.runs import Progress
from catalog.imports.sheets import FileRefused
from catalog.models.imports import (
    ImportedKind,
    ImportKind,
    ImportProblem,
    ImportRun,
    ImportStatus,
)

# So many complaints are kept; the report says how many there are.
MOST_PROBLEMS = 5_000
_INDEX_STEP = 250
# What the verbs refuse when something changed between the check and the writing.
_REFUSALS = (
    FileRefused,
    applying.ChangedMeanwhile,
    page_writer.SlugTaken,
    pictures.PictureRefused,
    prices.Backdated,
    prices.NotAReduction,
    prices.SamePrice,
    stock.LimitBelowPromises,
    stock.NotEnoughOnHand,
    uploads.FileGone,
)


def work(*, at: dt.datetime) -> bool:
    """Take one import as far as it goes without a person; tell whether there was one."""
    run = runs.claim(at=at)
    if run is None:
        return False
    is_half_undone = run.status == ImportStatus.UNDOING and run.undone_at is not None
    if run.attempts > runs.MOST_ATTEMPTS and run.status in _GIVE_UP and not is_half_undone:
        status, message = _GIVE_UP[ImportStatus(run.status)]
        runs.move(run, status, message=message)
        return True
    progress = Progress(run, clock=timezone.now)
    try:
        _STEPS[ImportStatus(run.status)](run, progress, at)
    except _REFUSALS as refusal:
        _refuse(run, str(refusal))
    return True


def _check(run: ImportRun, progress: Progress, at: dt.datetime) -> None:
    plan = _plan(run, progress, at)
    with transaction.atomic():
        _write_report(run, plan)
        if plan.complaints:
            runs.move(run, ImportStatus.REFUSED, stage="")
        elif plan.changes_nothing:
            runs.move(
                run,
                ImportStatus.REFUSED,
                stage="",
                message="Nothing would change: the shop says all of this already.",
            )
        else:
            runs.move(run, ImportStatus.READY, stage="")


def _apply(run: ImportRun, progress: Progress, at: dt.datetime) -> None:
    """Plan anew, since the shop has gone on; then do all of it and say so in one transaction."""
    plan = _plan(run, progress, at)
    if plan.complaints:
        with transaction.atomic():
            _write_report(run, plan)
            runs.move(run, ImportStatus.REFUSED, stage="", message=_CHANGED)
        return
    if isinstance(plan, PicturePlan):
        pictures.store_images(plan, run=run, by=run.owner, tell=progress.tell)
    progress.tell("Writing", 0, 0)
    with transaction.atomic():
        if isinstance(plan, PicturePlan):
            page_ids = pictures.apply(plan, run=run, by=run.owner, at=at)
        else:
            page_ids = applying.apply(plan, run=run, by=run.owner, at=at)
        report = {**_report(plan), "to_index": page_ids}
        runs.move(run, ImportStatus.INDEXING, stage="", report=report, applied_at=at)
    _index(run, progress, at)


def _index(run: ImportRun, progress: Progress, at: dt.datetime) -> None:  # noqa: ARG001
    """Bring search and references up to date; begun anew after a crash, it does no harm."""
    _index_pages(run.report.get("to_index", []), progress)
    report = {key: value for key, value in run.report.items() if key != "to_index"}
    runs.move(run, ImportStatus.APPLIED, stage="", report=report)
    uploads.forget(run)


def _undo(run: ImportRun, progress: Progress, at: dt.datetime) -> None:
    """Take it back in one transaction; deleting and indexing follow and may be repeated."""
    if run.undone_at is None:
        progress.tell("Taking back", 0, 0)
        with transaction.atomic():
            result = undoing.undo(run, by=run.owner, at=at)
            pictures.take_back(run, result, by=run.owner, at=at)
            report = {
                **run.report,
                "kept": [[row, why] for row, why in result.kept[:MOST_PROBLEMS]],
                "kept_count": len(result.kept),
                "to_index": result.page_ids,
            }
            ImportRun.objects.filter(pk=run.pk).update(report=report, undone_at=at)
        run.refresh_from_db()
    added = run.changes.filter(kind=ImportedKind.PAGE_ADDED, page__isnull=False)
    page_ids = list(added.values_list("page_id", flat=True))
    removed = int(run.report.get("removed", 0))
    for some in page_writer.in_batches(page_ids, removal.BATCH):
        removed += removal.remove_added(run, some)
        progress.tell("Deleting what was added", removed, len(page_ids))
    _index_pages(run.report["to_index"], progress)
    report = {key: value for key, value in run.report.items() if key != "to_index"}
    runs.move(run, ImportStatus.UNDONE, stage="", report={**report, "removed": removed})


def _index_pages(page_ids: list[int], progress: Progress) -> None:
    for start in range(0, len(page_ids), _INDEX_STEP):
        indexing.index_pages(page_ids[start : start + _INDEX_STEP])
        progress.tell("Indexing", min(start + _INDEX_STEP, len(page_ids)), len(page_ids))


def _plan(run: ImportRun, progress: Progress, at: dt.datetime) -> Plan:
    with uploads.opened(run) as file:
        if run.kind == ImportKind.PICTURES:
            return pictures.check(file, by=run.owner, tell=progress.tell)
        return checking.check(
            file,
            run.file_name,
            by=run.owner,
            at=at,
            tell=progress.tell,
            was_checked=run.status == ImportStatus.APPLYING,
        )


def _write_report(run: ImportRun, plan: Plan) -> None:
    run.problems.all().delete()
    ImportProblem.objects.bulk_create(
        [
            ImportProblem(
                run=run, row=each.row, column=each.column[:60], message=each.message[:300]
            )
            for each in plan.complaints[:MOST_PROBLEMS]
        ],
        batch_size=page_writer.BATCH,
    )
    ImportRun.objects.filter(pk=run.pk).update(
        report=_report(plan), problem_count=len(plan.complaints)
    )


def _report(plan: Plan) -> dict[str, Any]:
    return {
        "counts": plan.counts(),
        "examples": plan.examples(),
        "notices": _notices(plan),
    }


def _notices(plan: Plan) -> list[tuple[str, int, list[int]]]:
    """Say each thing once, with how many rows it is said of and the first of them."""
    rows: dict[str, list[int]] = {}
    for each in plan.notices:
        rows.setdefault(each.message, []).append(each.row)
    said = [(message, len(found), found[:10]) for message, found in rows.items()]
    return sorted(said, key=lambda one: -one[1])[:50]


def _refuse(run: ImportRun, message: str) -> None:
    if run.status == ImportStatus.UNDOING:
        runs.move(run, ImportStatus.APPLIED, stage="", message=message[:300])
    else:
        runs.move(run, ImportStatus.REFUSED, stage="", message=message[:300])


_CHANGED = "The shop has changed since the file was checked. Nothing was done."
_FAILED = "This failed three times for a reason that only the log knows. Nothing was done."
_GIVE_UP = {
    ImportStatus.CHECKING: (ImportStatus.REFUSED, _FAILED),
    ImportStatus.APPLYING: (ImportStatus.REFUSED, _FAILED),
    ImportStatus.UNDOING: (ImportStatus.APPLIED, _FAILED),
}
_STEPS: dict[ImportStatus, Callable[[ImportRun, Progress, dt.datetime], None]] = {
    ImportStatus.CHECKING: _check,
    ImportStatus.APPLYING: _apply,
    ImportStatus.INDEXING: _index,
    ImportStatus.UNDOING: _undo,
}
