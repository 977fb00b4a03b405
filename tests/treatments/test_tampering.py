"""A change of any single byte in the ledger is found, and the first row that it is in is named."""

import copy
import datetime as dt
from typing import Any

from django.core.management import CommandError, call_command
from django.db import connection
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from append_only.operations import PREFIX
from tests.accounts.factories import UserFactory
from tests.treatments.factories import (
    NOON,
    PractitionerFactory,
    ProtocolFactory,
    SessionPassFactory,
)
from treatments import ledger
from treatments.ledger.verifying import first_broken
from treatments.models import LedgerEntry, LedgerNote, SessionPass

pytestmark = pytest.mark.django_db
# The row's own number says only where it stands, and the hashes that it stands in the right place.
NOT_HASHED = {"id"}
TERMS = ("public_id", "treatment_id", "validity_rule", "validity_days", "grant_reference")


def busy_pass() -> SessionPass:
    """A pass with an entry of almost every kind."""
    protocol, by = ProtocolFactory(min_days=0), UserFactory()
    row = SessionPassFactory(treatment_id=protocol.treatment_id, sessions=9)
    facts: dict[str, Any] = {"pass_id": row.pk, "by": by, "at": NOON}
    practitioner = PractitionerFactory()
    day = dt.date(2026, 3, 1)

    held = ledger.hold(**facts, reference="h", reason="Appointment")
    ledger.redeem(**facts, reference="r1", hold_id=held.pk, practitioner_id=practitioner.pk)
    taken = ledger.redeem(**facts, reference="r2", note="Left side only")
    ledger.restore(entry_id=taken.pk, reference="u", by=by, at=NOON)
    ledger.extend(**facts, days=7, reference="e", note="We were closed")
    rest = {"from_on": day, "until_on": day + dt.timedelta(days=3), "reason": "Paused"}
    paused = ledger.pause(**facts, **rest, reference="p")
    ledger.resume(pause_id=paused.pk, reference="s", reason="Back", by=by, at=NOON)
    ledger.refund(**facts, sessions=1, reference="f")
    ledger.transfer(**facts, sessions=2, to_email="bea@example.com", to=None, reference="t")
    ledger.adjust(**facts, sessions=-1, reference="a", note="Counted twice")
    return SessionPass.objects.get(pk=row.pk)


def changed(value: Any, *, at: int) -> Any:
    """Return a value that differs from another one in one place."""
    if value is None:
        return 1
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value ^ (1 << at % 15)
    if isinstance(value, dt.datetime):
        return value + dt.timedelta(microseconds=1 + at)
    if isinstance(value, dt.date):
        return value + dt.timedelta(days=1 + at)
    text = str(value) or "x"
    place = at % len(text)
    flipped = chr(ord(text[place]) ^ 1)
    return text[:place] + flipped + text[place + 1 :] if value else text


def hashed_columns() -> list[str]:
    columns = [field.attname for field in LedgerEntry._meta.concrete_fields]
    return sorted(set(columns) - NOT_HASHED)


def test_any_byte_of_any_column_of_any_entry_is_found() -> None:
    row = busy_pass()
    entries = list(row.entries.order_by("pk"))
    assert first_broken(row, entries) is None

    @settings(max_examples=300, deadline=None)
    @given(
        number=st.integers(0, len(entries) - 1),
        column=st.sampled_from([c for c in hashed_columns() if c != "session_pass_id"]),
        at=st.integers(0, 60),
    )
    def flip(number: int, column: str, at: int) -> None:
        forged = [copy.copy(entry) for entry in entries]
        setattr(forged[number], column, changed(getattr(forged[number], column), at=at))

        broken = first_broken(row, forged)

        assert broken is not None
        # A false hash shows where it stands, or in the entry that follows it.
        assert broken.entry_id == entries[number].pk

    flip()


@pytest.mark.parametrize("name", TERMS)
def test_terms_that_were_changed_are_found_in_the_first_entry(name: str) -> None:
    row = busy_pass()
    first = row.entries.order_by("pk").first()
    setattr(row, name, changed(getattr(row, name), at=0))

    broken = ledger.verify(row)

    assert first is not None
    assert broken is not None
    assert broken.entry_id == first.pk


def test_a_last_day_that_was_moved_is_found() -> None:
    row = busy_pass()
    row.expires_on = dt.date(2099, 1, 1)

    broken = ledger.verify(row)

    assert broken is not None
    assert broken.problem == "does not end on the last day of its pass"


def test_an_entry_that_was_moved_to_another_pass_is_found() -> None:
    row, other = busy_pass(), SessionPassFactory()
    moved = list(row.entries.order_by("pk"))[1]

    assert first_broken(other, [*other.entries.all(), moved]) is not None
    assert first_broken(row, [e for e in row.entries.order_by("pk") if e != moved]) is not None


@pytest.mark.parametrize("name", ["salt", "sealed"])
def test_a_byte_of_a_note_is_found(name: str) -> None:
    row = busy_pass()
    note = LedgerNote.objects.order_by("pk").first()
    assert note is not None
    LedgerNote.objects.filter(pk=note.pk).update(**{name: changed(getattr(note, name), at=20)})

    broken = ledger.verify(row)

    assert broken is not None
    assert broken.entry_id == note.entry_id


def test_the_command_names_the_first_bad_row_and_fails(
    capsys: pytest.CaptureFixture[str],
) -> None:
    row = busy_pass()
    call_command("verify_ledger")
    assert "checked" in capsys.readouterr().out
    entry = list(row.entries.order_by("pk"))[2]

    without_triggers("UPDATE treatments_ledgerentry SET reason = 'Gift' WHERE id = %s", entry.pk)

    with pytest.raises(CommandError, match=rf"entry {entry.pk} \({entry.reference}\)"):
        call_command("verify_ledger")


def without_triggers(sql: str, *values: Any) -> None:
    """Change the ledger as somebody could who owns the database."""
    table, on = LedgerEntry._meta.db_table, ""
    if connection.vendor == "postgresql":
        on = f" ON {table}"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {PREFIX}update_{table}{on}")
        cursor.execute(sql, values)
