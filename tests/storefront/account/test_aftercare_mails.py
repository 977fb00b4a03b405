"""Mails after a session: each once, on the days that matter, and none after a stop."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.core import mail as sent
from django.test import Client
import pytest
from allauth.account.models import EmailAddress

from accounts.models import User
from outbox import mail
from outbox.models import OutboundMail
from storefront.account import aftercare_mails
from tests.accounts.factories import UserFactory
from tests.treatments.factories import ProtocolFactory, SessionPassFactory
from treatments import aftercare_wishes, ledger
from treatments.models import AftercareStop, AftercareWindow, LedgerEntry, SessionPass

pytestmark = pytest.mark.django_db
BERLIN = ZoneInfo("Europe/Berlin")
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
# The clocks go forward in the night after the second day.
SESSION = dt.datetime(2026, 3, 27, 17, 0, tzinfo=BERLIN)
BOUGHT = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)
ADDRESS = {"Origin": "http://testserver"}


@pytest.fixture
def own_pass() -> SessionPass:
    row = SessionPassFactory.create(at=BOUGHT)
    protocol = ProtocolFactory.create(treatment=row.treatment)
    for habit, day in (("EXERCISE", 0), ("WASHING", 2), ("SUN", 8), ("COLOUR", 21)):
        AftercareWindow.objects.create(protocol=protocol, habit=habit, from_day=day)
    return row


@pytest.fixture
def session(own_pass: SessionPass) -> LedgerEntry:
    return ledger.redeem(pass_id=own_pass.pk, reference="visit:1", by=None, at=SESSION)


def _on(day: int, hour: int = 9) -> dt.datetime:
    """Return a moment of a day after the session, by the clinic's clock."""
    on = SESSION.date() + dt.timedelta(days=day)
    return dt.datetime.combine(on, dt.time(hour), tzinfo=BERLIN)


def _queued() -> list[tuple[str, int]]:
    mails = OutboundMail.objects.order_by("pk")
    return [(each.event, each.context["day"]) for each in mails]


def _run_hourly(until_day: int) -> None:
    at = SESSION
    while at < _on(until_day, hour=23):
        aftercare_mails.queue_due(at=at)
        at += HOUR


def test_two_weeks_bring_a_mail_at_once_and_one_on_each_day_that_matters(
    session: LedgerEntry,
) -> None:
    _run_hourly(until_day=20)

    assert _queued() == [
        ("aftercare_started", 0),
        ("aftercare_day", 2),
        ("aftercare_day", 8),
    ]
    moments = [each.queued_at.astimezone(BERLIN) for each in OutboundMail.objects.order_by("pk")]
    assert [f"{at:%d %B, %H}" for at in moments] == [
        "27 March, 18",
        "29 March, 08",
        "04 April, 08",
    ]


def test_nothing_is_sent_while_the_desk_may_still_put_it_back(session: LedgerEntry) -> None:
    assert aftercare_mails.queue_due(at=SESSION + 15 * MINUTE) == 0
    assert aftercare_mails.queue_due(at=SESSION + 16 * MINUTE) == 1


def test_a_session_that_was_put_back_brings_no_mail(session: LedgerEntry) -> None:
    ledger.restore(entry_id=session.pk, reference="undo:1", by=None, at=SESSION + MINUTE)

    _run_hourly(until_day=10)

    assert _queued() == []


def test_a_session_late_in_the_evening_is_written_about_in_the_night(
    own_pass: SessionPass,
) -> None:
    late = SESSION.replace(hour=23, minute=50)
    ledger.redeem(pass_id=own_pass.pk, reference="visit:1", by=None, at=late)

    assert aftercare_mails.queue_due(at=late + 20 * MINUTE) == 1
    assert aftercare_mails.queue_due(at=late + 2 * DAY) == 1
    assert _queued() == [("aftercare_started", 0), ("aftercare_day", 2)]


def test_a_day_that_went_by_is_not_made_up_for(session: LedgerEntry) -> None:
    assert aftercare_mails.queue_due(at=_on(5)) == 0


