"""Appointments: one session held from the request on, days that are possible, kind rules."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.utils import timezone
import pytest

from accounts.models import User
from outbox.models import OutboundMail
from tests.accounts.factories import UserFactory
from tests.treatments.factories import (
    NOON,
    PractitionerFactory,
    ProtocolFactory,
    SessionPassFactory,
    staff_who_may,
)
from treatments import appointments, ledger
from treatments.appointments import Asked, Wish, answering, asking, ending, life
from treatments.appointments import days as appointment_days
from treatments.models import (
    Appointment,
    AppointmentStatus,
    DayPart,
    LedgerKind,
    SessionPass,
    Treatment,
)
from treatments.spacing import clinic_day
from treatments.standing import standing_of

pytestmark = pytest.mark.django_db
S = AppointmentStatus
TODAY = clinic_day(NOON)
MOVING = (asking, answering, ending)


def on(number: int) -> dt.date:
    """Days after the day of `NOON`, 1 March 2026."""
    return TODAY + dt.timedelta(days=number)


def moment(number: int, hour: int = 10) -> dt.datetime:
    """An hour of a later day, as the clinic's clock says it."""
    return timezone.make_aware(dt.datetime.combine(on(number), dt.time(hour)))


@pytest.fixture
def ada() -> User:
    user: User = UserFactory.create(email="ada@example.com", verified=True)
    return user


@pytest.fixture
def desk() -> User:
    return staff_who_may("answer_appointment")


@pytest.fixture
def own(ada: User) -> SessionPass:
    return SessionPassFactory.create(owner=ada)


def ask(row: SessionPass, *numbers: int, at: dt.datetime = NOON, **facts: Any) -> Appointment:
    wishes = [Wish(on(number), DayPart.MORNING) for number in numbers]
    return appointments.ask(
        pass_id=row.pk,
        asked=Asked(wishes, facts.pop("words", "")),
        closed_on=facts.pop("closed_on", ()),
        reference=facts.pop("reference", "appointment:1"),
        by=row.owner,
        at=at,
        **facts,
    )


def confirm(row: Appointment, starts_at: dt.datetime, desk: User, **facts: Any) -> Appointment:
    said = {"practitioner_id": None, "seen_changes": row.changes, "by": desk, "at": NOON, **facts}
    return appointments.confirm(appointment_id=row.pk, starts_at=starts_at, **said)


def cancel(row: Appointment, *, at: dt.datetime = NOON, knows: bool = False) -> Appointment:
    by = row.session_pass.owner
    assert by is not None
    return appointments.cancel(appointment_id=row.pk, knows_it_counts=knows, by=by, at=at)


def left(row: SessionPass) -> tuple[int, int]:
    """Sessions of a pass, and how many of them are held."""
    standing = standing_of(row, row.entries.order_by("pk"))
    return standing.balance, standing.held


def kinds(row: SessionPass) -> list[str]:
    return list(row.entries.order_by("pk").values_list("kind", flat=True))


def told(event: str = appointments.NEWS) -> list[str]:
    return list(OutboundMail.objects.filter(event=event).values_list("to", flat=True))


def test_a_request_holds_one_session_and_tells_both_sides(own: SessionPass, desk: User) -> None:
    row = ask(own, 3, 5, words="After work, please")

    assert (row.status, left(own)) == (S.ASKED, (6, 1))
    assert row.last_day_on == on(5)
    assert appointments.words_of(row) == "After work, please"
    assert "After work" not in row.sealed_words
    assert (told(), told(appointments.FOR_DESK)) == (["ada@example.com"], [desk.email])


def test_the_same_request_sent_twice_holds_one_session(own: SessionPass) -> None:
    first, again = ask(own, 3), ask(own, 3)

    assert first == again
    assert left(own) == (6, 1)


