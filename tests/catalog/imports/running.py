"""Import a file the way staff and the worker do, step by step."""

import csv
import datetime as dt
import io
import itertools
from typing import Any

from accounts.models import User
from catalog.imports import runs, work
from catalog.models import ImportRun
from catalog.models.imports import ImportKind

NOON = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)
# What both markets ask for; who answers is made by `facts_of_a_product`.
FACTS = {
    "function": "scalp mist",
    "application": "rinse_off",
    "ingredients": "Aqua, Panthenol",
    "months_after_opening": "12",
    "has_no_warnings": "yes",
    "made_in": "Germany",
    "responsible_eu": "Galea Haarpflege GmbH",
    "responsible_gb": "galea haarpflege gmbh",
}
_seconds = itertools.count(1)


def manager() -> User:
    found = User.objects.filter(email="manager@example.com").first()
    return found or User.objects.create_superuser("manager@example.com")


def sheet(*rows: dict[str, Any]) -> bytes:
    """Write rows as CSV; every row may name other columns."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def upload(
    content: bytes,
    name: str = "products.csv",
    *,
    by: User | None = None,
    kind: ImportKind = ImportKind.PRODUCTS,
) -> ImportRun:
    """Upload a file and let the worker check it."""
    run = runs.start(
        owner=by or manager(),
        kind=kind,
        file_name=name,
        chunks=[content],
        most_bytes=200 << 20,
        reason="Spring list",
        at=NOON,
    )
    return worked(run)


def worked(run: ImportRun) -> ImportRun:
    """Let the worker do all it can."""
    while work.work(at=NOON + dt.timedelta(seconds=next(_seconds))):
        pass
    run.refresh_from_db()
    return run


def applied(content: bytes, name: str = "products.csv", **options: Any) -> ImportRun:
    """Upload, look, and apply."""
    run = upload(content, name, **options)
    assert run.status == "READY", (run.message, said(run))
    runs.confirm(run_id=run.pk, at=NOON)
    run = worked(run)
    assert run.status == "APPLIED", (run.message, said(run))
    return run


def undone(run: ImportRun) -> ImportRun:
    runs.ask_undo(run_id=run.pk)
    run = worked(run)
    assert run.status == "UNDONE", run.message
    return run


def said(run: ImportRun) -> list[tuple[int, str, str]]:
    """What the report complains of: row, column, message."""
    return list(run.problems.values_list("row", "column", "message"))


def product_row(number: int, **cells: Any) -> dict[str, Any]:
    """Return a row of a new product with everything that it needs."""
    return {
        "product": f"mist-{number:05}",
        "category": "wash",
        "status": "live",
        "title": f"Mist {number}",
        "benefit": "Takes the heat out.",
        "sku": f"MIST-{number:05}",
        "label": "100 ml",
        "content": "100",
        "unit": "ML",
        "price": "18.00",
        "stock": "20",
        **FACTS,
        **cells,
    }
