"""What every test may count on: its own upload folder, and a browser or an honest word about it."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings as django_settings
from django.core.cache import cache
from django.db.backends.sqlite3.creation import DatabaseCreation as SQLiteCreation
from django.test import Client, override_settings
import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from catalog import facet_index
from tests import migrated
from tests.accounts import signing_in
from tests.append_only import append_only_tables_can_be_flushed  # noqa: F401
from tests.browser import chromium
from tests.scheduling import (
    leave_out_what_needs_no_database,
    pytest_addoption,  # noqa: F401
    pytest_xdist_make_scheduler,  # noqa: F401
)

SQLITE = "django.db.backends.sqlite3"
pytest_plugins = ["tests.indexing"]
IS_CI = os.environ.get("CI", "").lower() in {"1", "true"}

hypothesis_settings.register_profile(
    "galea", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("galea")


def pytest_report_header() -> str:
    database = django_settings.DATABASES["default"]["ENGINE"].rsplit(".", 1)[-1]
    browser = chromium.CHROMIUM if chromium.is_there() else "MISSING"
    return f"database: {database}; chromium: {browser}"


def _turn(item: pytest.Item) -> int:
    """Tests with servers of their own take longest and begin; those that empty the database end.

    Those with a browser come one after the other, since they share a shop that is started once.
    """
    marker = item.get_closest_marker("django_db")
    fixtures = getattr(item, "fixturenames", [])
    if (marker and marker.kwargs.get("transaction")) or "transactional_db" in fixtures:
        return 3
    if item.get_closest_marker("race") or item.get_closest_marker("crash"):
        return 0
    return 1 if item.get_closest_marker("browser") else 2


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the shuffled tests in turn; skip the browser journeys where there is no browser."""
    leave_out_what_needs_no_database(config, items)
    items.sort(key=_turn)
    if chromium.is_there() or IS_CI:
        return
    reason = "no Chromium on this machine (apt-get install chromium)"
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason=reason))


def pytest_collection_finish() -> None:
    """Look no more for rubbish among all tests and all of Django; and seldom among what is new."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("browser") and not chromium.is_there():
        pytest.fail("CI must run the browser journeys, but there is no Chromium", pytrace=False)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = [
        report
        for report in terminalreporter.stats.get("skipped", [])
        if "no Chromium" in str(getattr(report, "longrepr", ""))
    ]
    if skipped:
        terminalreporter.section("BROWSER JOURNEYS NOT RUN", sep="!", red=True, bold=True)
        terminalreporter.write_line(
            f"{len(skipped)} browser tests were skipped: install Chromium or set CHROMIUM=path."
        )


@pytest.fixture(scope="session", autouse=True)
def _staff_have_shown_their_second_factor() -> Iterator[None]:
    """A test that is about it says so: `sign_in_without_second_factor`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "force_login", signing_in.force_login)
        yield


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """What is rolled back with a test leaves no word with those who know of pages and tries."""
    facet_index.forget()
    cache.clear()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
) -> Iterator[None]:
    """Let the database of this process begin as a copy of the migrated one."""
    database = django_settings.DATABASES["default"]
    if database["ENGINE"] != SQLITE:
        database["TEST"]["TEMPLATE"] = migrated.postgresql_database(os.environ["TEST_DATABASE_URL"])
        yield
        return
    create = SQLiteCreation._create_test_db

    def create_as_copy(self: Any, verbosity: int, autoclobber: bool, keepdb: bool = False) -> str:
        name: str = create(self, verbosity, autoclobber, keepdb)
        if not (keepdb and Path(name).exists()):
            migrated.copy_to(Path(name))
        return name

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SQLiteCreation, "_create_test_db", create_as_copy)
        yield


@pytest.fixture(scope="session", autouse=True)
def _own_upload_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with override_settings(MEDIA_ROOT=str(tmp_path_factory.mktemp("media"))):
        yield
