"""R14: whatever is done to passes, in whatever order, they stand as a plain model says.

`LEDGER_HISTORIES` says how many random histories are tried.
"""

import datetime as dt
import os
from collections.abc import Callable
from typing import Any

from django.db import transaction
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.treatments.factories import ProtocolFactory, SessionPassFactory, TreatmentFactory
from tests.treatments.plain_ledger import DAY, UNDO_WITHIN, PlainPass, PlainPause
from treatments import ledger
from treatments.models import LedgerEntry, SessionPass
from treatments.standing import open_holds, standing_of

# In Berlin and in UTC it is the same day at noon, so that the model needs no zones.
START = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)
HISTORIES = int(os.environ.get("LEDGER_HISTORIES", "25"))
MIN_DAYS = 5
NUMBERS = st.integers(min_value=0, max_value=9)
FEW = st.integers(min_value=1, max_value=4)


class Ledger(RuleBasedStateMachine):
    """Does random things to passes, and the same to their models."""

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.acts = 0
        self.passes: dict[int, PlainPass] = {}
        self.given_in, self.gone_out = 0, 0
        self.again: Callable[[], Any] | None = None
        self._transaction = transaction.atomic()
        self._transaction.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self._transaction.__exit__(None, None, None)

    @property
    def today(self) -> dt.date:
        return self.now.date()

    def some_pass(self, number: int) -> tuple[int, PlainPass]:
        ids = sorted(self.passes)
        pass_id = ids[number % len(ids)]
        return pass_id, self.passes[pass_id]

    def do(self, verb: Callable[..., Any], refusal: type[Exception] | None, **facts: Any) -> Any:
        """Do it, or see it refused as the model expects; nothing changes then."""
        self.acts += 1
        facts = {"reference": f"act:{self.acts}", "by": None, "at": self.now, **facts}
        if refusal is None:
            done = verb(**facts)
            self.again = lambda: verb(**facts) == done
            return done
        with pytest.raises(refusal):
            verb(**facts)
        return None

    def usable(self, plain: PlainPass, sessions: int) -> type[Exception] | None:
        if self.today in plain.resting():
            return ledger.PassPaused
        if plain.is_expired(self.today):
            return ledger.PassExpired
        return ledger.NotEnoughSessions if plain.free < sessions else None

    def add(self, row: SessionPass, plain: PlainPass) -> None:
        self.passes[row.pk] = plain

    @initialize(spaced=st.booleans(), from_first_use=st.booleans())
    def begin(self, *, spaced: bool, from_first_use: bool) -> None:
        treatment = TreatmentFactory()
        self.min_days = MIN_DAYS if spaced else 0
        if spaced:
            ProtocolFactory(treatment=treatment, min_days=MIN_DAYS)
        for number in range(2):
            row = SessionPassFactory(
                treatment_id=treatment.pk,
                holder_email="ada@example.com",
                sessions=4 + number,
                validity_days=40,
                validity_rule="FROM_FIRST_USE" if from_first_use else "FROM_PURCHASE",
                at=self.now,
            )
            self.add(row, PlainPass(4 + number, None if from_first_use else self.today, 40))
            self.given_in += 4 + number
        self.emails = dict.fromkeys(self.passes, "ada@example.com")

    @rule(days=st.integers(min_value=0, max_value=21))
    def wait(self, *, days: int) -> None:
        self.now += days * DAY

    @rule(number=NUMBERS, sessions=st.integers(min_value=1, max_value=2), override=st.booleans())
    def redeem(self, *, number: int, sessions: int, override: bool) -> None:
        pass_id, plain = self.some_pass(number)
        refusal = self.usable(plain, sessions)
        if refusal is None and not override and self.is_too_early(pass_id, sessions):
            refusal = ledger.TooEarly
        reason = "The clinician saw the scalp" if override else ""
        entry = self.do(
            ledger.redeem, refusal, pass_id=pass_id, sessions=sessions, override_reason=reason
        )
        if entry:
            plain.left -= sessions
            plain.sessions[entry.pk] = self.now
            self.gone_out += sessions

    def is_too_early(self, pass_id: int, sessions: int) -> bool:
        email = self.emails[pass_id]
        days = [
            at.date()
            for other, plain in self.passes.items()
            if self.emails[other] == email
            for at in plain.sessions.values()
        ]
        if sessions > 1 and self.min_days:
            return True
        return bool(days) and (self.today - max(days)).days < self.min_days

    @rule(number=NUMBERS)
    def redeem_what_is_held(self, *, number: int) -> None:
        pass_id, plain = self.some_pass(number)
        if not plain.holds:
            return
        hold_id, held = sorted(plain.holds.items())[0]
        refusal = self.usable(plain, 0)
        entry = self.do(
            ledger.redeem,
            refusal,
            pass_id=pass_id,
            sessions=held,
            hold_id=hold_id,
            override_reason="The clinician saw the scalp",
        )
        if entry:
            del plain.holds[hold_id]
            plain.left -= held
            plain.sessions[entry.pk] = self.now
            self.gone_out += held

    @rule(number=NUMBERS)
    def restore(self, *, number: int) -> None:
        _, plain = self.some_pass(number)
        if not plain.sessions:
            return
        entry_id, at = sorted(plain.sessions.items())[-1]
        is_late = self.now - at > UNDO_WITHIN
        taken = self.entry(entry_id)
        entry = self.do(
            ledger.restore, ledger.TooLateToUndo if is_late else None, entry_id=entry_id
        )
        if entry:
            del plain.sessions[entry_id]
            plain.left -= taken.sessions
            self.gone_out += taken.sessions

    @staticmethod
    def entry(entry_id: int) -> LedgerEntry:
        return LedgerEntry.objects.get(pk=entry_id)

    @rule(number=NUMBERS, sessions=FEW)
    def hold(self, *, number: int, sessions: int) -> None:
        pass_id, plain = self.some_pass(number)
        entry = self.do(
            ledger.hold,
            self.usable(plain, sessions),
            pass_id=pass_id,
            sessions=sessions,
            reason="Appointment",
        )
        if entry:
            plain.holds[entry.pk] = sessions

    @rule(number=NUMBERS)
    def release(self, *, number: int) -> None:
        _, plain = self.some_pass(number)
        if plain.holds:
            hold_id = sorted(plain.holds)[-1]
            self.do(ledger.release, None, hold_id=hold_id, reason="Called off")
            del plain.holds[hold_id]

    @rule(number=NUMBERS, days=st.integers(min_value=1, max_value=30))
    def extend(self, *, number: int, days: int) -> None:
        pass_id, plain = self.some_pass(number)
        self.do(ledger.extend, None, pass_id=pass_id, days=days, note="We were closed")
        plain.days += days

    @rule(
        number=NUMBERS,
        start=st.integers(min_value=-1, max_value=50),
        length=st.integers(min_value=0, max_value=40),
    )
    def pause(self, *, number: int, start: int, length: int) -> None:
        pass_id, plain = self.some_pass(number)
        from_on = self.today + start * DAY
        until_on = from_on + length * DAY
        last = plain.last_day()
        refusal: type[Exception] | None = None
        if plain.is_expired(self.today):
            refusal = ledger.PassExpired
        elif start < 0 or not length or (last is not None and from_on > last):
            refusal = ledger.PauseOutOfBounds
        entry = self.do(
            ledger.pause,
            refusal,
            pass_id=pass_id,
            from_on=from_on,
            until_on=until_on,
            reason="Paused",
        )
        if entry:
            plain.pauses.append(PlainPause(entry.pk, from_on, until_on))

    @rule(number=NUMBERS, which=NUMBERS)
    def resume(self, *, number: int, which: int) -> None:
        _, plain = self.some_pass(number)
        if not plain.pauses:
            return
        pause = plain.pauses[which % len(plain.pauses)]
        is_over = pause.is_ended or pause.until_on <= self.today
        refusal = ledger.AlreadyAnswered if is_over else None
        self.do(ledger.resume, refusal, pause_id=pause.entry_id, reason="Back")
        if not is_over:
            pause.until_on, pause.is_ended = max(self.today, pause.from_on), True

    @rule(number=NUMBERS, sessions=FEW)
    def transfer(self, *, number: int, sessions: int) -> None:
        pass_id, plain = self.some_pass(number)
        email = f"friend-{self.acts}@example.com"
        row = self.do(
            ledger.transfer,
            self.usable(plain, sessions),
            pass_id=pass_id,
            sessions=sessions,
            to_email=email,
            to=None,
        )
        if row:
            plain.left -= sessions
            begun, last = plain.starts_on(), plain.last_day()
            # One that has not begun is passed on with the days it was sold with.
            days = 40 if begun is None or last is None else (last - begun).days
            self.add(row, PlainPass(sessions, begun, days, origin=pass_id))
            self.emails[row.pk] = email

    @rule(number=NUMBERS, sessions=FEW)
    def give_back(self, *, number: int, sessions: int) -> None:
        pass_id, plain = self.some_pass(number)
        refusal: type[Exception] | None = None
        if plain.origin is None:
            refusal = ledger.NotThatKind
        elif plain.free < sessions:
            refusal = ledger.NotEnoughSessions
        done = self.do(ledger.return_sessions, refusal, pass_id=pass_id, sessions=sessions)
        if done and plain.origin is not None:
            plain.left -= sessions
            self.passes[plain.origin].left += sessions

    @rule(number=NUMBERS, sessions=FEW)
    def refund(self, *, number: int, sessions: int) -> None:
        pass_id, plain = self.some_pass(number)
        refusal = ledger.NotEnoughSessions if plain.free < sessions else None
        if self.do(ledger.refund, refusal, pass_id=pass_id, sessions=sessions):
            plain.left -= sessions
            self.gone_out += sessions

    @rule(number=NUMBERS, sessions=st.integers(min_value=-3, max_value=3))
    def adjust(self, *, number: int, sessions: int) -> None:
        pass_id, plain = self.some_pass(number)
        refusal: type[Exception] | None = None
        if not sessions:
            refusal = ledger.NothingToChange
        elif plain.free + sessions < 0:
            refusal = ledger.NotEnoughSessions
        done = self.do(ledger.adjust, refusal, pass_id=pass_id, sessions=sessions, note="Miscount")
        if done:
            plain.left += sessions
            self.given_in += sessions

    @rule(number=NUMBERS)
    def expire(self, *, number: int) -> None:
        pass_id, plain = self.some_pass(number)
        refusal: type[Exception] | None = None
        if not plain.is_expired(self.today):
            refusal = ledger.NotExpiredYet
        elif not plain.left:
            refusal = ledger.NothingToExpire
        if self.do(ledger.expire, refusal, pass_id=pass_id):
            self.gone_out += plain.left
            plain.left, plain.holds = 0, {}

    @precondition(lambda self: self.again is not None)
    @rule()
    def say_it_again(self) -> None:
        assert self.again is not None
        assert self.again()

    @invariant()
    def every_pass_stands_as_its_model_says(self) -> None:
        for row in SessionPass.objects.filter(pk__in=self.passes).prefetch_related("entries__note"):
            plain, entries = self.passes[row.pk], sorted(row.entries.all(), key=lambda e: e.pk)
            real = standing_of(row, entries)
            assert (real.balance, real.held) == (plain.left, plain.held)
            assert (real.starts_on, real.expires_on) == (plain.starts_on(), plain.last_day())
            assert (row.starts_on, row.expires_on) == (real.starts_on, real.expires_on)
            assert {each.pk for each in open_holds(entries)} == set(plain.holds)
            assert ledger.verify(row) is None

    @invariant()
    def nothing_is_lost_or_doubled(self) -> None:
        assert sum(plain.left for plain in self.passes.values()) == self.given_in - self.gone_out


@pytest.mark.django_db
def test_whatever_is_done_passes_stand_as_a_plain_model_says() -> None:
    run_state_machine_as_test(
        Ledger,
        settings=settings(
            max_examples=HISTORIES,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
