"""Measure the shop's pages beside a bare Django view and beside nginx's own files.

ROUNDS, SECONDS, WORKERS and THREADS change how; DATABASE=postgresql changes what the shop reads
from; PAGES="product,search" measures some pages alone; `--write` puts the table into
docs/performance.md.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.browser.processes import free_port
from tools import postgres
from tools.bench import load, nginx, report
from tools.bench.database import copied_to
from tools.bench.pages import PAGES, Measured
from tools.bench.report import Result
from tools.bench.servers import AS_PROXY, HOST, Stand, default_size, wait_for
from tools.environment import PYTHON, ROOT
from tools.processes import Died
from tools.terminal import Refusal, Step

ROUNDS = int(os.environ.get("ROUNDS") or 5)
SECONDS = float(os.environ.get("SECONDS") or 2)
POSTGRESQL = os.environ.get("DATABASE", "") == "postgresql"


def main() -> int:
    """Measure every page and print what it reached; 1 if a bar was missed."""
    try:
        load.check_wrk()
        results, how = _measure()
    except (Refusal, Died) as refusal:
        print(f"Galea: {refusal}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    lines = report.table(results)
    print("\n".join(["", how, "", *lines, "", *report.verdicts(results)]))
    if "--write" in sys.argv[1:]:
        report.write("bench", [how, "", *lines])
    return 0 if all(bar[3] for result in results for bar in result.bars) else 1


def _measure() -> tuple[list[Result], str]:
    with tempfile.TemporaryDirectory(prefix="galea-bench-") as name, _database() as url:
        folder = Path(name)
        with Step("Copying a seeded shop"):
            stand = Stand(folder, default_size(), database_url=url)
        with Step("Filling a category and looking at every page"):
            if url:
                copied_to(url, stand.env)
            _manage(stand, "collectstatic", "--noinput", "--verbosity=0")
            facts = _look_inside(stand)
        bench = Bench(stand, facts)
        try:
            with Step("Starting the servers"):
                bench.start()
            results = [bench.measure(page) for page in PAGES if _is_wanted(page)]
        finally:
            stand.servers.stop()
    database = "PostgreSQL" if url else "SQLite"
    how = report.circumstances(stand.size, database=database, rounds=ROUNDS, seconds=SECONDS)
    return results, how


@contextlib.contextmanager
def _database() -> Iterator[str]:
    if not POSTGRESQL:
        yield ""
        return
    with postgres.temporary_server() as url:
        yield url


def _is_wanted(page: Measured) -> bool:
    asked = os.environ.get("PAGES", "")
    return not asked or any(word.strip() in page.name for word in asked.split(","))


def _look_inside(stand: Stand) -> dict[str, dict[str, Any]]:
    env = stand.env | {"DJANGO_SETTINGS_MODULE": "tools.bench.settings_cold"}
    command = [str(PYTHON), "-m", "tools.bench.inside"]
    run = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    if run.returncode != 0:
        raise Refusal(f"The shop could not be prepared:\n{run.stderr[-2000:]}")
    facts: dict[str, dict[str, Any]] = json.loads(run.stdout.splitlines()[-1])
    return facts


def _manage(stand: Stand, *arguments: str) -> None:
    command = [str(PYTHON), "manage.py", *arguments]
    run = subprocess.run(command, cwd=ROOT, env=stand.env, capture_output=True, text=True)
    if run.returncode != 0:
        raise Refusal(f"manage.py {arguments[0]} failed:\n{run.stderr[-2000:]}")


class Bench:
    """Four servers that answer the same pages, asked in turn."""

    def __init__(self, stand: Stand, facts: dict[str, dict[str, Any]]) -> None:
        self.stand = stand
        self.facts = facts
        self.bare = self.cold = self.cached = self.front = ""

    def start(self) -> None:
        """Start the bare view, the shop twice, and nginx before it."""
        shop = "storefront.wsgi:application"
        self.bare = self.stand.gunicorn("bare", "tools.bench.bare:application")
        self.cold = self.stand.gunicorn(
            "cold", shop, DJANGO_SETTINGS_MODULE="tools.bench.settings_cold"
        )
        self.cached = self.stand.gunicorn("cached", shop)
        wait_for(self.stand.servers, f"{self.bare}/bytes/1")
        for origin in (self.cold, self.cached):
            wait_for(self.stand.servers, f"{origin}/healthz")
        if nginx.program():
            port, shop_port = free_port(), urlsplit(self.cached).port or 0
            command = nginx.configure(
                self.stand.folder, port=port, shop_port=shop_port, host=HOST, var=self.stand.var
            )
            self.stand.start("nginx", command)
            self.front = f"https://127.0.0.1:{port}"

    def measure(self, page: Measured) -> Result:
        """Ask for one page in alternating rounds."""
        facts = self.facts[page.name]
        result = Result(page, queries=int(facts["queries"]))
        if facts["status"] >= 400:
            print(f"  {page.name}: answers {facts['status']}, not measured")
            return Result(Measured(page.name, page.path, cached=None))
        headers = AS_PROXY | ({"Cookie": facts["cookie"]} if facts["cookie"] else {})
        script = self._script(page, headers)
        with Step(f"Measuring {page.name}"):
            body = b"" if page.sku else self._read(page, headers)
            result.size = len(body)
            for _ in range(ROUNDS):
                self._round(page, result, headers, script, body)
        return result

    def _round(
        self,
        page: Measured,
        result: Result,
        headers: dict[str, str],
        script: Path | None,
        body: bytes,
    ) -> None:
        def rate(url: str, lua: Path | None = None) -> float:
            connections = self.stand.size.workers * self.stand.size.threads
            return load.fire(
                url, seconds=SECONDS, connections=connections, headers=headers, script=lua
            )

        result.bare.append(rate(f"{self.bare}/bytes/{len(body)}"))
        result.cold.append(rate(self.cold + page.path, script))
        if page.cached is None:
            return
        result.cached.append(rate(self.cached + page.path))
        if self.front:
            nginx.put_static(self.stand.folder, body)
            result.nginx_static.append(rate(self.front + nginx.STATIC))
            result.nginx_cached.append(rate(self.front + page.path))

    def _read(self, page: Measured, headers: dict[str, str]) -> bytes:
        request = urllib.request.Request(self.cold + page.path, headers=headers)  # noqa: S310
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 (our own server)
            body: bytes = answer.read()
        return body

    def _script(self, page: Measured, headers: dict[str, str]) -> Path | None:
        if not page.sku:
            return None
        headers["Origin"] = f"https://{HOST}"
        script = self.stand.folder / "post.lua"
        script.write_text(load.POST.format(body=f"sku={page.sku}&quantity=1"))
        return script


if __name__ == "__main__":
    sys.exit(main())
