import datetime as dt

import pytest

from tests.treatments.factories import NOON, SessionPassFactory
from treatments import expiring, ledger
from treatments.models import LedgerEntry

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
# Bought on 1 March 2026 for a year; the grace period ends with 15 March 2027.
LAST_OF_GRACE = dt.datetime(2027, 3, 15, 22, 59, tzinfo=dt.UTC)


def test_what_is_left_expires_on_the_first_day_after_the_grace_period() -> None:
    row, used = SessionPassFactory(sessions=3), SessionPassFactory(sessions=1)
    ledger.redeem(pass_id=used.pk, reference="visit:1", by=None, at=NOON)

    assert expiring.expire_due(at=LAST_OF_GRACE) == 0
    assert expiring.expire_due(at=LAST_OF_GRACE + dt.timedelta(minutes=2)) == 1
    assert expiring.expire_due(at=LAST_OF_GRACE + DAY) == 0

    entry = LedgerEntry.objects.get(kind="EXPIRE")
    assert (entry.session_pass, entry.sessions, entry.actor) == (row, -3, None)


def test_a_pass_that_was_extended_and_given_sessions_can_expire_again() -> None:
    row = SessionPassFactory(sessions=3)
    late = LAST_OF_GRACE + DAY
    expiring.expire_due(at=late)
    facts = {"pass_id": row.pk, "by": None, "at": late, "note": "She was ill"}
    ledger.extend(**facts, days=30, reference="extend:1")
    ledger.adjust(**facts, sessions=2, reference="adjust:1")

    assert expiring.expire_due(at=dt.datetime(2027, 4, 14, 12, 0, tzinfo=dt.UTC)) == 0
    assert expiring.expire_due(at=dt.datetime(2027, 4, 15, 12, 0, tzinfo=dt.UTC)) == 1


def test_a_pass_that_has_not_begun_does_not_expire() -> None:
    SessionPassFactory(validity_rule="FROM_FIRST_USE")

    assert expiring.expire_due(at=NOON + 4000 * DAY) == 0