def test_a_request_is_refused_where_no_session_is_free(ada: User) -> None:
    own = SessionPassFactory.create(owner=ada, sessions=1)
    ask(own, 3)

    with pytest.raises(ledger.NotEnoughSessions, match="set aside"):
        ask(own, 9, reference="appointment:2")

    assert Appointment.objects.count() == 1
    assert left(own) == (1, 1)


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ((), "at least one day"),
        ((3, 4, 5, 6), "3 days at most"),
        ((0,), "from tomorrow on"),
        ((-3,), "from tomorrow on"),
        ((181,), "We plan until 28 August 2026"),
        ((4, 20), "We are closed on 21 March 2026"),
    ],
)
def test_days_that_cannot_be_are_refused_and_hold_nothing(
    own: SessionPass, numbers: tuple[int, ...], words: str
) -> None:
    with pytest.raises(appointments.DayRefused, match=words):
        ask(own, *numbers, closed_on={on(20)})

    assert (Appointment.objects.count(), left(own)) == (0, (6, 0))


def test_a_day_after_the_end_of_the_pass_is_refused(ada: User) -> None:
    own = SessionPassFactory.create(owner=ada, validity_days=30)

    with pytest.raises(appointments.DayRefused, match="until 31 March 2026"):
        ask(own, 31)

    assert ask(own, 30).last_day_on == on(30)


def test_a_pass_in_its_grace_can_still_be_booked(ada: User) -> None:
    own = SessionPassFactory.create(owner=ada, validity_days=30)

    row = ask(own, 44, at=NOON + dt.timedelta(days=33))

    assert row.last_day_on == on(44)


def test_a_day_before_the_protocol_allows_one_is_refused_with_the_first_that_it_does(
    ada: User,
) -> None:
    protocol = ProtocolFactory.create()
    own = SessionPassFactory.create(owner=ada, treatment_id=protocol.treatment_id)
    ledger.redeem(pass_id=own.pk, reference="visit:1", by=None, at=NOON)

    with pytest.raises(appointment_days.DayTooEarly) as refusal:
        ask(own, 13)

    assert refusal.value.possible_on == on(14)
    assert "your next session is possible from 15 March 2026" in str(refusal.value)
    assert left(own) == (5, 0)
    assert appointments.days_of(own, at=NOON).first_on == on(14)
    assert ask(own, 14).status == S.ASKED


def test_an_appointment_that_is_agreed_keeps_its_distance_on_both_sides(
    ada: User, desk: User
) -> None:
    protocol = ProtocolFactory.create()
    own = SessionPassFactory.create(owner=ada, treatment_id=protocol.treatment_id)
    confirm(ask(own, 30), moment(30), desk)

    with pytest.raises(appointment_days.DayTooNear, match="too near your appointment on 31 March"):
        ask(own, 17, reference="appointment:2")
    with pytest.raises(appointment_days.DayTooEarly, match="possible from 14 April 2026"):
        ask(own, 43, reference="appointment:2")

    assert ask(own, 16, reference="appointment:2").status == S.ASKED


def test_days_in_a_pause_are_refused(own: SessionPass) -> None:
    ledger.pause(
        pass_id=own.pk,
        from_on=on(5),
        until_on=on(9),
        reference="pause:1",
        reason="Paused as you asked",
        by=None,
        at=NOON,
    )

    with pytest.raises(appointment_days.DayPaused, match="from 10 March 2026 on"):
        ask(own, 8)

    assert ask(own, 9).status == S.ASKED


def test_the_desk_confirms_a_time_with_a_practitioner(own: SessionPass, desk: User) -> None:
    giver = PractitionerFactory.create()

    row = confirm(ask(own, 3), moment(3), desk, practitioner_id=giver.pk)

    assert (row.status, row.starts_at, row.practitioner) == (S.CONFIRMED, moment(3), giver)
    assert row.free_until == moment(3) - dt.timedelta(hours=24)
    assert (row.answered_by, row.days.count(), left(own)) == (desk, 0, (6, 1))


def test_whoever_is_confirmed_at_short_notice_can_still_say_no(
    own: SessionPass, desk: User
) -> None:
    row = confirm(ask(own, 3), NOON + dt.timedelta(hours=5), desk)

    assert row.free_until == NOON + dt.timedelta(hours=2)


