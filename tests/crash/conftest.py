"""A database and a payment service that outlive every process that is killed."""

import os
from collections.abc import Iterator

import pytest

from tests.races.databases import Template
from tests.races.payment_service import PaymentService


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Template]:
    """The filled database that each scenario gets a copy of."""
    server_url = os.environ.get("TEST_DATABASE_URL", "")
    made = Template(tmp_path_factory.mktemp("template"), server_url)
    yield made
    made.drop()


@pytest.fixture(scope="session")
def payment_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PaymentService]:
    started = PaymentService.start(tmp_path_factory.mktemp("payments"))
    yield started
    started.stop()
