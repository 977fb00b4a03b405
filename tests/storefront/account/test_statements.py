"""The statement is its owner's alone; the keys are everybody's."""

from django.test import Client
import pytest

from accounts.models import User
from tests.accounts.factories import UserFactory
from tests.treatments.factories import SessionPassFactory
from tools.verify_statement import verify

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(client: Client) -> User:
    user = UserFactory.create(email="ada@example.com", verified=True)
    client.force_login(user)
    return user


def test_a_downloaded_statement_is_genuine_by_the_published_keys(client: Client, ada: User) -> None:
    own = SessionPassFactory.create(owner=ada)

    answer = client.get(f"/account/passes/{own.public_id}/statement.json")
    keys = Client().get("/.well-known/galea-statement-keys.json")

    assert f"pass {own.public_id}, 1 entries" in verify(answer.json(), keys.json()["keys"])
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Disposition"].startswith("attachment;")
    page = client.get(f"/account/passes/{own.public_id}/").content.decode()
    assert f"/account/passes/{own.public_id}/statement.json" in page


def test_the_statement_is_its_owners_alone(client: Client, ada: User) -> None:
    theirs = SessionPassFactory.create(owner=UserFactory.create())

    address = f"/account/passes/{theirs.public_id}/statement.json"

    assert client.get(address).status_code == 404
    assert Client().get(address).status_code == 302