@pytest.mark.parametrize("status", ["CONFIRMED", "SUGGESTED", "DECLINED", "CANCELLED"])
def test_an_answer_to_what_has_changed_meanwhile_is_refused(
    own: SessionPass, desk: User, status: str
) -> None:
    row = ask(own, 3)
    seen = row.changes
    changes: dict[str, Callable[[], object]] = {
        "CONFIRMED": lambda: confirm(row, moment(3), desk),
        "SUGGESTED": lambda: suggest(row, desk, 4),
        "DECLINED": lambda: decline(row, desk),
        "CANCELLED": lambda: cancel(row),
    }
    changes[status]()

    with pytest.raises(appointments.ChangedMeanwhile):
        confirm(row, moment(9), desk, seen_changes=seen)

    row.refresh_from_db()
    assert row.status == status
    assert row.starts_at != moment(9)


def test_a_time_that_is_over_or_too_early_is_not_confirmed(ada: User, desk: User) -> None:
    protocol = ProtocolFactory.create()
    own = SessionPassFactory.create(owner=ada, treatment_id=protocol.treatment_id)
    ledger.redeem(pass_id=own.pk, reference="visit:1", by=None, at=NOON)
    row = ask(own, 14)

    with pytest.raises(appointments.TimeIsOver):
        confirm(row, NOON - dt.timedelta(minutes=1), desk)
    with pytest.raises(appointments.DayRefused, match="possible from 15 March 2026"):
        confirm(row, moment(13), desk)

    row.refresh_from_db()
    assert (row.status, row.starts_at) == (S.ASKED, None)


def suggest(row: Appointment, desk: User, *numbers: int, sentence: str = "") -> Appointment:
    return appointments.suggest(
        appointment_id=row.pk,
        times=[moment(number) for number in numbers],
        sentence=sentence,
        seen_changes=row.changes,
        by=desk,
        at=NOON,
    )


def decline(row: Appointment, desk: User, sentence: str = "We are full.") -> Appointment:
    return appointments.decline(
        appointment_id=row.pk, sentence=sentence, seen_changes=row.changes, by=desk, at=NOON
    )


def test_the_customer_accepts_one_of_the_times_that_the_clinic_suggests(
    own: SessionPass, desk: User
) -> None:
    row = suggest(ask(own, 3), desk, 6, 4, sentence="Bea is away until then.")
    days = list(row.days.all())
    assert [day.starts_at for day in days] == [moment(4), moment(6)]

    done = appointments.accept(appointment_id=row.pk, day_id=days[1].pk, at=NOON)

    assert (done.status, done.starts_at) == (S.CONFIRMED, moment(6))
    assert left(own) == (6, 1)


def test_a_time_that_was_not_suggested_or_is_over_is_not_accepted(
    own: SessionPass, desk: User
) -> None:
    row = suggest(ask(own, 3), desk, 4)
    day = row.days.get()

    for day_id, at in ((day.pk + 1, NOON), (day.pk, moment(4, 11))):
        with pytest.raises(appointments.NotSuggested):
            appointments.accept(appointment_id=row.pk, day_id=day_id, at=at)

    row.refresh_from_db()
    assert row.status == S.SUGGESTED


def test_declining_frees_the_session_and_says_why(own: SessionPass, desk: User) -> None:
    row = ask(own, 3)
    with pytest.raises(appointments.SentenceMissing):
        decline(row, desk, " ")
    assert left(own) == (6, 1)

    done = decline(row, desk)

    assert (done.status, done.answer, left(own)) == (S.DECLINED, "We are full.", (6, 0))
    assert kinds(own) == ["GRANT", "HOLD", "RELEASE"]


def test_cancelling_frees_the_session_and_forgets_the_words(own: SessionPass, desk: User) -> None:
    row = confirm(ask(own, 3, words="Quietly, please"), moment(3), desk)

    done = cancel(row)

    assert (done.status, done.starts_at, done.sealed_words) == (S.CANCELLED, moment(3), "")
    assert left(own) == (6, 0)
    with pytest.raises(appointments.ChangedMeanwhile):
        cancel(row)
    assert kinds(own) == ["GRANT", "HOLD", "RELEASE"]


def test_cancelling_late_gives_the_session_back_unless_the_terms_say_otherwise(
    own: SessionPass, desk: User
) -> None:
    row = confirm(ask(own, 3), moment(3), desk)

    cancel(row, at=moment(3, 9))

    assert left(own) == (6, 0)


