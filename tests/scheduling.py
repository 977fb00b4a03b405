"""Says which process of the suite runs a test, and which tests need a second database.

Tests that share running servers, or a shop that takes long to fill, stay on one process.
pytest-xdist's own way, the mark `xdist_group`, names the group in the test's id, which pytest 9.2
no longer lets it change; the tests are then silently scattered:
https://github.com/pytest-dev/pytest-xdist/issues/1386. Here the address of the test decides.
"""

from typing import Any

import pytest
from xdist.scheduler import LoadGroupScheduling  # type: ignore[import-untyped]

# Whatever asks for one of these, itself or through another fixture, meets the database.
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup", "template"}
DATABASE_MARKS = ("django_db", "race", "crash")
SERVERS = ("tests/races/", "tests/crash/", "tests/pages/")
# Their shops take longer to fill than their tests to run.
FILLED_ONCE = ("tests/storefront/test_seed_demo.py", "tests/journeys/test_query_budgets.py")


class ByFolder(LoadGroupScheduling):
    """Gives what shares servers or a filled shop to one process, and every other test to any."""

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(SERVERS):
            return "servers"
        file = nodeid.partition("::")[0]
        return file if file in FILLED_ONCE else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFolder | None:
    """Use it where groups are asked for."""
    return ByFolder(config, log) if config.getvalue("dist") == "loadgroup" else None


def meets_the_database(item: pytest.Item) -> bool:
    """Whether a test can end differently on another database; one without rows cannot."""
    fixtures = set(getattr(item, "fixturenames", ()))
    is_marked = any(item.get_closest_marker(mark) for mark in DATABASE_MARKS)
    return is_marked or bool(fixtures & DATABASE_FIXTURES)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--meeting-database",
        action="store_true",
        help="run only the tests that meet the database",
    )


def leave_out_what_needs_no_database(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect, where that is asked for, what another run has shown on another database."""
    if not config.getoption("--meeting-database"):
        return
    left_out = [item for item in items if not meets_the_database(item)]
    items[:] = [item for item in items if meets_the_database(item)]
    config.hook.pytest_deselected(items=left_out)
