"""The steps that `tools.import_bench` measures, in a process of their own on an empty database."""

import resource
import sys
import time
from collections.abc import Callable
from typing import Any

import django

django.setup()

# Models exist only after the set-up above.
from django.core.management import call_command  # noqa: E402

from catalog.imports import runs  # noqa: E402
from catalog.models import ImportRun, ProductPage  # noqa: E402
from tests.catalog.factories import CategoryPageFactory, facts_of_a_product  # noqa: E402
from tests.catalog.imports import running  # noqa: E402


class NotAsExpected(RuntimeError):
    """A step did not end as it should; its time would mean nothing."""


def main() -> None:
    rows = int(sys.argv[1])
    call_command("migrate", verbosity=0)
    CategoryPageFactory()
    facts_of_a_product()
    new = [running.product_row(number, intro="Some gentle words. " * 8) for number in range(rows)]
    changed = [
        {"sku": row["sku"], "product": row["product"], "price": "17.50", "intro": "Other words."}
        for row in new
    ]
    _import("new products", running.sheet(*new))
    run = _import("prices and facts", running.sheet(*changed))
    _timed("prices and facts: undo", lambda: running.undone(run))
    if ProductPage.objects.count() != rows:
        raise NotAsExpected("Some products are missing.")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  {'most memory of the process':34} {peak:7.0f} MB", flush=True)


def _import(name: str, content: bytes) -> ImportRun:
    run: ImportRun = _timed(f"{name}: dry run", lambda: running.upload(content))
    if run.status != "READY":
        raise NotAsExpected(run.message, running.said(run)[:5])
    runs.confirm(run_id=run.pk, at=running.NOON)
    run = _timed(f"{name}: apply and index", lambda: running.worked(run))
    if run.status != "APPLIED":
        raise NotAsExpected(run.message, running.said(run)[:5])
    return run


def _timed(name: str, act: Callable[[], Any]) -> Any:
    began, busy = time.perf_counter(), time.process_time()
    result = act()
    took, busy = time.perf_counter() - began, time.process_time() - busy
    print(f"  {name:34} {took:7.1f} s, this process at work for {busy:.1f} s", flush=True)
    return result


if __name__ == "__main__":
    main()
