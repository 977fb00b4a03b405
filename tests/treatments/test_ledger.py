import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
import pytest

from tests.accounts.factories import UserFactory
from tests.treatments.factories import NOON, SessionPassFactory, TreatmentFactory
from treatments import ledger
from treatments.models import LedgerEntry, SessionPass
from treatments.models.passes import FIRST_PREVIOUS_HASH

pytestmark = pytest.mark.django_db


def grant(**changes: Any) -> SessionPass:
    facts: dict[str, Any] = {
        "owner": None,
        "holder_email": "Ada@Example.com ",
        "sessions": 6,
        "validity_rule": "FROM_PURCHASE",
        "validity_days": 365,
        "reference": "order:G-7K3M-9QXT:line:1",
        "reason": "Bought with order G-7K3M-9QXT",
        "by": None,
        "at": NOON,
    }
    return ledger.grant(**(facts | changes))


def test_grant_makes_a_pass_with_one_entry_that_says_why() -> None:
    treatment = TreatmentFactory()

    session_pass = grant(treatment_id=treatment.pk)

    entry = session_pass.entries.get()
    assert session_pass.holder_email == "ada@example.com"
    assert (session_pass.starts_on, session_pass.expires_on) == (
        dt.date(2026, 3, 1),
        dt.date(2027, 3, 1),
    )
    assert (entry.kind, entry.sessions, entry.reason) == (
        "GRANT",
        6,
        "Bought with order G-7K3M-9QXT",
    )
    assert entry.previous_hash == FIRST_PREVIOUS_HASH
    assert SessionPass.objects.with_balance().get().balance == 6


def test_grant_from_first_use_leaves_the_days_open() -> None:
    session_pass = SessionPassFactory(validity_rule="FROM_FIRST_USE")

    assert (session_pass.starts_on, session_pass.expires_on) == (None, None)
    assert session_pass.validity_text == "valid 12 months from the first session"


def test_granting_again_with_the_reference_returns_the_same_pass() -> None:
    treatment = TreatmentFactory()
    first = grant(treatment_id=treatment.pk)

    second = grant(treatment_id=treatment.pk)

    assert second == first
    assert LedgerEntry.objects.count() == 1


def test_granting_again_keeps_the_callers_transaction_usable() -> None:
    treatment = TreatmentFactory()
    first = grant(treatment_id=treatment.pk)

    with transaction.atomic():
        second = grant(treatment_id=treatment.pk)
        other = grant(treatment_id=treatment.pk, reference="order:G-7K3M-9QXT:line:2")

    assert second == first
    assert set(SessionPass.objects.all()) == {first, other}


@pytest.mark.parametrize("changes", [{"sessions": 10}, {"treatment_id": 0}])
def test_a_reference_that_stands_for_something_else_is_refused(changes: dict[str, int]) -> None:
    treatment = TreatmentFactory()
    grant(treatment_id=treatment.pk)
    if "treatment_id" in changes:
        changes = {"treatment_id": TreatmentFactory().pk}

    with pytest.raises(ledger.ReferenceTaken):
        grant(**({"treatment_id": treatment.pk} | changes))

    assert SessionPass.objects.with_balance().get().balance == 6


@pytest.mark.parametrize("sessions", [0, -1])
def test_a_grant_of_nothing_is_refused_and_makes_no_pass(sessions: int) -> None:
    with pytest.raises(ledger.NothingToGrant):
        grant(treatment_id=TreatmentFactory().pk, sessions=sessions)

    assert SessionPass.objects.count() == 0


def test_a_grant_that_the_database_refuses_leaves_no_half_pass() -> None:
    with pytest.raises(IntegrityError):
        grant(treatment_id=TreatmentFactory().pk, reason="")

    assert SessionPass.objects.count() == 0


