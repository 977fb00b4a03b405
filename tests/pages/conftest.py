"""One running shop behind nginx for all of these tests, or a word about why there is none."""

import os
from collections.abc import Iterator

import pytest

from tests.pages.front import Front
from tools.bench import nginx

IS_CI = os.environ.get("CI", "").lower() in {"1", "true"}


@pytest.fixture(scope="session")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """The shop as it is deployed; skipped where there is no nginx, failed in CI."""
    if not nginx.program():
        message = "NO NGINX ON THIS MACHINE (apt-get install nginx): its cache is not tested"
        if IS_CI:
            pytest.fail(message, pytrace=False)
        pytest.skip(message)
    running = Front(tmp_path_factory.mktemp("front"))
    yield running
    running.stop()


@pytest.fixture(autouse=True)
def _pages_rest_and_visitors_go_home(front: Front) -> Iterator[None]:
    front.do("catch_up")
    yield
    front.let_visitors_go()
