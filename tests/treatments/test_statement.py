"""A signed statement holds without the shop, and any changed byte of it is found."""

import base64
import copy
import datetime as dt
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from storefront import checks
from tests.treatments.factories import NOON, ProtocolFactory, SessionPassFactory
from tools.verify_statement import NotGenuine, verify
from treatments import ledger, statement, statement_keys
from treatments.models import SessionPass

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
NEW, OLD = (base64.b64encode(bytes([number]) * 32).decode() for number in (1, 2))


@pytest.fixture
def row() -> SessionPass:
    """A pass with a session, a hold, a pause and words that stay with the clinic."""
    protocol = ProtocolFactory(min_days=0)
    row = SessionPassFactory(treatment_id=protocol.treatment_id)
    facts: dict[str, Any] = {"pass_id": row.pk, "by": None}
    ledger.redeem(**facts, reference="visit:1", at=NOON, note="canary-3301")
    ledger.hold(**facts, reference="hold:1", at=NOON, reason="A visit")
    ledger.pause(
        **facts,
        from_on=dt.date(2026, 4, 1),
        until_on=dt.date(2026, 4, 9),
        reference="pause:1",
        reason="Ill",
        at=NOON,
    )
    return row


@pytest.fixture
def said(row: SessionPass) -> dict[str, Any]:
    """The statement as a file gives it back."""
    found: dict[str, Any] = json.loads(json.dumps(statement.signed_statement(row, at=NOON)))
    return found


def test_it_says_every_entry_and_what_is_left_and_no_words_of_staff(said: dict[str, Any]) -> None:
    assert [entry["facts"]["kind"] for entry in said["entries"]] == [
        "GRANT",
        "REDEEM",
        "HOLD",
        "PAUSE",
    ]
    assert (said["left"], said["held"], said["last_day"]) == (5, 1, "2027-03-09")
    assert "canary-3301" not in json.dumps(said)
    assert "ada@example.com" not in json.dumps(said)
    assert verify(said, statement_keys.public_keys()).startswith("Genuine: pass ")


def changes(said: Any) -> list[Any]:
    """Return copies of a statement, each with one value changed."""
    found = []

    def walk(path: list[Any], value: Any) -> None:
        if isinstance(value, dict | list):
            items = value.items() if isinstance(value, dict) else enumerate(value)
            for name, each in items:
                walk([*path, name], each)
            return
        changed = copy.deepcopy(said)
        within = changed
        for name in path[:-1]:
            within = within[name]
        within[path[-1]] = value + 1 if isinstance(value, int) else f"{value}x"
        found.append(changed)

    walk([], said)
    return found


def test_any_changed_value_is_found(said: dict[str, Any]) -> None:
    tampered = changes(said)

    assert len(tampered) > 80
    for each in tampered:
        with pytest.raises(NotGenuine):
            verify(each, statement_keys.public_keys())


def test_an_entry_that_is_left_out_is_found_even_when_signed_anew(said: dict[str, Any]) -> None:
    del said["entries"][1], said["signature"]
    signature = statement_keys.signing_keys()[0].sign(statement.canonical(said))

    with pytest.raises(NotGenuine, match="Entry 2 does not follow"):
        verify(
            said | {"signature": base64.b64encode(signature).decode()},
            statement_keys.public_keys(),
        )


def test_an_old_statement_is_genuine_as_long_as_its_key_is_published(
    row: SessionPass, settings: Settings
) -> None:
    settings.STATEMENT_KEYS = [OLD]
    said = statement.signed_statement(row, at=NOON)

    settings.STATEMENT_KEYS = [NEW, OLD]
    assert verify(said, statement_keys.public_keys())
    assert statement.signed_statement(row, at=NOON)["key"] != said["key"]
    settings.STATEMENT_KEYS = [NEW]
    with pytest.raises(NotGenuine, match="no such key"):
        verify(said, statement_keys.public_keys())


def test_keys_are_made_from_the_secret_and_those_before_it(settings: Settings) -> None:
    settings.SECRET_KEY = "new"  # pragma: allowlist secret
    settings.SECRET_KEY_FALLBACKS = ["old"]
    newest, older = statement_keys.public_keys()
    settings.SECRET_KEY = "old"  # pragma: allowlist secret
    settings.SECRET_KEY_FALLBACKS = []

    assert statement_keys.public_keys() == [older]
    assert newest["id"] != older["id"]


@pytest.mark.parametrize("key", ["x", "AAAA", "not base64!", f"{NEW}{NEW}"])
def test_a_key_that_is_none_is_told_before_anybody_asks(settings: Settings, key: str) -> None:
    settings.STATEMENT_KEYS = [OLD, key]

    (told,) = checks.check_statement_keys()

    assert told.msg == "Key 2 of STATEMENT_KEYS is not 32 bytes in base64."


def test_a_statement_takes_few_queries(
    row: SessionPass, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    found = SessionPass.objects.select_related("treatment").get()

    with django_assert_num_queries(1):
        statement.signed_statement(found, at=NOON)


def test_the_documented_command_needs_no_shop(tmp_path: Path, said: dict[str, Any]) -> None:
    keys = {"keys": statement_keys.public_keys()}
    (tmp_path / "keys.json").write_text(json.dumps(keys))
    (tmp_path / "good.json").write_text(json.dumps(said, indent=2))
    (tmp_path / "bad.json").write_text(json.dumps(said | {"left": 6}))
    (tmp_path / "none.json").write_text("[]")

    def run(name: str) -> tuple[int, str]:
        command = [sys.executable, str(ROOT / "tools" / "verify_statement.py")]
        done = subprocess.run(
            [*command, name, "keys.json"], cwd=tmp_path, env={}, capture_output=True, text=True
        )
        return done.returncode, done.stdout.partition(":")[0]

    assert run("good.json") == (0, "Genuine")
    assert run("bad.json") == (1, "NOT GENUINE")
    assert run("none.json") == (1, "NOT GENUINE")
    assert run("missing.json") == (1, "NOT GENUINE")
