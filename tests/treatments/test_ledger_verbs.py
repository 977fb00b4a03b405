"""Every verb of the ledger, and everything it refuses."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
import pytest

from append_only.operations import protected_tables
from tests.accounts.factories import UserFactory
from tests.treatments.factories import (
    NOON,
    PractitionerFactory,
    ProtocolFactory,
    SessionPassFactory,
    TreatmentFactory,
)
from treatments import ledger
from treatments.models import LedgerEntry, LedgerNote, SessionPass
from treatments.standing import Standing, standing_of

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
TODAY = dt.date(2026, 3, 1)
LAST_DAY = dt.date(2027, 3, 1)
AFTER_GRACE = dt.datetime(2027, 3, 16, 12, 0, tzinfo=dt.UTC)
CANARY = "canary-4711 has a rash"


def standing(row: SessionPass) -> Standing:
    row.refresh_from_db()
    return standing_of(row, row.entries.order_by("pk"))


def redeem(row: SessionPass, **changes: Any) -> LedgerEntry:
    facts: dict[str, Any] = {"reference": "visit:1", "by": None, "at": NOON}
    return ledger.redeem(pass_id=row.pk, **(facts | changes))


def act(verb: Callable[..., Any], row: SessionPass, **changes: Any) -> Any:
    facts: dict[str, Any] = {"reference": f"{verb.__name__}:1", "by": None, "at": NOON}
    return verb(pass_id=row.pk, **(facts | changes))


def test_redeeming_takes_one_session_and_says_who_gave_it() -> None:
    row, desk, practitioner = SessionPassFactory(), UserFactory(), PractitionerFactory()

    entry = redeem(row, by=desk, practitioner_id=practitioner.pk)

    assert (entry.kind, entry.sessions, entry.balance_after) == ("REDEEM", -1, 5)
    assert (entry.actor, entry.practitioner) == (desk, practitioner)
    assert standing(row).balance == 5


def test_the_first_session_begins_a_pass_that_runs_from_its_first_use() -> None:
    row = SessionPassFactory(validity_rule="FROM_FIRST_USE")

    redeem(row, at=NOON + 30 * DAY)

    row.refresh_from_db()
    assert (row.starts_on, row.expires_on) == (dt.date(2026, 3, 31), dt.date(2027, 3, 31))


def test_putting_the_first_session_back_leaves_the_days_open_again() -> None:
    row = SessionPassFactory(validity_rule="FROM_FIRST_USE")
    taken = redeem(row)

    ledger.restore(entry_id=taken.pk, reference="undo:1", by=None, at=NOON)

    row.refresh_from_db()
    assert (row.starts_on, row.expires_on) == (None, None)
    assert standing(row).balance == 6


def test_the_same_reference_redeems_once() -> None:
    row = SessionPassFactory()

    first, second = redeem(row), redeem(row)

    assert first == second
    assert standing(row).balance == 5


def test_a_reference_of_another_pass_or_verb_is_refused() -> None:
    row, other = SessionPassFactory(), SessionPassFactory()
    redeem(row)

    with pytest.raises(ledger.ReferenceTaken):
        redeem(other)
    with pytest.raises(ledger.ReferenceTaken):
        act(ledger.hold, row, reference="visit:1", reason="Appointment")

    assert (standing(row).balance, standing(other).balance) == (5, 6)


def test_more_than_is_left_is_refused_and_takes_nothing() -> None:
    row = SessionPassFactory(sessions=1)
    redeem(row)

    with pytest.raises(ledger.NotEnoughSessions, match=r"No session is left\."):
        redeem(row, reference="visit:2")

    assert standing(row).balance == 0


def test_what_is_held_is_redeemed_through_its_hold_alone() -> None:
    row = SessionPassFactory(sessions=1)
    held = act(ledger.hold, row, reason="Appointment on Friday")

    with pytest.raises(ledger.NotEnoughSessions, match=r"1 session is set aside"):
        redeem(row)
    redeem(row, hold_id=held.pk)

    assert (standing(row).balance, standing(row).held) == (0, 0)


def test_a_released_hold_is_free_again_and_holds_no_more() -> None:
    row = SessionPassFactory(sessions=1)
    held = act(ledger.hold, row, reason="Appointment on Friday")
    facts = {"hold_id": held.pk, "reason": "Called off", "by": None, "at": NOON}

    ledger.release(**facts, reference="off:1")

    assert standing(row).available == 1
    with pytest.raises(ledger.AlreadyAnswered):
        ledger.release(**facts, reference="off:2")
    with pytest.raises(ledger.AlreadyAnswered):
        redeem(row, hold_id=held.pk)


def test_a_hold_of_another_pass_is_refused() -> None:
    row, other = SessionPassFactory(), SessionPassFactory()
    held = act(ledger.hold, other, reason="Appointment")

    with pytest.raises(ledger.NotThatKind):
        redeem(row, hold_id=held.pk)

    assert standing(row).balance == 6


def test_an_undo_names_the_entry_it_puts_back_and_is_done_once() -> None:
    row = SessionPassFactory()
    taken = redeem(row)
    minutes = dt.timedelta(minutes=15)

    undone = ledger.restore(entry_id=taken.pk, reference="undo:1", by=None, at=NOON + minutes)

    assert (undone.kind, undone.sessions, undone.about) == ("RESTORE", 1, taken)
    with pytest.raises(ledger.AlreadyAnswered):
        ledger.restore(entry_id=taken.pk, reference="undo:2", by=None, at=NOON)
    assert standing(row).balance == 6


def test_after_fifteen_minutes_nothing_is_undone() -> None:
    row = SessionPassFactory()
    taken = redeem(row)
    late = NOON + dt.timedelta(minutes=15, seconds=1)

    with pytest.raises(ledger.TooLateToUndo):
        ledger.restore(entry_id=taken.pk, reference="undo:1", by=None, at=late)

    assert standing(row).balance == 5


def test_only_a_redemption_can_be_undone() -> None:
    row = SessionPassFactory()

    with pytest.raises(ledger.NotThatKind):
        ledger.restore(entry_id=row.entries.get().pk, reference="undo:1", by=None, at=NOON)

    assert standing(row).balance == 6


# --- Days -----------------------------------------------------------------------------------


def test_a_pass_is_honoured_to_the_end_of_its_grace_period() -> None:
    row = SessionPassFactory()

    redeem(row, at=AFTER_GRACE - DAY)

    assert standing(row).balance == 5
    with pytest.raises(ledger.PassExpired, match="1 March 2027"):
        redeem(row, reference="visit:2", at=AFTER_GRACE)


def test_extending_moves_the_last_day_and_wakes_an_expired_pass() -> None:
    row = SessionPassFactory()

    act(ledger.extend, row, days=30, note="We were closed", at=AFTER_GRACE)

    assert standing(row).expires_on == LAST_DAY + 30 * DAY
    redeem(row, at=AFTER_GRACE)


@pytest.mark.parametrize("days", [0, -1, 3651])
def test_an_extension_out_of_bounds_is_refused(days: int) -> None:
    row = SessionPassFactory()

    with pytest.raises(ledger.DaysOutOfBounds):
        act(ledger.extend, row, days=days, note="Why not")

    assert standing(row).expires_on == LAST_DAY


def test_a_pause_is_given_back_in_days_and_hinders_redeeming() -> None:
    row = SessionPassFactory()
    act(ledger.pause, row, from_on=TODAY, until_on=TODAY + 10 * DAY, reason="Paused")

    with pytest.raises(ledger.PassPaused, match="11 March 2026"):
        redeem(row, at=NOON + 9 * DAY)
    redeem(row, at=NOON + 10 * DAY)

    assert standing(row).expires_on == LAST_DAY + 10 * DAY


def test_pauses_that_overlap_count_once() -> None:
    row = SessionPassFactory()
    spans = [(0, 10), (5, 20), (20, 25), (40, 41)]
    for number, (start, end) in enumerate(spans):
        act(
            ledger.pause,
            row,
            from_on=TODAY + start * DAY,
            until_on=TODAY + end * DAY,
            reason="Paused",
            reference=f"pause:{number}",
        )

    assert standing(row).paused_days == 26
    assert standing(row).expires_on == LAST_DAY + 26 * DAY


def test_resuming_ends_one_pause_and_leaves_the_other() -> None:
    row = SessionPassFactory()
    first = act(ledger.pause, row, from_on=TODAY, until_on=TODAY + 30 * DAY, reason="Holiday")
    act(
        ledger.pause,
        row,
        from_on=TODAY,
        until_on=TODAY + 20 * DAY,
        reason="Clinic",
        reference="pause:2",
    )
    facts = {"pause_id": first.pk, "reason": "Back home", "by": None, "at": NOON + 5 * DAY}

    ledger.resume(**facts, reference="resume:1")

    assert standing(row).paused_days == 20
    with pytest.raises(ledger.AlreadyAnswered):
        ledger.resume(**facts, reference="resume:2")


def test_a_pause_before_the_first_session_costs_no_days() -> None:
    row = SessionPassFactory(validity_rule="FROM_FIRST_USE")
    act(ledger.pause, row, from_on=TODAY, until_on=TODAY + 10 * DAY, reason="Paused")

    redeem(row, at=NOON + 10 * DAY)

    assert standing(row).expires_on == TODAY + 375 * DAY


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (3, 3), (3, 2), (0, 366), (366, 370)])
def test_a_pause_out_of_bounds_is_refused(start: int, end: int) -> None:
    row = SessionPassFactory()

    with pytest.raises(ledger.PauseOutOfBounds):
        act(
            ledger.pause,
            row,
            from_on=TODAY + start * DAY,
            until_on=TODAY + end * DAY,
            reason="Paused",
        )

    assert standing(row).paused_days == 0


def test_a_pause_may_end_with_the_last_day_there_is() -> None:
    row = SessionPassFactory(validity_rule="FROM_FIRST_USE")

    act(ledger.pause, row, from_on=dt.date.max - DAY, until_on=dt.date.max, reason="Paused")

    assert len(standing(row).pauses) == 1


def test_what_is_left_expires_once_the_grace_period_is_over() -> None:
    row = SessionPassFactory()
    act(ledger.hold, row, reason="Appointment")

    with pytest.raises(ledger.NotExpiredYet):
        act(ledger.expire, row, at=AFTER_GRACE - DAY)
    entry = act(ledger.expire, row, at=AFTER_GRACE)

    assert (entry.sessions, entry.held, entry.balance_after) == (-6, -1, 0)
    with pytest.raises(ledger.NothingToExpire):
        act(ledger.expire, row, at=AFTER_GRACE, reference="expire:2")


# --- Spacing --------------------------------------------------------------------------------


def test_too_early_is_refused_with_the_day_it_becomes_possible() -> None:
    protocol = ProtocolFactory(min_days=14)
    row = SessionPassFactory(treatment_id=protocol.treatment_id)
    redeem(row)

    with pytest.raises(ledger.TooEarly, match="15 March 2026") as refusal:
        redeem(row, reference="visit:2", at=NOON + 13 * DAY)
    redeem(row, reference="visit:3", at=NOON + 14 * DAY)

    assert refusal.value.possible_on == dt.date(2026, 3, 15)
    assert standing(row).balance == 4


def test_a_second_pass_of_the_same_person_does_not_get_around_spacing() -> None:
    protocol = ProtocolFactory(min_days=14)
    owner = UserFactory()
    first = SessionPassFactory(
        treatment_id=protocol.treatment_id, owner=owner, holder_email="a@b.c"
    )
    second = SessionPassFactory(
        treatment_id=protocol.treatment_id, owner=owner, holder_email="d@e.f"
    )
    stranger = SessionPassFactory(treatment_id=protocol.treatment_id, holder_email="eve@e.f")
    redeem(first)

    with pytest.raises(ledger.TooEarly):
        redeem(second, reference="visit:2", at=NOON + DAY)
    redeem(stranger, reference="visit:3", at=NOON + DAY)

    assert (standing(second).balance, standing(stranger).balance) == (6, 5)


def test_what_was_put_back_does_not_count_for_spacing() -> None:
    protocol = ProtocolFactory(min_days=14)
    row = SessionPassFactory(treatment_id=protocol.treatment_id)
    taken = redeem(row)
    ledger.restore(entry_id=taken.pk, reference="undo:1", by=None, at=NOON)

    redeem(row, reference="visit:2")

    assert standing(row).balance == 5


def test_two_sessions_at_once_are_too_early_for_the_second() -> None:
    protocol = ProtocolFactory(min_days=14)
    row = SessionPassFactory(treatment_id=protocol.treatment_id)

    with pytest.raises(ledger.TooEarly):
        redeem(row, sessions=2)

    assert standing(row).balance == 6


def test_an_override_is_marked_and_its_reason_is_kept_sealed() -> None:
    protocol = ProtocolFactory(min_days=14)
    row = SessionPassFactory(treatment_id=protocol.treatment_id)
    redeem(row)

    entry = redeem(
        row, reference="visit:2", at=NOON + DAY, override_reason=CANARY, note="Left side"
    )

    assert entry.is_override
    assert ledger.read_note(entry) == f"{CANARY}\nLeft side"
    assert CANARY not in str(LedgerEntry.objects.values())
    assert CANARY not in str(LedgerNote.objects.values())


def test_a_reason_that_was_not_needed_makes_no_override() -> None:
    entry = redeem(SessionPassFactory(), override_reason="Just in case")

    assert not entry.is_override


def test_the_database_refuses_an_override_without_a_reason() -> None:
    row = SessionPassFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        LedgerEntry.objects.create(
            session_pass=row,
            kind="REDEEM",
            sessions=-1,
            is_override=True,
            reference="visit:1",
            reason="x",
            happened_at=NOON,
            previous_hash="a" * 64,
            entry_hash="b" * 64,
        )

    assert row.entries.count() == 1


def test_a_pass_keeps_the_protocol_it_was_sold_with() -> None:
    protocol = ProtocolFactory(min_days=14)
    row = SessionPassFactory(treatment_id=protocol.treatment_id)
    ProtocolFactory(treatment=protocol.treatment, version=2, min_days=21)
    redeem(row)

    redeem(row, reference="visit:2", at=NOON + 14 * DAY)

    assert standing(row).protocol_id == protocol.pk


def test_a_pass_sold_before_any_protocol_follows_the_newest() -> None:
    row = SessionPassFactory()
    ProtocolFactory(treatment_id=row.treatment_id, min_days=14)
    redeem(row)

    with pytest.raises(ledger.TooEarly):
        redeem(row, reference="visit:2", at=NOON + DAY)


def test_a_clinician_applies_a_newer_protocol_with_a_reason() -> None:
    old = ProtocolFactory(min_days=14)
    row = SessionPassFactory(treatment_id=old.treatment_id)
    newer = ProtocolFactory(treatment=old.treatment, version=2, min_days=21, recommended_days=30)
    clinician = UserFactory()

    entry = act(
        ledger.apply_protocol, row, protocol_id=newer.pk, note="Sensitive scalp", by=clinician
    )

    assert (entry.actor, standing(row).protocol_id) == (clinician, newer.pk)
    with pytest.raises(ledger.OlderProtocol):
        act(
            ledger.apply_protocol,
            row,
            protocol_id=old.pk,
            note="Back",
            by=clinician,
            reference="again",
        )


def test_a_protocol_of_another_treatment_is_refused() -> None:
    row, other = SessionPassFactory(), ProtocolFactory()

    with pytest.raises(ledger.OtherTreatment):
        act(ledger.apply_protocol, row, protocol_id=other.pk, note="Why", by=UserFactory())

    assert standing(row).protocol_id is None


# --- Moving ---------------------------------------------------------------------------------


def test_refunding_takes_what_is_free() -> None:
    row = SessionPassFactory()
    act(ledger.hold, row, reason="Appointment", sessions=2)

    with pytest.raises(ledger.NotEnoughSessions, match="Only 4 sessions are free"):
        act(ledger.refund, row, sessions=5)
    act(ledger.refund, row, sessions=4)

    assert (standing(row).balance, standing(row).available) == (2, 0)


def test_sessions_passed_on_are_a_pass_with_the_same_last_day() -> None:
    row, friend = SessionPassFactory(), UserFactory(email="bea@example.com")
    act(ledger.extend, row, days=30, note="We were closed")

    received = act(ledger.transfer, row, sessions=2, to_email="Bea@example.com", to=friend)
    again = act(ledger.transfer, row, sessions=2, to_email="Bea@example.com", to=friend)

    assert received == again
    assert (standing(row).balance, standing(received).balance) == (4, 2)
    assert (received.owner, received.holder_email) == (friend, "bea@example.com")
    assert received.expires_on == LAST_DAY + 30 * DAY
    assert received.treatment_id == row.treatment_id
    assert ledger.verify(received) is None


def test_a_pass_that_has_not_begun_is_passed_on_unbegun() -> None:
    row = SessionPassFactory(validity_rule="FROM_FIRST_USE")

    received = act(ledger.transfer, row, sessions=1, to_email="bea@example.com", to=None)

    assert (received.starts_on, received.expires_on, received.validity_days) == (None, None, 365)


def test_sessions_given_back_return_to_the_pass_they_came_from() -> None:
    row = SessionPassFactory()
    received = act(ledger.transfer, row, sessions=2, to_email="bea@example.com", to=None)

    back = act(ledger.return_sessions, received, sessions=1, reference="back:1")
    again = act(ledger.return_sessions, received, sessions=1, reference="back:1")

    assert back == again
    assert (standing(row).balance, standing(received).balance) == (5, 1)
    with pytest.raises(ledger.NotEnoughSessions):
        act(ledger.return_sessions, received, sessions=2, reference="back:2")
    with pytest.raises(ledger.NotThatKind):
        act(ledger.return_sessions, row, sessions=1, reference="back:3")


def test_an_adjustment_adds_or_takes_and_never_goes_below_nothing() -> None:
    row = SessionPassFactory()
    act(ledger.adjust, row, sessions=2, note="Two were promised on the phone")

    with pytest.raises(ledger.NotEnoughSessions):
        act(ledger.adjust, row, sessions=-9, note="Mistake", reference="adjust:2")

    assert standing(row).balance == 8


@pytest.mark.parametrize("verb", [ledger.refund, ledger.adjust])
def test_none_is_nothing_to_do(verb: Callable[..., Any]) -> None:
    row = SessionPassFactory()
    facts = {"note": "Why"} if verb is ledger.adjust else {}

    with pytest.raises(ledger.NothingToChange):
        act(verb, row, sessions=0, **facts)

    assert row.entries.count() == 1


@pytest.mark.parametrize(
    ("verb", "facts"),
    [(ledger.adjust, {"sessions": 1}), (ledger.extend, {"days": 1})],
)
def test_what_staff_put_right_needs_their_word(
    verb: Callable[..., Any], facts: dict[str, int]
) -> None:
    row = SessionPassFactory()

    with pytest.raises(ledger.ReasonMissing):
        act(verb, row, note="  ", **facts)

    assert row.entries.count() == 1


def test_a_note_can_be_erased_and_the_chain_stands() -> None:
    row = SessionPassFactory()
    entry = act(ledger.adjust, row, sessions=1, note=CANARY)

    LedgerNote.objects.all().delete()

    entry.refresh_from_db()
    assert ledger.verify(row) is None
    with pytest.raises(ledger.NoteErased):
        ledger.read_note(LedgerEntry.objects.get(pk=entry.pk))


def test_protocols_and_entries_can_only_be_added_to() -> None:
    assert {
        "treatments_ledgerentry",
        "treatments_protocol",
        "treatments_aftercarewindow",
        "treatments_warningsign",
    } <= protected_tables(transaction.get_connection())


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "GRANT", "sessions": -1},
        {"kind": "REDEEM", "sessions": 1},
        {"kind": "HOLD", "sessions": -1, "held": 1},
        {"kind": "RELEASE", "sessions": 0, "held": -1},  # names no hold
        {"kind": "PAUSE", "sessions": 0},
        {"kind": "PAUSE", "sessions": 0, "from_on": TODAY, "until_on": TODAY},
        {"kind": "EXTEND", "sessions": 0, "days": 0},
        {"kind": "ADJUST", "sessions": 0},
        {"kind": "PROTOCOL", "sessions": 0},
        {"kind": "GIFT", "sessions": 1},
        {"kind": "REDEEM", "sessions": -1, "balance_after": -1, "held_after": 0},
        {"kind": "REDEEM", "sessions": -1, "balance_after": 1, "held_after": 2},
    ],
)
def test_the_database_refuses_an_entry_that_its_kind_may_not_be(changes: dict[str, Any]) -> None:
    row = SessionPassFactory(treatment_id=TreatmentFactory().pk)

    with pytest.raises(IntegrityError), transaction.atomic():
        LedgerEntry.objects.create(
            session_pass=row,
            reference="smuggled",
            reason="x",
            happened_at=NOON,
            previous_hash="a" * 64,
            entry_hash="b" * 64,
            **changes,
        )

    assert row.entries.count() == 1
