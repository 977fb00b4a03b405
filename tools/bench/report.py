"""The table that a run ends with, and whether each bar was reached."""

from __future__ import annotations

import datetime as dt
import os
import platform
import re
import statistics
import subprocess
from dataclasses import dataclass, field

from tools.bench.pages import Measured
from tools.bench.servers import Size
from tools.environment import ROOT

DOCUMENT = ROOT / "docs" / "performance.md"
NGINX_BAR = 0.5


@dataclass(slots=True)
class Result:
    """What a page reached; rates in requests per second, one per round."""

    page: Measured
    size: int = 0
    queries: int = 0
    bare: list[float] = field(default_factory=list)
    cold: list[float] = field(default_factory=list)
    cached: list[float] = field(default_factory=list)
    nginx_static: list[float] = field(default_factory=list)
    nginx_cached: list[float] = field(default_factory=list)

    @property
    def bars(self) -> list[tuple[str, float, float, bool]]:
        """Name, value, bar and whether it was reached, for each bar that the page has."""
        cold, cached = ratio(self.cold, self.bare), ratio(self.cached, self.bare)
        through = ratio(self.nginx_cached, self.nginx_static)
        page, bars = self.page, []
        if page.cold is not None and cold is not None:
            bars.append(("cold", cold, page.cold, cold >= page.cold))
        if page.queries is not None:
            bars.append(("queries", self.queries, page.queries, self.queries <= page.queries))
        if page.cached is not None and cached is not None:
            bars.append(("cached", cached, page.cached, cached >= page.cached))
        if through is not None:
            bars.append(("through nginx", through, NGINX_BAR, through >= NGINX_BAR))
        return bars


def ratio(ours: list[float], theirs: list[float]) -> float | None:
    """Return the median of the rounds' ratios, so that a slow moment hits both sides of one."""
    if not ours or not theirs:
        return None
    pairs = [mine / other for mine, other in zip(ours, theirs, strict=True) if other]
    return statistics.median(pairs) if pairs else None


def table(results: list[Result]) -> list[str]:
    """Return the lines of a Markdown table."""
    head = (
        "| page | kB | bare/s | cold/s | cold ratio | queries | cached/s | cached ratio"
        " | nginx static/s | ours through nginx/s | nginx ratio | bars |"
    )
    rule = "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|"
    return [head, rule, *(_row(result) for result in results)]


def _row(result: Result) -> str:
    failed = [name for name, _, _, is_reached in result.bars if not is_reached]
    cells = [
        result.page.name,
        f"{result.size / 1000:.1f}",
        _rate(result.bare),
        _rate(result.cold),
        _share(ratio(result.cold, result.bare)),
        str(result.queries),
        _rate(result.cached),
        _share(ratio(result.cached, result.bare)),
        _rate(result.nginx_static),
        _rate(result.nginx_cached),
        _share(ratio(result.nginx_cached, result.nginx_static)),
        f"missed: {', '.join(failed)}" if failed else "reached" if result.bars else "none",
    ]
    return f"| {' | '.join(cells)} |"


def verdicts(results: list[Result]) -> list[str]:
    """Return one line per bar."""
    return [
        f"{'PASS' if is_reached else 'FAIL'}  {result.page.name}: {name} {value:.3g} (bar {bar:g})"
        for result in results
        for name, value, bar, is_reached in result.bars
    ]


def write(section: str, lines: list[str]) -> None:
    """Put lines between a section's marks in docs/performance.md."""
    begin, end = f"<!-- {section}: begin -->", f"<!-- {section}: end -->"
    pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    block = "\n".join([begin, "", *lines, "", end])
    DOCUMENT.write_text(pattern.sub(lambda _: block, DOCUMENT.read_text()))


def circumstances(size: Size, *, database: str, rounds: int, seconds: float) -> str:
    """Say what was measured, on what and how."""
    return (
        f"Commit `{commit()}`, {dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M} UTC; {os.cpu_count()}"
        f" processors, load {os.getloadavg()[0]:.1f}; Python {platform.python_version()},"
        f" {database}; gunicorn with {size.workers} process(es) of {size.threads} threads;"
        f" medians of {rounds} alternating runs of {seconds:g} s."
    )


def commit() -> str:
    """Name the commit that was measured; a plus sign when files differ from it."""
    command = ["git", "describe", "--always", "--abbrev=10", "--dirty=+"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout.strip()


def _rate(rates: list[float]) -> str:
    return f"{statistics.median(rates):,.0f}" if rates else "–"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
