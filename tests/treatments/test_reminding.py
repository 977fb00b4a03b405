"""Reminders over the whole life of a pass, day by day."""

import datetime as dt

import pytest

from outbox.models import OutboundMail
from storefront.account import pass_mails
from tests.accounts.factories import UserFactory
from tests.treatments.factories import NOON, SessionPassFactory
from treatments import expiring, ledger, reminding
from treatments.models import LedgerEntry, SessionPass

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def live_until(last: dt.date, *, since: dt.datetime = NOON) -> list[tuple[str, int]]:
    """Let days go by with both jobs; return on which day how many mails were written."""
    told, at = [], since
    while at.date() <= last:
        count = reminding.remind_due(at=at) + reminding.remind_due(at=at + dt.timedelta(hours=1))
        expiring.expire_due(at=at)
        if count:
            told.append((at.date().isoformat(), count))
        at += DAY
    return told


def test_a_whole_life_is_told_of_three_times_and_then_expires() -> None:
    row = SessionPassFactory(sessions=3)

    told = live_until(dt.date(2027, 4, 1))

    assert row.expires_on == dt.date(2027, 3, 1)
    assert told == [("2026-12-31", 1), ("2027-02-15", 1), ("2027-02-28", 1)]
    assert set(OutboundMail.objects.values_list("to", flat=True)) == {"ada@example.com"}
    assert LedgerEntry.objects.filter(kind="EXPIRE").count() == 1


def test_a_pause_silences_and_moves_what_is_told() -> None:
    row = SessionPassFactory(sessions=3)
    january = dt.datetime(2027, 1, 10, 12, tzinfo=dt.UTC)
    since = dt.datetime(2026, 12, 25, 12, tzinfo=dt.UTC)
    assert live_until(dt.date(2027, 1, 9), since=since) == [("2026-12-31", 1)]
    ledger.pause(
        pass_id=row.pk,
        from_on=dt.date(2027, 1, 10),
        until_on=dt.date(2027, 3, 21),
        reference="pause:1",
        reason="Ill",
        by=None,
        at=january,
    )

    told = live_until(dt.date(2027, 6, 1), since=january)

    row.refresh_from_db()
    assert row.expires_on == dt.date(2027, 5, 10)
    # The day after the pause lies within 60 days of the new last day.
    assert told == [("2027-03-21", 1), ("2027-04-26", 1), ("2027-05-09", 1)]


def test_an_extension_is_told_of_anew() -> None:
    row = SessionPassFactory(sessions=3)
    february = dt.datetime(2027, 2, 16, 12, tzinfo=dt.UTC)
    assert reminding.remind_due(at=february) == 1
    ledger.extend(
        pass_id=row.pk, days=30, reference="extend:1", note="Promised", by=None, at=february
    )

    told = live_until(dt.date(2027, 4, 1), since=february + DAY)

    assert told == [("2027-02-17", 1), ("2027-03-17", 1), ("2027-03-30", 1)]


@pytest.mark.parametrize("verb", ["redeem", "refund", "hold"])
def test_where_nothing_is_free_nobody_is_told(verb: str) -> None:
    row = SessionPassFactory(sessions=1)
    facts = {"pass_id": row.pk, "sessions": 1, "reference": "it:1", "by": None, "at": NOON}
    reason = {"reason": "A visit"} if verb == "hold" else {}
    getattr(ledger, verb)(**facts, **reason)

    assert live_until(dt.date(2027, 3, 1), since=NOON + 300 * DAY) == []


def test_a_short_pass_is_told_of_only_what_lies_ahead_of_its_sale() -> None:
    SessionPassFactory(validity_days=30)

    assert live_until(dt.date(2026, 4, 20)) == [("2026-03-17", 1), ("2026-03-30", 1)]


def test_a_pass_that_has_not_begun_is_left_in_peace() -> None:
    SessionPassFactory(validity_rule="FROM_FIRST_USE")

    assert reminding.remind_due(at=NOON + 4000 * DAY) == 0


@pytest.mark.parametrize(("hour", "told"), [(6, 0), (7, 1), (18, 1), (19, 0), (23, 0)])
def test_nobody_is_woken(hour: int, told: int) -> None:
    """In winter the clinic's clocks are an hour ahead of UTC."""
    SessionPassFactory()

    assert reminding.remind_due(at=dt.datetime(2027, 2, 15, hour, 30, tzinfo=dt.UTC)) == told


def test_a_second_worker_that_looked_at_the_same_time_writes_nothing_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    SessionPassFactory()
    february = dt.datetime(2027, 2, 15, 12, tzinfo=dt.UTC)
    both_saw = list(SessionPass.objects.with_sessions_left())
    assert reminding.remind_due(at=february) == 1
    monkeypatch.setattr(reminding, "_untold", lambda _rows, *, today: both_saw)

    assert reminding.remind_due(at=february) == 0

    assert OutboundMail.objects.count() == 1


def test_a_batch_is_followed_by_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    first = SessionPassFactory()
    for _ in range(4):
        SessionPassFactory(treatment_id=first.treatment_id)
    monkeypatch.setattr(reminding, "AT_ONCE", 2)

    assert reminding.remind_due(at=dt.datetime(2027, 2, 15, 12, tzinfo=dt.UTC)) == 5


def test_the_mail_says_how_many_until_when_and_the_days_of_grace() -> None:
    row = SessionPassFactory(owner=UserFactory(name="Amara Okafor"), sessions=2)
    ledger.redeem(pass_id=row.pk, reference="visit:1", by=None, at=NOON)

    written = pass_mails.render({"event": "sessions_wait", "pass": row.pk})

    assert written.subject == "1 session is waiting for you until 1 March 2027"
    for words in (written.text, written.html):
        assert "Hello Amara" in words
        assert "Monday, 1 March 2027" in words
        assert "until 15 March 2027" in words
        assert f"/account/passes/{row.public_id}/" in words
        assert row.treatment.name in words
