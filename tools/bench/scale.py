"""Ask a shop of 100, 10,000 and 100,000 products on PostgreSQL the same, and compare.

SIZES="100,10000" measures other sizes, REPEAT says how often each address is asked, `--write` puts
the table into docs/performance.md. The largest takes a quarter of an hour to fill.
"""

from __future__ import annotations

import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from tools import postgres
from tools.bench import report
from tools.bench.database import copied_to
from tools.bench.scale_pages import addresses
from tools.bench.servers import AS_PROXY, Size, Stand, wait_for
from tools.environment import PYTHON, ROOT
from tools.processes import Died
from tools.terminal import Refusal, Step

SIZES = [int(each) for each in (os.environ.get("SIZES") or "100,10000,100000").split(",")]
REPEAT = int(os.environ.get("REPEAT") or 40)
TIME_BAR, MEMORY_BAR = 2.0, 1.2
CONCERN = os.environ.get("CONCERN") or "dry-and-tight"


@dataclass
class Grown:
    """What one size of the shop took: milliseconds by address, and a worker's megabytes."""

    products: int
    milliseconds: dict[str, float] = field(default_factory=dict)
    megabytes: float = 0.0


def main() -> int:
    """Measure every size and compare each with the smallest; 1 if a bar was missed."""
    try:
        found = _measure()
    except (Refusal, Died) as refusal:
        print(f"Galea: {refusal}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    how = (
        f"Commit `{report.commit()}`, PostgreSQL, one worker without the page cache, median of"
        f" {REPEAT} requests in a row, in milliseconds; load {os.getloadavg()[0]:.1f}."
    )
    lines = [how, "", *_table(found)]
    print("\n".join(["", *lines, "", *_verdicts(found)]))
    if "--write" in sys.argv[1:]:
        report.write("bench-scale", lines)
    return 1 if any(line.startswith("FAIL") for line in _verdicts(found)) else 0


def _measure() -> list[Grown]:
    with (
        tempfile.TemporaryDirectory(prefix="galea-scale-") as folder,
        postgres.temporary_server() as url,
    ):
        stand = Stand(Path(folder), Size(workers=1, threads=1), database_url=url)
        # Filling writes many rows in one statement.
        stand.env["PGOPTIONS"] = "-c statement_timeout=0"
        with Step("Seeding a shop on PostgreSQL"):
            copied_to(url, stand.env)
            _run(stand, "manage.py", "collectstatic", "--noinput", "--verbosity=0")
        return [_at(stand, size) for size in sorted(SIZES)]


def _at(stand: Stand, products: int) -> Grown:
    with Step(f"Growing to {products:,} products"):
        _run(stand, "-m", "tools.bench.grow", str(products))
    with Step(f"Asking a shop of {products:,} products"):
        stand.servers.stop()
        stand.servers = type(stand.servers)()
        origin = stand.gunicorn(
            f"grown-{products}",
            "storefront.wsgi:application",
            DJANGO_SETTINGS_MODULE="tools.bench.settings_cold",
        )
        wait_for(stand.servers, f"{origin}/healthz")
        try:
            grown = Grown(products)
            for name, path in addresses(products, CONCERN).items():
                grown.milliseconds[name] = _median(origin, path)
            grown.megabytes = stand.servers.megabytes_of_children()
        finally:
            stand.servers.stop()
    return grown


def _run(stand: Stand, *arguments: str) -> None:
    command = [str(PYTHON), *arguments]
    run = subprocess.run(command, cwd=ROOT, env=stand.env, capture_output=True, text=True)
    if run.returncode != 0:
        raise Refusal(f"{arguments} failed:\n{run.stderr[-2000:]}")


def _median(origin: str, path: str) -> float:
    """Ask an address again and again on one connection; the first answers are not counted."""
    address = urlsplit(origin)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=120)
    taken = []
    for turn in range(REPEAT + 3):
        begun = time.perf_counter()
        connection.request("GET", path, headers=AS_PROXY)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise Refusal(f"{path} answered {answer.status}.")
        if turn >= 3:
            taken.append((time.perf_counter() - begun) * 1000)
    connection.close()
    return statistics.median(taken)


def _table(found: list[Grown]) -> list[str]:
    names = list(found[0].milliseconds)
    head = ["products", *names, "worker, MB"]
    rows = [
        [
            f"{each.products:,}",
            *(f"{each.milliseconds[name]:.1f}" for name in names),
            f"{each.megabytes:.0f}",
        ]
        for each in found
    ]
    lines = [head, ["--:"] * len(head), *rows]
    return [f"| {' | '.join(line)} |" for line in lines]


def _verdicts(found: list[Grown]) -> list[str]:
    least, lines = found[0], []
    for each in found[1:]:
        ratios = [
            (name, taken / least.milliseconds[name], TIME_BAR)
            for name, taken in each.milliseconds.items()
        ]
        ratios.append(("memory of a worker", each.megabytes / least.megabytes, MEMORY_BAR))
        lines += [
            f"{'PASS' if ratio <= bar else 'FAIL'}  {each.products:,} products, {name}:"
            f" {ratio:.2f} of {least.products:,} (bar {bar:g})"
            for name, ratio, bar in ratios
        ]
    return lines


if __name__ == "__main__":
    sys.exit(main())