def test_the_pass_of_somebody_who_has_left_brings_no_mail(
    own_pass: SessionPass, session: LedgerEntry
) -> None:
    own_pass.owner = UserFactory.create(is_active=False)
    own_pass.save()

    assert aftercare_mails.queue_due(at=_on(2)) == 0


def _meanwhile(monkeypatch: pytest.MonkeyPatch, act: Any) -> None:
    """Let something happen after a worker has looked, and before it queues its first mail."""
    queue = aftercare_mails._queue
    happened: list[bool] = []

    def late(due: Any, *, at: dt.datetime) -> bool:
        if not happened:
            happened.append(True)
            act()
        return queue(due, at=at)

    monkeypatch.setattr(aftercare_mails, "_queue", late)


def test_two_workers_that_looked_at_the_same_time_queue_one_mail(
    session: LedgerEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    first: list[int] = []
    _meanwhile(monkeypatch, lambda: first.append(aftercare_mails.queue_due(at=_on(2))))

    second = aftercare_mails.queue_due(at=_on(2))

    assert (first, second) == ([1], 0)
    assert _queued() == [("aftercare_day", 2)]


def test_control_without_one_key_two_workers_queue_two(
    session: LedgerEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = iter(["key:1", "key:2"])
    queue = mail.queue
    monkeypatch.setattr(mail, "queue", lambda **given: queue(**{**given, "effect_key": next(keys)}))
    _meanwhile(monkeypatch, lambda: aftercare_mails.queue_due(at=_on(2)))

    aftercare_mails.queue_due(at=_on(2))

    assert _queued() == [("aftercare_day", 2), ("aftercare_day", 2)]


def test_a_stop_in_between_is_heard(session: LedgerEntry, monkeypatch: pytest.MonkeyPatch) -> None:
    email = session.session_pass.holder_email
    _meanwhile(monkeypatch, lambda: aftercare_wishes.stop_mails(email=email, at=_on(2)))

    assert aftercare_mails.queue_due(at=_on(2)) == 0
    assert _queued() == []


@pytest.fixture
def moved_session() -> LedgerEntry:
    """A session of somebody who has given up the address that the pass was bought with."""
    ada = UserFactory.create(email="ada@new.example")
    row = SessionPassFactory.create(at=BOUGHT, owner=ada, holder_email="ada@old.example")
    protocol = ProtocolFactory.create(treatment=row.treatment)
    AftercareWindow.objects.create(protocol=protocol, habit="WASHING", from_day=2)
    return ledger.redeem(pass_id=row.pk, reference="visit:2", by=None, at=SESSION)


def test_mails_go_to_the_address_that_the_owner_has_now(moved_session: LedgerEntry) -> None:
    aftercare_mails.queue_due(at=_on(2))

    assert OutboundMail.objects.get().to == "ada@new.example"


@pytest.mark.parametrize("how", ["in the account", "by the link"])
def test_an_owner_with_a_new_address_stops_them(
    client: Client, moved_session: LedgerEntry, how: str
) -> None:
    aftercare_mails.queue_due(at=SESSION + HOUR)
    row = moved_session.session_pass

    if how == "in the account":
        client.force_login(row.owner)
        client.post("/account/aftercare-mails/", {"stop": "1"}, headers=ADDRESS)
    else:
        token = aftercare_wishes.stop_token(row)
        client.post(f"/aftercare/stop/{token}/", headers=ADDRESS)

    assert _queued() == []
    assert aftercare_mails.queue_due(at=_on(2)) == 0
    assert AftercareStop.objects.get().email == "ada@new.example"


@pytest.mark.parametrize("has_stopped", [True, False])
def test_a_stop_goes_along_to_the_address_that_becomes_the_main_one(
    client: Client, moved_session: LedgerEntry, has_stopped: bool
) -> None:
    ada = moved_session.session_pass.owner
    assert ada is not None
    EmailAddress.objects.create(user=ada, email=ada.email, verified=True, primary=True)
    EmailAddress.objects.create(user=ada, email="ada@newest.example", verified=True)
    if has_stopped:
        aftercare_wishes.stop_mails(email=ada.email, at=SESSION)
    client.force_login(ada)
    form = {"action_primary": "", "email": "ada@newest.example"}

    client.post("/account/email/", form, headers=ADDRESS)

    ada.refresh_from_db()
    assert ada.email == "ada@newest.example"
    aftercare_mails.queue_due(at=_on(2))
    assert _queued() == ([] if has_stopped else [("aftercare_day", 2)])


def test_the_account_offers_to_stop_what_goes_out_though_another_address_was_stopped(
    client: Client, moved_session: LedgerEntry
) -> None:
    ada = moved_session.session_pass.owner
    assert ada is not None
    EmailAddress.objects.create(user=ada, email="ada@old.example", verified=True)
    aftercare_wishes.stop_mails(email="ada@old.example", at=SESSION)
    client.force_login(ada)

    assert "Stop these mails" in client.get("/account/privacy/").content.decode()
    client.post("/account/aftercare-mails/", {"stop": "1"}, headers=ADDRESS)

    assert "You get no mails after a session." in client.get("/account/privacy/").content.decode()
    assert aftercare_mails.queue_due(at=_on(2)) == 0


def test_a_mail_says_what_begins_and_what_waits_and_nothing_of_the_treatment(
    session: LedgerEntry,
) -> None:
    aftercare_mails.queue_due(at=SESSION + HOUR)
    aftercare_mails.queue_due(at=_on(2))

    mail.send_due(at=_on(2))

    start, day = sent.outbox
    assert (start.subject, day.subject) == (
        "The days after your session",
        "Day 2 of your aftercare",
    )
    body = str(day.body)
    assert "- Washing\n" in body
    assert "- Sun: from Sat 4 Apr" in body
    assert "- Exercise" in str(start.body)
    assert f"/account/passes/{session.session_pass.public_id}/sessions/{session.pk}/" in body
    html = str(day.alternatives[0][0])
    for words in (body, html):
        assert session.session_pass.treatment.name not in words
        assert "112" in words


def test_the_link_in_a_mail_stops_them_by_a_button_alone(
    client: Client, session: LedgerEntry
) -> None:
    aftercare_mails.queue_due(at=SESSION + HOUR)
    url = f"/aftercare/stop/{aftercare_wishes.stop_token(session.session_pass)}/"

    looked = client.get(url)
    assert (looked.status_code, AftercareStop.objects.count()) == (200, 0)
    stopped = client.post(url, headers=ADDRESS)

    assert "You get no more of them" in stopped.content.decode()
    assert stopped["Cache-Control"] == "private, no-store"
    assert _queued() == []
    assert aftercare_mails.queue_due(at=_on(2)) == 0


@pytest.mark.parametrize("token", ["x", "abc:def"])
def test_a_link_that_was_made_up_stops_nobody(
    client: Client, session: LedgerEntry, token: str
) -> None:
    public_id = session.session_pass.public_id

    for guess in (token, f"{public_id}:{token}", str(public_id)):
        assert client.post(f"/aftercare/stop/{guess}/", headers=ADDRESS).status_code == 404
    assert AftercareStop.objects.count() == 0


def test_mails_are_stopped_and_wanted_again_in_the_account(
    client: Client, session: LedgerEntry
) -> None:
    ada: User = UserFactory.create(email=session.session_pass.holder_email)
    client.force_login(ada)

    client.post("/account/aftercare-mails/", {"stop": "1"}, headers=ADDRESS)
    assert "You get no mails after a session." in client.get("/account/privacy/").content.decode()
    assert aftercare_mails.queue_due(at=_on(2)) == 0

    client.post("/account/aftercare-mails/", {"start": "1"}, headers=ADDRESS)
    assert aftercare_mails.queue_due(at=_on(2)) == 1
