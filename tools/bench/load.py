"""Requests per second as `wrk` counts them."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tools.terminal import Refusal

POST = """wrk.method = "POST"
wrk.body = "{body}"
wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
"""


def check_wrk() -> None:
    """Make sure that the load generator is there.

    :raises Refusal: if it is not.
    """
    if shutil.which("wrk") is None:
        raise Refusal("wrk is not installed (Debian: apt-get install wrk), then run this again.")


def fire(
    url: str,
    *,
    seconds: float,
    connections: int,
    headers: Mapping[str, str],
    script: Path | None = None,
) -> float:
    """Ask for one address as fast as it answers, and return how many answers came each second.

    A page so slow that none came is asked once more, for longer.

    :raises Refusal: if any answer was neither 2xx nor 3xx, or none came.
    """
    try:
        return _fire(url, seconds, connections, headers, script)
    except NoAnswer:
        return _fire(url, 5 * seconds, connections, headers, script)


class NoAnswer(Refusal):
    """Nothing was answered while the load generator ran."""


def _fire(
    url: str, seconds: float, connections: int, headers: Mapping[str, str], script: Path | None
) -> float:
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds:g}s", "--timeout=20s"]
    for name, value in headers.items():
        command += ["-H", f"{name}: {value}"]
    if script:
        command += ["-s", str(script)]
    run = subprocess.run([*command, url], capture_output=True, text=True, timeout=seconds + 60)
    said = run.stdout
    wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    if not wrong and rate is not None and float(rate[1]) == 0:
        raise NoAnswer(f"{url} answered nothing in {seconds:g} s.")
    if wrong or rate is None:
        raise Refusal(f"{url} did not answer well:\n{said}{run.stderr}")
    return float(rate[1])
