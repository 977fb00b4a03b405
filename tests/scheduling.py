"""Keeps tests that share running servers on one process of the suite.

pytest-xdist's own way, the mark `xdist_group`, names the group in the test's id, which pytest 9.2
no longer lets it change; the tests are then silently scattered:
https://github.com/pytest-dev/pytest-xdist/issues/1386. Here the folder decides.
"""

from typing import Any

import pytest
from xdist.scheduler import LoadGroupScheduling  # type: ignore[import-untyped]

SERVERS = ("tests/races/", "tests/crash/", "tests/pages/")


class ByFolder(LoadGroupScheduling):
    """Gives the folders that start servers to one process, and every other test to any."""

    def _split_scope(self, nodeid: str) -> str:
        return "servers" if nodeid.startswith(SERVERS) else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFolder | None:
    """Use it where groups are asked for."""
    return ByFolder(config, log) if config.getvalue("dist") == "loadgroup" else None