@pytest.fixture
def strict(own: SessionPass) -> SessionPass:
    """A pass of a treatment whose terms say that a late cancellation counts."""
    Treatment.objects.filter(pk=own.treatment_id).update(late_cancel_counts=True)
    return SessionPass.objects.get(pk=own.pk)


def test_where_the_terms_say_so_a_late_cancellation_counts_once_it_was_said(
    strict: SessionPass, desk: User
) -> None:
    row = confirm(ask(strict, 3), moment(3), desk)
    with pytest.raises(appointments.CountsAsUsed):
        cancel(row, at=moment(3, 9))
    assert left(strict) == (6, 1)

    cancel(row, at=moment(3, 9), knows=True)

    assert left(strict) == (5, 0)
    assert appointments.has_counted(row)
    assert kinds(strict) == ["GRANT", "HOLD", "RELEASE", "ADJUST"]


def test_terms_that_become_stricter_do_not_touch_what_was_confirmed(
    own: SessionPass, desk: User
) -> None:
    row = confirm(ask(own, 3), moment(3), desk)
    Treatment.objects.update(late_cancel_counts=True, free_cancel_hours=72)

    cancel(row, at=moment(3, 9))

    assert left(own) == (6, 0)


def test_moving_gives_the_time_up_and_keeps_the_session(own: SessionPass, desk: User) -> None:
    row = confirm(ask(own, 3), moment(3), desk)

    asked = Asked([Wish(on(8), DayPart.EVENING)])
    moved = appointments.move(appointment_id=row.pk, asked=asked, closed_on=(), at=NOON)

    assert (moved.status, moved.starts_at, moved.was_at) == (S.ASKED, None, moment(3))
    assert [(day.on, day.part) for day in moved.days.all()] == [(on(8), "EVENING")]
    assert left(own) == (6, 1)


def test_moving_late_is_refused_where_the_session_counts(strict: SessionPass, desk: User) -> None:
    row = confirm(ask(strict, 3), moment(3), desk)
    asked = Asked([Wish(on(8), DayPart.EVENING)])

    with pytest.raises(appointments.TooLateToMove):
        appointments.move(appointment_id=row.pk, asked=asked, closed_on=(), at=moment(3, 9))

    row.refresh_from_db()
    assert (row.status, row.starts_at) == (S.CONFIRMED, moment(3))


def test_the_clinic_can_cancel_at_any_time_and_the_session_comes_back(
    strict: SessionPass, desk: User
) -> None:
    row = confirm(ask(strict, 3), moment(3), desk)

    done = appointments.call_off(
        appointment_id=row.pk,
        sentence="Bea is ill.",
        seen_changes=row.changes,
        by=desk,
        at=moment(3, 9),
    )

    assert (done.status, done.answer, left(strict)) == (S.CANCELLED, "Bea is ill.", (6, 0))


@pytest.mark.parametrize("is_suggested", [False, True])
def test_what_nobody_answers_in_time_runs_out_and_frees_the_session(
    own: SessionPass, desk: User, *, is_suggested: bool
) -> None:
    row = ask(own, 3)
    if is_suggested:
        row = suggest(row, desk, 3)

    assert appointments.end_due(at=moment(3, 23)) == 0
    assert appointments.end_due(at=moment(4, 0)) == 1
    assert appointments.end_due(at=moment(4, 0)) == 0

    row.refresh_from_db()
    assert (row.status, left(own)) == (S.LAPSED, (6, 0))


def test_a_session_that_was_redeemed_closes_its_appointment(own: SessionPass, desk: User) -> None:
    row = confirm(ask(own, 3), moment(3), desk)
    ledger.redeem(pass_id=own.pk, reference="visit:1", by=desk, at=moment(3), hold_id=row.hold_id)

    appointments.end_due(at=moment(4, 1))

    row.refresh_from_db()
    assert (row.status, left(own)) == (S.KEPT, (5, 0))


