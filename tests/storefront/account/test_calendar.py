"""The days of aftercare in a calendar: behind a link of one's own, written by RFC 5545."""

import datetime as dt
import re

from django.test import Client
import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from storefront.account import ics
from storefront.account.calendar import MISSES_ALLOWED
from tests.accounts.factories import UserFactory
from tests.treatments.factories import NOON, ProtocolFactory, SessionPassFactory
from treatments import aftercare_wishes, ledger
from treatments.models import AftercareWindow, CalendarLink, LedgerEntry

ADDRESS = {"Origin": "http://testserver"}
DAY = dt.timedelta(days=1)


@pytest.fixture
def ada(db: None) -> User:
    user: User = UserFactory.create(email="ada@example.com", verified=True)
    return user


@pytest.fixture
def session(ada: User) -> LedgerEntry:
    own = SessionPassFactory.create(owner=ada)
    protocol = ProtocolFactory.create(treatment=own.treatment)
    for habit, day in (("WASHING", 2), ("EXERCISE", 2), ("SWIMMING", 2), ("SUN", 8)):
        AftercareWindow.objects.create(protocol=protocol, habit=habit, from_day=day)
    return ledger.redeem(pass_id=own.pk, reference="visit:1", by=None, at=NOON)


def _link(user: User) -> str:
    return f"/calendar/{aftercare_wishes.make_calendar_link(owner=user, at=NOON).token}.ics"


def _lines(content: bytes) -> list[str]:
    """Return the lines with their folds undone."""
    return content.decode().replace("\r\n ", "").split("\r\n")


def test_a_calendar_holds_the_days_on_which_something_begins(
    ada: User, session: LedgerEntry
) -> None:
    with time_machine.travel(NOON + 3 * DAY, tick=False):
        answer = Client().get(_link(ada))

    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Robots-Tag"] == "noindex"
    lines = _lines(answer.content)
    assert [line for line in lines if line.startswith(("DTSTART", "SUMMARY", "UID"))] == [
        f"UID:aftercare-{session.pk}-2@localhost",
        "DTSTART;VALUE=DATE:20260303",
        "SUMMARY:Aftercare day 2: Washing\\, swimming and 1 more",
        f"UID:aftercare-{session.pk}-8@localhost",
        "DTSTART;VALUE=DATE:20260309",
        "SUMMARY:Aftercare day 8: Sun",
    ]
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert session.session_pass.treatment.name not in answer.content.decode()


def test_a_session_that_was_put_back_leaves_the_calendar(ada: User, session: LedgerEntry) -> None:
    ledger.restore(entry_id=session.pk, reference="undo:1", by=None, at=NOON)

    assert b"VEVENT" not in Client().get(_link(ada)).content


def test_a_calendar_without_events_is_a_calendar_all_the_same() -> None:
    lines = _lines(ics.calendar("Aftercare", []))

    assert lines == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Galea//Aftercare//EN",
        "CALSCALE:GREGORIAN",
        "X-WR-CALNAME:Aftercare",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "BEGIN:VTIMEZONE",
        "TZID:Etc/UTC",
        "BEGIN:STANDARD",
        "DTSTART:19700101T000000",
        "TZOFFSETFROM:+0000",
        "TZOFFSETTO:+0000",
        "TZNAME:UTC",
        "END:STANDARD",
        "END:VTIMEZONE",
        "END:VCALENDAR",
        "",
    ]


def test_a_new_link_ends_the_one_before(client: Client, ada: User) -> None:
    client.force_login(ada)
    first = _link(ada)

    client.post("/account/calendar/", {"make": "1"}, headers=ADDRESS)

    second = f"/calendar/{CalendarLink.objects.get().token}.ics"
    assert first != second
    assert [Client().get(link).status_code for link in (first, second)] == [404, 200]
    assert second in client.get("/account/privacy/").content.decode()

    client.post("/account/calendar/", {"end": "1"}, headers=ADDRESS)
    assert Client().get(second).status_code == 404


def test_the_link_of_somebody_who_has_left_leads_nowhere(ada: User) -> None:
    link = _link(ada)
    User.objects.filter(pk=ada.pk).update(is_active=False)

    assert Client().get(link).status_code == 404


def test_guessing_calendars_ends_soon(ada: User) -> None:
    link, client = _link(ada), Client()
    near = f"/calendar/{'x' * 32}.ics"

    answers = [client.get(near).status_code for _ in range(MISSES_ALLOWED + 1)]

    assert answers == [404] * MISSES_ALLOWED + [429]
    assert client.get(link).status_code == 429
    assert re.fullmatch(r"/calendar/[A-Za-z0-9_-]{32}\.ics", link)


@given(words=st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"])))
def test_no_line_is_too_wide_and_every_word_comes_back(words: str) -> None:
    event = ics.AllDay("1@example.com", NOON.date(), NOON, words, words, "https://example.com/")

    written = ics.calendar(words, [event])

    assert all(len(line) <= 75 for line in written.split(b"\r\n"))
    summary = next(line for line in _lines(written) if line.startswith("SUMMARY:"))
    assert re.sub(r"\\(.)", r"\1", summary.removeprefix("SUMMARY:")) == words
