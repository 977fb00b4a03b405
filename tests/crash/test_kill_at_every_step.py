"""R5: a process that dies at any step, and a world that goes on, end where it would have ended.

The ordinary suite dies at every `CRASH_EVERY`-th moment, lines and statements counted apart;
`make races` dies at all of them, and goes on in every way that there is. Both print how many.
"""

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from tests.races.databases import ROOT, Template
from tests.races.payment_service import PaymentService

pytestmark = pytest.mark.crash

EVERY = int(os.environ.get("CRASH_EVERY", "61"))
FULL_LENGTH_BELOW = 10
HEAR = "hear of a payment"
SCENARIOS = [
    "check out",
    "replace an order",
    HEAR,
    "hear of a failure",
    "paid too late",
    "give money back",
    "expire",
]


@pytest.fixture(scope="module")
def report_of(template: Template, payment_service: PaymentService) -> Callable[[str], Any]:
    """Tell what came of every death in a scenario.

    In the suite one process goes through all scenarios; at full length each has its own.
    """
    reports: dict[str, Any] = {}

    def find(scenario: str) -> Any:
        if scenario not in reports:
            wanted = SCENARIOS if EVERY > FULL_LENGTH_BELOW else [scenario]
            reports.update(kill(template, payment_service, wanted, every=EVERY))
        return reports[scenario]

    return find


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_death_at_any_step_changes_nothing_in_the_end(
    report_of: Callable[[str], Any], capsys: pytest.CaptureFixture[str], scenario: str
) -> None:
    """R5: killed at each step of checkout, notice, refund and expiry: one order, all of it once."""
    report = report_of(scenario)

    with capsys.disabled():
        sys.stdout.write(
            f"\nR5 {scenario}: {report['killed']} of {report['moments']} moments"
            f" (every {EVERY}), {report['seconds']} s\n"
        )
    assert report["alive"] == []
    assert report["wrong"] == []
    assert report["killed"] >= report["moments"] // EVERY


def kill(
    template: Template,
    payment_service: PaymentService,
    scenarios: list[str],
    *,
    every: int,
    settings: str = "tests.races.settings",
    flags: tuple[str, ...] = (),
) -> dict[str, Any]:
    """Let a process of its own fork and kill others on a fresh database; return its reports."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": settings,
        "RACE_DATABASE_URL": template.copy(f"crash_{secrets.token_hex(4)}").url,
        "RACE_STRIPE_URL": payment_service.url,
        "LOG_LEVEL": "CRITICAL",
    }
    command = ["-m", "django", "kill_and_go_on", *scenarios, "--every", str(every), *flags]
    run = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr[-3000:]
    reports: dict[str, Any] = json.loads(run.stdout)
    return reports


def test_with_effects_committed_one_by_one_a_death_loses_some(
    template: Template, payment_service: PaymentService
) -> None:
    """R5, counter-proof: a status first and its effects later: some deaths lose grant or mail."""
    report = kill(
        template,
        payment_service,
        [HEAR],
        every=20,
        settings="tests.races.unguarded_settings",
        flags=("--without", "one_transaction"),
    )[HEAR]

    [uninterrupted, _] = report["uninterrupted"].values()
    paid = uninterrupted["orders"][0]
    lost = [one["found"]["orders"][0] for one in report["wrong"]]
    assert paid["grants"]
    assert paid["mails"]
    assert any(len(one["grants"]) < len(paid["grants"]) for one in lost)
    assert any(len(one["mails"]) < len(paid["mails"]) for one in lost)


def test_without_unique_keys_a_death_doubles_some(
    template: Template, payment_service: PaymentService
) -> None:
    """R5, counter-proof: effects first, a status later, no keys: some deaths double them."""
    report = kill(
        template,
        payment_service,
        [HEAR],
        every=20,
        settings="tests.races.unguarded_settings",
        flags=("--without", "settled_once", "--drop-keys"),
    )[HEAR]

    [uninterrupted, _] = report["uninterrupted"].values()
    paid = uninterrupted["orders"][0]
    doubled = [one["found"]["orders"][0] for one in report["wrong"]]
    assert any(len(one["grants"]) > len(paid["grants"]) for one in doubled)