@pytest.mark.parametrize("act", ["cancel", "call_off", "move", "suggest"])
def test_an_appointment_whose_session_was_taken_is_not_ended_another_way(
    strict: SessionPass, desk: User, act: str
) -> None:
    row = confirm(ask(strict, 3), moment(3), desk)
    soon = moment(3) + dt.timedelta(minutes=5)
    ledger.redeem(pass_id=strict.pk, reference="visit:1", by=desk, at=soon, hold_id=row.hold_id)
    before = left(strict)
    acts: dict[str, Callable[[], object]] = {
        "cancel": lambda: cancel(row, at=soon, knows=True),
        "call_off": lambda: appointments.call_off(
            appointment_id=row.pk, sentence="", seen_changes=row.changes, by=desk, at=soon
        ),
        "move": lambda: appointments.move(
            appointment_id=row.pk,
            asked=Asked([Wish(on(9), DayPart.MORNING)]),
            closed_on=(),
            at=moment(1),
        ),
        "suggest": lambda: suggest(row, desk, 9),
    }

    with pytest.raises(appointments.SessionTaken):
        acts[act]()

    row.refresh_from_db()
    assert (row.status, left(strict)) == (S.CONFIRMED, before)


def test_a_session_that_was_put_back_and_taken_again_is_kept_all_the_same(
    own: SessionPass, desk: User
) -> None:
    row = confirm(ask(own, 3), moment(3), desk)
    taken = ledger.redeem(
        pass_id=own.pk, reference="visit:1", by=desk, at=moment(3), hold_id=row.hold_id
    )
    ledger.restore(entry_id=taken.pk, reference="undo:1", by=desk, at=moment(3))
    ledger.redeem(pass_id=own.pk, reference="visit:2", by=desk, at=moment(3))

    appointments.end_due(at=moment(4, 1))

    row.refresh_from_db()
    assert (row.status, left(own)) == (S.KEPT, (5, 0))


def visit_off_another_pass(
    strict: SessionPass, ada: User, desk: User
) -> tuple[Appointment, SessionPass]:
    """A confirmed appointment of one pass, and the other that its visit was taken off."""
    row = confirm(ask(strict, 3), moment(3), desk)
    other = SessionPassFactory.create(owner=ada, treatment_id=strict.treatment_id)
    ledger.redeem(pass_id=other.pk, reference="visit:1", by=desk, at=moment(3))
    return row, other


def test_a_visit_that_was_taken_off_another_pass_costs_no_second_session(
    strict: SessionPass, ada: User, desk: User
) -> None:
    row, other = visit_off_another_pass(strict, ada, desk)

    appointments.end_due(at=moment(4, 1))

    row.refresh_from_db()
    assert (row.status, left(strict), left(other)) == (S.KEPT, (6, 0), (5, 0))


def test_cancelling_after_a_visit_off_another_pass_costs_no_second_session(
    strict: SessionPass, ada: User, desk: User
) -> None:
    row, other = visit_off_another_pass(strict, ada, desk)

    done = cancel(row, at=moment(3, 18), knows=True)

    assert (done.status, left(strict), left(other)) == (S.CANCELLED, (6, 0), (5, 0))
    assert not appointments.has_counted(done)


@pytest.mark.parametrize("visit", ["of somebody else", "of another treatment", "put back"])
def test_another_visit_of_that_day_does_not_keep_an_appointment(
    strict: SessionPass, ada: User, desk: User, visit: str
) -> None:
    row = confirm(ask(strict, 3), moment(3), desk)
    facts = {"owner": ada, "treatment_id": strict.treatment_id}
    if visit == "of somebody else":
        facts |= {"owner": None, "holder_email": "bea@example.com"}
    if visit == "of another treatment":
        del facts["treatment_id"]
    other = SessionPassFactory.create(**facts)
    taken = ledger.redeem(pass_id=other.pk, reference="visit:1", by=desk, at=moment(3))
    if visit == "put back":
        ledger.restore(entry_id=taken.pk, reference="undo:1", by=desk, at=moment(3))

    appointments.end_due(at=moment(4, 1))

    row.refresh_from_db()
    assert (row.status, left(strict)) == (S.MISSED, (5, 0))


