"""R14: however gifts are given, accepted and come back, no session is lost or doubled.

`LEDGER_HISTORIES` says how many random histories are tried.
"""

import datetime as dt
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from tests.accounts.factories import UserFactory
from tests.treatments.factories import ADULT, SessionPassFactory, published
from treatments import gift_exchanging, gift_mailing, gift_returning, gifts, giving, ledger
from treatments.giving import Card
from treatments.models import Gift, GiftStatus, SessionPass
from treatments.standing import open_holds, standing_of

# In Berlin and in UTC it is the same day at noon, so that the model needs no zones.
START = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)
HISTORIES = int(os.environ.get("LEDGER_HISTORIES", "25"))
GIFT_DAYS = 30
DAY = dt.timedelta(days=1)
NUMBERS = st.integers(min_value=0, max_value=9)


@dataclass
class PlainGift:
    """What a gift should be: from which pass, how many, and how it stands."""

    origin: int
    sessions: int
    mail_on: dt.date
    ends_on: dt.date
    status: str = GiftStatus.WAITING
    suits: bool = False
    received: int | None = None


class Gifts(RuleBasedStateMachine):
    """Does random things to gifts and their passes, and the same to plain counters."""

    def __init__(self) -> None:
        super().__init__()
        self.now, self.acts, self.gone = START, 0, 0
        self.left: dict[int, int] = {}
        self.gifts: dict[int, PlainGift] = {}
        self._transaction = transaction.atomic()
        self._transaction.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self._transaction.__exit__(None, None, None)

    @property
    def today(self) -> dt.date:
        return self.now.date()

    def held(self, pass_id: int) -> int:
        waiting = [one for one in self.gifts.values() if one.status == GiftStatus.WAITING]
        return sum(one.sessions for one in waiting if one.origin == pass_id)

    def some_pass(self, number: int) -> int:
        return sorted(self.left)[number % len(self.left)]

    def some_gift(self, number: int) -> tuple[int, PlainGift] | None:
        if not self.gifts:
            return None
        gift_id = sorted(self.gifts)[number % len(self.gifts)]
        return gift_id, self.gifts[gift_id]

    def do(self, refusal: type[Exception] | None, verb: Callable[..., Any], **facts: Any) -> Any:
        """Do it twice, or see it refused as the model expects."""
        if refusal is None:
            done = verb(**facts)
            assert verb(**facts) == done
            return done
        with pytest.raises(refusal):
            verb(**facts)
        return None

    @initialize(is_gated=st.booleans())
    def begin(self, *, is_gated: bool) -> None:
        self.ada = UserFactory.create(email="ada@example.com", verified=True)
        row = SessionPassFactory.create(owner=self.ada, sessions=6, validity_days=90, at=self.now)
        self.version = published(treatment=row.treatment, at=self.now) if is_gated else None
        self.ends_on = row.expires_on
        self.left = {row.pk: 6}

    @rule(days=st.integers(min_value=0, max_value=20))
    def wait(self, *, days: int) -> None:
        self.now += days * DAY
        gift_mailing.mail_due(at=self.now)

    @rule(number=NUMBERS, sessions=st.integers(1, 4), later=st.integers(-1, 40))
    def give(self, *, number: int, sessions: int, later: int) -> None:
        pass_id, mail_on = self.some_pass(number), self.today + later * DAY
        self.acts += 1
        refusal: type[Exception] | None = None
        if self.today > self.ends_on + 14 * DAY:
            refusal = ledger.PassExpired
        elif self.left[pass_id] - self.held(pass_id) < sessions:
            refusal = ledger.NotEnoughSessions
        elif self.today > self.ends_on:
            refusal = giving.PassEnded
        elif later < 0 or mail_on > self.ends_on:
            refusal = giving.MailDayRefused
        gift = self.do(
            refusal,
            giving.give,
            pass_id=pass_id,
            sessions=sessions,
            card=Card("Ada", "Bea", f"bea-{self.acts}@example.com"),
            mail_on=mail_on,
            reference=f"{self.acts:032}",
            by=self.ada,
            at=self.now,
        )
        if gift:
            ends_on = min(mail_on + GIFT_DAYS * DAY, self.ends_on)
            self.gifts[gift.pk] = PlainGift(pass_id, sessions, mail_on, ends_on)

    @rule(number=NUMBERS, is_broken=st.booleans())
    def check(self, *, number: int, is_broken: bool) -> None:
        found = self.some_gift(number)
        if found is None or self.version is None:
            return
        gift_id, plain = found
        can_be = plain.status == GiftStatus.WAITING and self.today <= plain.ends_on
        facts = {
            "gift_id": gift_id,
            "version": self.version,
            "answers": {"broken-skin": "2" if is_broken else "1", "blood-thinners": "1"},
            "born_on": ADULT,
            "user": None,
            "at": self.now,
        }
        if not can_be:
            self.do(gifts.NotWaiting, gifts.take_check, **facts)
            return
        gifts.take_check(**facts)  # type: ignore[arg-type]
        plain.suits = not is_broken

    @rule(number=NUMBERS)
    def accept(self, *, number: int) -> None:
        found = self.some_gift(number)
        if found is None:
            return
        gift_id, plain = found
        was_accepted = plain.received is not None
        refusal: type[Exception] | None = None
        if not was_accepted:
            if plain.status != GiftStatus.WAITING or self.today > plain.ends_on:
                refusal = gifts.NotWaiting
            elif self.version is not None and not plain.suits:
                refusal = gifts.NotKnownToSuit
        received = self.do(refusal, gifts.accept, gift_id=gift_id, by=None, at=self.now)
        if received and not was_accepted:
            plain.status, plain.received = GiftStatus.ACCEPTED, received.pk
            self.left[plain.origin] -= plain.sessions
            self.left[received.pk] = plain.sessions

    @rule(number=NUMBERS, status=st.sampled_from(["TAKEN_BACK", "DECLINED", "CANCELLED"]))
    def come_back(self, *, number: int, status: str) -> None:
        found = self.some_gift(number)
        if found is None:
            return
        gift_id, plain = found
        verbs: dict[str, tuple[Callable[..., Any], dict[str, Any]]] = {
            "TAKEN_BACK": (gifts.take_back, {"by": self.ada}),
            "DECLINED": (gifts.decline, {"by": None}),
            "CANCELLED": (gifts.cancel, {"by": self.ada, "note": "Asked"}),
        }
        verb, facts = verbs[status]
        is_new = plain.status == GiftStatus.WAITING
        refusal = None if is_new or plain.status == status else gifts.NotWaiting
        self.do(refusal, verb, gift_id=gift_id, at=self.now, **facts)
        if is_new:
            plain.status = status

    @rule(number=NUMBERS)
    def take_something_else(self, *, number: int) -> None:
        """Take the sessions for something else, whether they suit or not."""
        found = self.some_gift(number)
        if found is None:
            return
        gift_id, plain = found
        facts = {"gift_id": gift_id, "worth_minor": 1, "by": None, "at": self.now}
        if plain.status != GiftStatus.WAITING or self.today > plain.ends_on:
            self.do(gifts.NotWaiting, gift_exchanging.exchange, **facts)
            return
        gift_exchanging.exchange(**facts)  # type: ignore[arg-type]
        plain.status = GiftStatus.EXCHANGED
        self.left[plain.origin] -= plain.sessions
        self.gone += plain.sessions

    @rule(number=NUMBERS)
    def give_back(self, *, number: int) -> None:
        """Let what is left of an accepted gift go back, from whatever pass it came."""
        found = self.some_gift(number)
        if found is None:
            return
        gift_id, plain = found
        is_new = plain.status != GiftStatus.RETURNED
        refusal: type[Exception] | None = None
        if plain.received is None:
            refusal = gift_returning.NotAccepted
        elif is_new and self.today > self.ends_on:
            refusal = giving.PassEnded
        elif is_new and not self.left[plain.received]:
            refusal = gift_returning.NothingLeft
        elif is_new and self.held(plain.received):
            refusal = gift_returning.SetAside
        self.do(refusal, gift_returning.give_back, gift_id=gift_id, by=None, at=self.now)
        if refusal is None and is_new and plain.received is not None:
            plain.status = GiftStatus.RETURNED
            self.left[plain.origin] += self.left[plain.received]
            self.left[plain.received] = 0

    @rule(is_pass_first=st.booleans())
    def let_run_out(self, *, is_pass_first: bool) -> None:
        if is_pass_first:
            self.expire_passes()
        over = [
            one
            for one in self.gifts.values()
            if one.status == GiftStatus.WAITING
            and (one.ends_on < self.today or self.ends_on < self.today)
        ]
        assert gifts.expire_due(at=self.now) == len(over)
        for one in over:
            one.status = GiftStatus.EXPIRED

    def expire_passes(self) -> None:
        """Take what is left of every pass whose time is over, set aside or not."""
        if self.today <= self.ends_on + 14 * DAY:
            return
        for pass_id, left in self.left.items():
            if left:
                reference = f"expiry:{pass_id}"
                ledger.expire(pass_id=pass_id, reference=reference, by=None, at=self.now)
                self.gone += left
                self.left[pass_id] = 0
        assert gifts.expire_due(at=self.now) >= 0
        for one in self.gifts.values():
            if one.status == GiftStatus.WAITING:
                one.status = GiftStatus.EXPIRED

    @rule(number=NUMBERS, sessions=st.integers(1, 3))
    def use(self, *, number: int, sessions: int) -> None:
        """Redeem or pay back what is free; what is set aside cannot be reached."""
        pass_id = self.some_pass(number)
        self.acts += 1
        is_free = self.left[pass_id] - self.held(pass_id) >= sessions
        refusal = None if is_free else ledger.NotEnoughSessions
        facts = {"sessions": sessions, "reference": f"use:{self.acts}", "by": None, "at": self.now}
        if self.do(refusal, ledger.refund, pass_id=pass_id, **facts):
            self.left[pass_id] -= sessions
            self.gone += sessions

    @invariant()
    def every_pass_holds_what_its_waiting_gifts_hold(self) -> None:
        for row in SessionPass.objects.filter(pk__in=self.left).prefetch_related("entries__note"):
            entries = sorted(row.entries.all(), key=lambda entry: entry.pk)
            standing = standing_of(row, entries)
            assert (standing.balance, standing.held) == (self.left[row.pk], self.held(row.pk))
            assert sum(hold.held for hold in open_holds(entries)) == standing.held
            assert ledger.verify(row) is None

    @invariant()
    def every_gift_stands_as_its_model_says(self) -> None:
        rows = Gift.objects.values_list("pk", "status", "ends_on")
        assert sorted(rows) == [
            (pk, one.status, one.ends_on) for pk, one in sorted(self.gifts.items())
        ]

    @invariant()
    def nothing_is_lost_or_doubled(self) -> None:
        assert sum(self.left.values()) + self.gone == (6 if self.left else 0)


@pytest.mark.django_db
def test_however_sessions_are_given_none_is_lost_or_doubled() -> None:
    run_state_machine_as_test(
        Gifts,
        settings=settings(
            max_examples=HISTORIES,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
