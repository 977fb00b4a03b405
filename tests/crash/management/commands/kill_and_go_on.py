"""Kill a forked process at many moments of one scenario, go on, and say what came of each."""

import itertools
import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connections

from checkout import stripe_gateway
from tests.crash.kill_points import Moments, is_line
from tests.crash.scenarios import SCENARIOS, Scenario, Trial, ending, new_trial
from tests.races import guard_switch, jobs

_numbers = itertools.count()


class Command(BaseCommand):
    help = "Print, as JSON, every moment, and every death after which the end was not the same."
    requires_system_checks: list[str] = []  # noqa: RUF012 - Django's own way to say none

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("scenarios", nargs="+", choices=sorted(SCENARIOS))
        parser.add_argument("--every", type=int, default=1)
        parser.add_argument("--without", default="")
        parser.add_argument("--drop-keys", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["drop_keys"]:
            jobs.run("drop_keys", at="2026-01-01")
        with guard_switch.without(options["without"]):
            reports = {
                name: _run(SCENARIOS[name], every=options["every"]) for name in options["scenarios"]
            }
        sys.stdout.write(json.dumps(reports) + "\n")


def _run(scenario: Scenario, *, every: int) -> dict[str, Any]:
    started = time.monotonic()
    ways = list(scenario.ways)
    names: list[str] = []
    uninterrupted = {}
    for way in ways:
        names, uninterrupted[way] = _without_death(scenario, way)
    chosen = _chosen(names, every)
    wrong, alive = [], []
    for count, number in enumerate(chosen):
        for way in ways if every == 1 else [ways[count % len(ways)]]:
            died, found = _with_death(scenario, way, number)
            if not died:
                alive.append(names[number])
            if not scenario.is_right(way, found, uninterrupted[way]):
                wrong.append({"at": f"{number}: {names[number]}", "then": way, "found": found})
    return {
        "moments": len(names),
        "killed": len(chosen),
        "alive": alive,
        "wrong": wrong,
        "uninterrupted": uninterrupted,
        "seconds": round(time.monotonic() - started, 1),
    }


def _chosen(names: list[str], every: int) -> list[int]:
    """Every n-th line and every n-th of what reaches the database or Stripe."""
    lines = [number for number, name in enumerate(names) if is_line(name)]
    others = [number for number, name in enumerate(names) if not is_line(name)]
    return sorted([*lines[::every], *others[::every]])


def _without_death(scenario: Scenario, way: str) -> tuple[list[str], dict[str, Any]]:
    trial = new_trial(next(_numbers))
    scenario.prepare(trial)
    with tempfile.TemporaryDirectory() as folder:
        notes = Path(folder) / "names.json"
        in_a_fork(lambda: _act(scenario, trial, notes=notes))
        names = json.loads(notes.read_text())
    scenario.ways[way](scenario, trial)
    return names, _as_json(ending(trial))


def _with_death(scenario: Scenario, way: str, number: int) -> tuple[bool, dict[str, Any]]:
    trial = new_trial(next(_numbers))
    scenario.prepare(trial)
    died = in_a_fork(lambda: _act(scenario, trial, fatal=number))
    scenario.ways[way](scenario, trial)
    return died, _as_json(ending(trial))


def _act(
    scenario: Scenario, trial: Trial, *, fatal: int | None = None, notes: Path | None = None
) -> None:
    moments = Moments(fatal)
    with moments.watched():
        scenario.act(trial)
    if notes is not None:
        notes.write_text(json.dumps(moments.names))


def in_a_fork(act: Callable[[], None]) -> bool:
    """Let a process of its own act; tell whether it was killed."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            # A connection to Stripe that is shared with the parent would mix up their answers.
            stripe_gateway._client.cache_clear()
            act()
        except BaseException:  # noqa: BLE001 - a fork must never go on as its parent
            sys.excepthook(*sys.exc_info())
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return os.WTERMSIG(status) == signal.SIGKILL
    if os.waitstatus_to_exitcode(status):
        raise RuntimeError("the process failed before it could be killed")
    return False


def _as_json(found: dict[str, Any]) -> dict[str, Any]:
    return dict(json.loads(json.dumps(found)))