@pytest.mark.parametrize("change", ["sessions = 60", "reason = 'gift'", "actor_id = NULL"])
def test_the_database_refuses_to_change_an_entry(change: str) -> None:
    SessionPassFactory()

    with (
        pytest.raises(IntegrityError, match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE treatments_ledgerentry SET {change}")  # noqa: S608

    assert LedgerEntry.objects.get().sessions == 6


def test_the_database_refuses_to_delete_an_entry() -> None:
    SessionPassFactory()

    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        LedgerEntry.objects.all().delete()

    assert LedgerEntry.objects.count() == 1


def test_the_database_refuses_an_entry_of_nothing_and_a_fork() -> None:
    entry = SessionPassFactory().entries.get()
    facts = {
        "session_pass": entry.session_pass,
        "kind": "GRANT",
        "reason": "x",
        "happened_at": NOON,
        "entry_hash": "f" * 64,
    }

    with pytest.raises(IntegrityError), transaction.atomic():
        LedgerEntry.objects.create(**facts, sessions=0, reference="a", previous_hash="e" * 64)
    with pytest.raises(IntegrityError), transaction.atomic():
        LedgerEntry.objects.create(
            **facts, sessions=1, reference="b", previous_hash=FIRST_PREVIOUS_HASH
        )

    assert LedgerEntry.objects.count() == 1


def test_claiming_takes_a_guests_passes_of_that_address_only() -> None:
    user = UserFactory(email="ada@example.com")
    mine = SessionPassFactory(holder_email="ada@example.com")
    strangers = SessionPassFactory(holder_email="eve@example.com")
    taken = SessionPassFactory(holder_email="ada@example.com", owner=UserFactory())

    claimed = ledger.claim_passes(user=user, email="ADA@example.com", at=NOON)

    assert claimed == 1
    assert list(SessionPass.objects.owned_by(user)) == [mine]
    strangers.refresh_from_db()
    taken.refresh_from_db()
    assert strangers.owner is None
    assert taken.owner != user


def _forge(entry: LedgerEntry, **changes: Any) -> None:
    """Put in an entry as somebody with the database's own powers could."""
    fields = ["kind", "sessions", "reason", "happened_at", "previous_hash", "entry_hash"]
    facts = {name: getattr(entry, name) for name in fields}
    LedgerEntry.objects.create(session_pass=entry.session_pass, **(facts | changes))


def test_an_untouched_ledger_verifies() -> None:
    SessionPassFactory.create_batch(2)

    assert [ledger.verify(session_pass) for session_pass in SessionPass.objects.all()] == [
        None,
        None,
    ]
    call_command("verify_ledger", verbosity=0)


def test_a_smuggled_entry_is_found_by_its_hash(capsys: pytest.CaptureFixture[str]) -> None:
    SessionPassFactory()
    entry = SessionPassFactory().entries.get()
    _forge(
        entry,
        sessions=100,
        reference="smuggled",
        previous_hash=entry.entry_hash,
        entry_hash="a" * 64,
    )

    broken = ledger.verify(entry.session_pass)

    assert broken is not None
    assert (broken.reference, broken.problem) == ("smuggled", "does not match its own hash")
    with pytest.raises(CommandError, match=rf"entry {broken.entry_id} \(smuggled\)"):
        call_command("verify_ledger")
    assert "checked" not in capsys.readouterr().out


def test_an_entry_that_follows_nothing_is_found() -> None:
    entry = SessionPassFactory().entries.get()
    _forge(entry, reference="loose", previous_hash="b" * 64, entry_hash="c" * 64)

    broken = ledger.verify(entry.session_pass)

    assert broken is not None
    assert broken.problem == "does not follow the entry before it"


def _at_once(work: Callable[[], object], *, threads: int = 6) -> list[object]:
    """Run the same work in several threads that start together; results and exceptions."""
    barrier = threading.Barrier(threads)
    outcomes: list[object] = []

    def run() -> None:
        try:
            barrier.wait(timeout=20)
            outcomes.append(work())
        except Exception as problem:  # noqa: BLE001 - the test looks at it.
            outcomes.append(problem)
        finally:
            connection.close()

    workers = [threading.Thread(target=run) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)
    return outcomes


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_six_at_once_with_one_reference_grant_one_pass() -> None:
    treatment = TreatmentFactory()

    def work() -> int:
        with transaction.atomic():
            return grant(treatment_id=treatment.pk).pk

    outcomes = _at_once(work)

    granted = SessionPass.objects.with_balance().get()
    assert outcomes == [granted.pk] * 6
    assert granted.balance == 6


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_control_looking_before_writing_grants_more_than_one_pass() -> None:
    treatment = TreatmentFactory()
    looked = threading.Barrier(6)

    def work() -> None:
        is_known = SessionPass.objects.filter(holder_email="ada@example.com").exists()
        looked.wait(timeout=20)
        if not is_known:
            grant(treatment_id=treatment.pk, reference=f"order:{threading.get_ident()}")

    _at_once(work)

    assert SessionPass.objects.count() == 6
