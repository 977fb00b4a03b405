"""Runs inside the shop: builds one page often and says where the time goes.

LINES=5 fills the
visitor's basket first; REPEAT says how often the page is built; SORT=cumulative orders by the
time of a function with all that it calls.
"""

from __future__ import annotations

import cProfile
import os
import pstats
import re
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import django

django.setup()

# Models exist only after the set-up above.
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from catalog.models import Offer  # noqa: E402
from freshness.catching_up import watch  # noqa: E402
from tools.environment import ROOT  # noqa: E402

Ask = Callable[[], Any]

REPEAT = int(os.environ.get("REPEAT") or 50)
SHOWN = 25
WIDTH = int(os.environ.get("WIDTH") or 150)
URL = os.environ.get("URL") or "/"
# The first name that fits a file says whose time it is.
OWNERS = (
    ("templates", r"/django/template/|/django/utils/(html|safestring|formats|numberformat)"),
    ("database", r"/django/db/|/sqlite3/|sqlite3|psycopg"),
    ("middleware and HTTP", r"/django/(http|middleware|core/handlers|test)/|/csp/|whitenoise"),
    ("addresses", r"/django/urls/"),
    ("Django's rest", r"/django/"),
    ("Wagtail", r"/wagtail/|/modelcluster/|/treebeard/|/taggit/"),
)


def main() -> int:
    """Profile one address and print its queries and functions."""
    watch.look()  # As the worker does: without it no part of a page is kept for the next.
    ask = _visitor()
    answer = ask()
    print(f"{URL}: {answer.status_code}, {len(answer.content) / 1000:.1f} kB")
    _show_queries(ask)
    milliseconds = [_timed(ask) for _ in range(REPEAT)]
    print(
        f"\nBuilt {REPEAT} times: median {median(milliseconds):.2f} ms, best"
        f" {min(milliseconds):.2f} ms of processor time (without the profiler).\n"
    )
    profile = cProfile.Profile()
    profile.enable()
    for _ in range(REPEAT):
        ask()
    profile.disable()
    _show_functions(profile)
    return 0


def _visitor() -> Ask:
    client = Client(headers={"origin": "http://localhost"}, SERVER_NAME="localhost")
    lines = int(os.environ.get("LINES") or 0)
    for sku in Offer.objects.order_by("pk").values_list("sku", flat=True)[:lines]:
        client.post("/basket/add/", {"sku": sku, "quantity": "1"})
    return lambda: client.get(URL)


def _timed(ask: Ask) -> float:
    begun = time.process_time()
    ask()
    return (time.process_time() - begun) * 1000


def _show_queries(ask: Ask) -> None:
    with CaptureQueriesContext(connection) as queries:
        ask()
    print(f"\n{len(queries)} queries:")
    for query in queries:
        print(f"  {float(query['time']) * 1000:6.1f} ms  {' '.join(query['sql'].split())[:WIDTH]}")


def _show_functions(profile: cProfile.Profile) -> None:
    stats = pstats.Stats(profile)
    owners: dict[str, float] = defaultdict(float)
    for (file, _, name), (_, _, own, _, _) in stats.stats.items():  # type: ignore[attr-defined]
        owners[_owner(file, name)] += own
    total = sum(owners.values())
    print("Whose time it is, in ms a page under the profiler:")
    for owner, seconds in sorted(owners.items(), key=lambda each: -each[1]):
        print(f"  {seconds / REPEAT * 1000:7.2f}  {seconds / total:5.0%}  {owner}")
    print("\nThe shop's own functions with all that they call, in ms a page:")
    own = [
        (cumulative, f"{Path(file).relative_to(ROOT)}:{line} {name}")
        for (file, line, name), (_, _, _, cumulative, _) in stats.stats.items()  # type: ignore[attr-defined]
        if _is_ours(file)
    ]
    for seconds, place in sorted(own, reverse=True)[:SHOWN]:
        print(f"  {seconds / REPEAT * 1000:7.2f}  {place}")
    print()
    stats.sort_stats(os.environ.get("SORT") or "tottime").print_stats(SHOWN)


def _is_ours(file: str) -> bool:
    return file.startswith(str(ROOT)) and ".venv" not in file and "/tools/" not in file


def _owner(file: str, name: str) -> str:
    if _is_ours(file):
        return f"the shop: {Path(file).relative_to(ROOT).parts[0]}"
    place = f"{file} {name}"
    found = (owner for owner, pattern in OWNERS if re.search(pattern, place))
    return next(found, "Python's own")


if __name__ == "__main__":
    sys.exit(main())
