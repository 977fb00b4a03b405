"""The whole suite, on SQLite and then on PostgreSQL; ends with pytest's own closing line.

Arguments go to pytest. With arguments that choose tests the same choice runs on both databases.
Tests that never touch the database under test (the stand-in's own, the browser's, those behind
nginx, and those that know no rows) and those marked `once` run once, on SQLite; `--everything` runs
them on both.
`DATABASE=sqlite` or `DATABASE=postgresql` runs one alone.
"""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tools.environment import ROOT
from tools.postgres import temporary_server

# One more than there are cores: tests with servers and browsers of their own often wait for them.
PROCESSES = os.environ.get("TEST_PROCESSES") or str(min((os.cpu_count() or 2) + 1, 4))
# Where nobody watches, the log says what took long.
SLOWEST = ["--durations=40", "--durations-min=2"] if os.environ.get("CI") else []
ONCE = ["--ignore=tests/stripe_standin", "--ignore=tests/pages", "-m", "not browser and not once"]
ONCE += ["--meeting-database"]


def main() -> int:
    arguments = sys.argv[1:]
    runs_everything = "--everything" in arguments
    arguments = [argument for argument in arguments if argument != "--everything"]
    only = os.environ.get("DATABASE", "")
    on_sqlite = 0 if only == "postgresql" else _run("SQLite", "sqlite:///:memory:", arguments)
    if only == "sqlite":
        return on_sqlite
    with _postgresql() as url:
        has_choice = any(argument in {"-m", "-k"} for argument in arguments)
        skipped = [] if runs_everything or has_choice else ONCE
        if on_sqlite:
            print("\n=== SQLite FAILED (above); PostgreSQL follows ===", flush=True)
        on_postgresql = _run("PostgreSQL", url, [*arguments, *skipped])
    if skipped and arguments and not only and on_postgresql == pytest.ExitCode.NO_TESTS_COLLECTED:
        print("Nothing that was chosen meets the database: SQLite has run it all.", flush=True)
        return on_sqlite
    return on_sqlite or on_postgresql


@contextlib.contextmanager
def _postgresql() -> Iterator[str]:
    """Give the PostgreSQL that TEST_DATABASE_URL names, or one started for this run."""
    given = os.environ.get("TEST_DATABASE_URL", "")
    if given.startswith("postgres"):
        yield given
        return
    with temporary_server() as url:
        yield url


def _run(name: str, url: str, arguments: list[str]) -> int:
    print(f"\n=== {name} ===", flush=True)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-n",
        PROCESSES,
        "--dist",
        "loadgroup",
        "--no-loadscope-reorder",
        *SLOWEST,
        *arguments,
    ]
    env = {**os.environ, "TEST_DATABASE_URL": url}
    env.pop("DATABASE_URL", None)
    # Where it is set, as in many containers, every process of the suite, each shop that a test
    # starts included, would read all of Django, Wagtail and the tests from their sources.
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    return subprocess.run(command, cwd=ROOT, env=env).returncode


if __name__ == "__main__":
    sys.exit(main())
