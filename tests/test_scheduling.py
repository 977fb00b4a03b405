"""Which tests run on the second database too: every one that meets the first."""

import pytest

from accounts.models import User
from tests.scheduling import meets_the_database


@pytest.fixture
def rows(db: None) -> None:
    """A fixture that asks for the database on behalf of a test."""


def test_one_that_knows_no_rows_runs_once(request: pytest.FixtureRequest) -> None:
    assert not meets_the_database(request.node)


@pytest.mark.django_db
def test_one_that_is_marked_runs_on_both(request: pytest.FixtureRequest) -> None:
    assert meets_the_database(request.node)
    assert User.objects.count() == 0


def test_one_whose_fixture_asks_for_rows_runs_on_both(
    request: pytest.FixtureRequest, rows: None
) -> None:
    assert meets_the_database(request.node)


@pytest.mark.parametrize("mark", [pytest.mark.race, pytest.mark.crash])
def test_races_and_crashes_run_on_both(
    request: pytest.FixtureRequest, mark: pytest.MarkDecorator
) -> None:
    request.node.add_marker(mark)

    assert meets_the_database(request.node)
