"""A fresh stand-in with a still clock for every test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from stripe_standin.app import Standin
from tests.stripe_standin.shop import HOOK, SECRET, Client, Clock, Endpoint, client_of


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def endpoint() -> Endpoint:
    return Endpoint()


@pytest.fixture
def standin(tmp_path: Path, clock: Clock, endpoint: Endpoint) -> Iterator[Standin]:
    made = Standin(
        tmp_path / "standin.sqlite3",
        webhook_url=HOOK,
        webhook_secret=SECRET,
        clock=clock,
        transport=endpoint,
    )
    yield made
    made.close()


@pytest.fixture
def client(standin: Standin) -> Client:
    return client_of(standin)
