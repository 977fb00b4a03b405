"""Ask shops of 100, 10,000 and 100,000 products on PostgreSQL the same, in turn, and compare.

SIZES="100,10000" measures other sizes, REPEAT says how often each address is asked, `--write` puts
the table into docs/performance.md. The largest takes a quarter of an hour to fill.

All sizes stand side by side and each request goes to one after the other, so that whatever else the
machine does at a moment slows all of them.
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
from urllib.parse import urlsplit, urlunsplit

import psycopg

from tools import postgres
from tools.bench import report
from tools.bench.database import copied_to
from tools.bench.scale_pages import FULL, addresses
from tools.bench.servers import AS_PROXY, Size, Stand, wait_for
from tools.environment import PYTHON, ROOT
from tools.processes import Died, Servers
from tools.terminal import Refusal, Step

SIZES = [int(each) for each in (os.environ.get("SIZES") or "100,10000,100000").split(",")]
REPEAT = int(os.environ.get("REPEAT") or 40)
TIME_BAR, MEMORY_BAR = 2.0, 1.2
CONCERN = os.environ.get("CONCERN") or "dry-and-tight"


@dataclass
class Grown:
    """A shop of one size: what answers, milliseconds by address in turn, and a worker's memory."""

    products: int
    origin: str
    servers: Servers
    milliseconds: dict[str, list[float]] = field(default_factory=dict)
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
        f"Commit `{report.commit()}`, PostgreSQL, one worker without the page cache for each size,"
        f" medians of {REPEAT} requests to each in turn, in milliseconds;"
        f" load {os.getloadavg()[0]:.1f}."
    )
    verdicts = _verdicts(found)
    lines = [how, "", *_table(found), "", *(f"- {verdict}" for verdict in verdicts)]
    print("\n".join(["", *lines]))
    if "--write" in sys.argv:
        report.write("bench-scale", lines)
    return 1 if any(line.startswith("FAIL") for line in verdicts) else 0


def _measure() -> list[Grown]:
    with (
        tempfile.TemporaryDirectory(prefix="galea-scale-") as folder,
        postgres.temporary_server() as url,
    ):
        stand = Stand(Path(folder), Size(workers=1, threads=1), database_url=url)
        _run(stand, "manage.py", "collectstatic", "--noinput", "--verbosity=0")
        databases = _filled(stand, url)
        shops: list[Grown] = []
        try:
            for products, database in databases.items():
                shops.append(_open(stand, products, database))
            with Step("Asking them in turn"):
                _ask(shops)
        finally:
            for shop in shops:
                shop.servers.stop()
        return shops


def _filled(stand: Stand, url: str) -> dict[int, str]:
    """Fill a database for each size, each beginning as a copy of the smaller one."""
    databases: dict[int, str] = {}
    smaller = ""
    for products in sorted(SIZES):
        name = f"grown_{products}"
        with psycopg.connect(url, autocommit=True) as server:
            template = f' TEMPLATE "{smaller}"' if smaller else ""
            server.execute(f'CREATE DATABASE "{name}"{template}'.encode())
        databases[products] = urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
        if not smaller:
            with Step("Seeding a shop on PostgreSQL"):
                copied_to(databases[products], stand.env)
        with Step(f"Growing to {products:,} products"):
            grow = ("-m", "tools.bench.grow", str(products))
            _run(stand, *grow, DATABASE_URL=databases[products])
        smaller = name
    return databases


def _open(stand: Stand, products: int, database: str) -> Grown:
    stand.servers = Servers()
    origin = stand.gunicorn(
        f"grown-{products}",
        "storefront.wsgi:application",
        DJANGO_SETTINGS_MODULE="tools.bench.settings_cold",
        DATABASE_URL=database,
    )
    wait_for(stand.servers, f"{origin}/healthz")
    return Grown(products, origin, stand.servers)


def _run(stand: Stand, *arguments: str, **variables: str) -> None:
    command = [str(PYTHON), *arguments]
    env = stand.env | variables
    run = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    if run.returncode != 0:
        raise Refusal(f"{arguments} failed:\n{run.stderr[-2000:]}")


def _ask(shops: list[Grown]) -> None:
    """Ask each shop for an address, then each again; the first answers are not counted."""
    asked = {shop.products: addresses(shop.products, CONCERN) for shop in shops}
    for name in asked[shops[0].products]:
        lengths = set()
        for turn in range(REPEAT + 3):
            for shop in shops:
                taken, body = _answer(shop.origin, asked[shop.products][name])
                lengths.add(body.count(b"<article class=") if name in FULL else 0)
                if turn >= 3:
                    shop.milliseconds.setdefault(name, []).append(taken)
        if len(lengths) > 1:
            raise Refusal(f"{name}: pages of {sorted(lengths)} things cannot be compared.")
    for shop in shops:
        shop.megabytes = shop.servers.megabytes_of_children()


def _answer(origin: str, path: str) -> tuple[float, bytes]:
    """Return how many milliseconds an answer took, and what it was.

    Each request has a connection of its own: a server closes one that waits while another shop
    reads its whole catalogue for its first answer.
    """
    address = urlsplit(origin)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=120)
    begun = time.perf_counter()
    connection.request("GET", path, headers=AS_PROXY)
    answer = connection.getresponse()
    body = answer.read()
    taken = (time.perf_counter() - begun) * 1000
    connection.close()
    if answer.status != 200:
        raise Refusal(f"{path} answered {answer.status}.")
    return taken, body


def _table(found: list[Grown]) -> list[str]:
    names = list(found[0].milliseconds)
    head = ["products", *names, "worker, MB"]
    rows = [
        [
            f"{each.products:,}",
            *(f"{statistics.median(each.milliseconds[name]):.1f}" for name in names),
            f"{each.megabytes:.0f}",
        ]
        for each in found
    ]
    lines = [head, ["--:"] * len(head), *rows]
    return [f"| {' | '.join(line)} |" for line in lines]


def _verdicts(found: list[Grown]) -> list[str]:
    """Return one line per bar; a ratio is the median of the ratios of each turn."""
    least, lines = found[0], []
    for each in found[1:]:
        ratios = [
            (name, report.ratio(taken, least.milliseconds[name]) or 0.0, TIME_BAR)
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
