"""The running shops that the races share; the pytest process itself never opens the database."""

import datetime as dt
import os
from collections.abc import Iterator
from typing import Protocol

import pytest

from checkout.placement import PAYMENT_WINDOW
from tests.races.databases import Template
from tests.races.shop import Shop


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Template]:
    """The filled database that every shop is a copy of."""
    server_url = os.environ.get("TEST_DATABASE_URL", "")
    made = Template(tmp_path_factory.mktemp("template"), server_url)
    yield made
    made.drop()


@pytest.fixture(scope="session")
def shop(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """The shop as it is."""
    running = Shop(tmp_path_factory.mktemp("shop"), template.copy("shop"))
    yield running
    running.stop()


@pytest.fixture(scope="session")
def unguarded_shop(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """The shop whose guards can be taken off, on a database of its own."""
    running = Shop(
        tmp_path_factory.mktemp("unguarded"),
        template.copy("unguarded"),
        settings="tests.races.unguarded_settings",
    )
    yield running
    running.stop()


@pytest.fixture(autouse=True)
def nothing_contradicts(request: pytest.FixtureRequest) -> Iterator[None]:
    """No race leaves rows behind that contradict each other: all share one database."""
    yield
    if "shop" in request.fixturenames:
        shop: Shop = request.getfixturevalue("shop")
        assert shop.do("differences", at=dt.datetime.now(dt.UTC)) == []


@pytest.fixture
def nothing_unpaid(shop: Shop) -> None:
    """What the races before left unpaid is out of the way."""
    shop.do("expire", at=dt.datetime.now(dt.UTC) + PAYMENT_WINDOW + dt.timedelta(seconds=1))


@pytest.fixture
def at() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Repeats(Protocol):
    """Says how often a race is run."""

    def __call__(self, usual: int, *, share: int = 1) -> int: ...


@pytest.fixture
def repeats() -> Repeats:
    """A few times in the suite; RACE_REPEATS times, or a multiple of it, in `make races`."""
    asked = int(os.environ.get("RACE_REPEATS", "0"))

    def count(usual: int, *, share: int = 1) -> int:
        return asked * share or usual

    return count