@pytest.mark.parametrize(("counts", "expected"), [(False, (6, 0)), (True, (5, 0))])
def test_whoever_does_not_come_has_the_session_back_unless_the_terms_say_otherwise(
    own: SessionPass, desk: User, *, counts: bool, expected: tuple[int, int]
) -> None:
    Treatment.objects.update(late_cancel_counts=counts)
    row = confirm(ask(SessionPass.objects.get(pk=own.pk), 3), moment(3), desk)

    appointments.end_due(at=moment(4, 1))

    row.refresh_from_db()
    assert (row.status, left(own)) == (S.MISSED, expected)


def test_the_desk_finds_the_appointment_of_today_and_of_no_other_day(
    own: SessionPass, desk: User
) -> None:
    row = confirm(ask(own, 3), moment(3), desk)

    assert appointments.booked_today([own.pk], at=moment(2, 23)) == {}
    assert appointments.booked_today([own.pk], at=moment(3, 0)) == {own.pk: row}
    assert appointments.booked_today([own.pk], at=moment(4, 0)) == {}
    ledger.redeem(pass_id=own.pk, reference="visit:1", by=desk, at=moment(3), hold_id=row.hold_id)
    assert appointments.booked_today([own.pk], at=moment(3, 12)) == {}


def test_what_customers_wrote_is_forgotten_a_month_after_the_day(
    own: SessionPass, desk: User
) -> None:
    row = confirm(ask(own, 3, words="Quietly, please"), moment(3), desk)

    assert appointments.forget_words(at=moment(33, 23)) == 0
    assert appointments.forget_words(at=moment(34, 1)) == 1

    row.refresh_from_db()
    assert row.sealed_words == ""


def test_what_customers_wrote_is_sealed_anew(own: SessionPass) -> None:
    row = ask(own, 3, words="Quietly, please")
    sealed = row.sealed_words

    assert appointments.reseal_all() == 1

    row.refresh_from_db()
    assert row.sealed_words != sealed
    assert appointments.words_of(row) == "Quietly, please"


def test_every_status_is_in_the_table_and_can_be_reached() -> None:
    assert set(life.NEXT) == set(S)
    reached = set().union(*life.NEXT.values())
    assert reached == set(S)


def test_an_ended_appointment_leaves_the_ledger_whole(own: SessionPass, desk: User) -> None:
    cancel(confirm(ask(own, 3), moment(3), desk))

    assert ledger.verify(own) is None
    assert own.entries.filter(kind=LedgerKind.RELEASE).count() == 1


# --- Two at once ---------------------------------------------------------------------------


def _meanwhile(monkeypatch: pytest.MonkeyPatch, other: Callable[[], object]) -> None:
    """Let somebody else act between our look at an appointment and our writing."""
    moved = life.transition

    def interrupted(*args: Any, **kwargs: Any) -> None:
        for module in MOVING:
            monkeypatch.setattr(module, "transition", moved)
        other()
        moved(*args, **kwargs)

    for module in MOVING:
        monkeypatch.setattr(module, "transition", interrupted)


def test_of_two_cancellations_at_once_one_is_refused(
    own: SessionPass, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = ask(own, 3)
    _meanwhile(monkeypatch, lambda: cancel(row))

    with pytest.raises(appointments.ChangedMeanwhile):
        cancel(row)


def test_a_time_confirmed_twice_at_once_is_confirmed_once(
    own: SessionPass, desk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = ask(own, 3)
    _meanwhile(monkeypatch, lambda: decline(row, desk))

    with pytest.raises(appointments.ChangedMeanwhile):
        confirm(row, moment(3), desk)

    assert told() == ["ada@example.com"]


def test_without_the_table_both_of_two_at_once_would_go_through(
    own: SessionPass, desk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counter-proof: the sources of a status are what stops the second of two."""
    monkeypatch.setattr(life, "NEXT", dict.fromkeys(S, frozenset(S)))
    row = ask(own, 3)
    _meanwhile(monkeypatch, lambda: decline(row, desk))

    done = confirm(row, moment(3), desk)

    assert (done.status, done.changes, left(own)) == (S.CONFIRMED, 2, (6, 0))
