"""“Is this normal?”: what to do at once, and a report that clinical roles alone can read."""

import datetime as dt
import logging
from typing import Any

from django.core import mail as sent
from django.db import connection
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry
import pytest
import time_machine

from accounts.models import User
from accounts.person import person_of
from outbox import mail
from outbox.models import OutboundMail
from storefront.account import data_file
from tests.accounts.factories import UserFactory
from tests.treatments.factories import NOON, ProtocolFactory, SessionPassFactory
from treatments import health_data, ledger, symptom_reports
from treatments.models import (
    AftercareWindow,
    LedgerEntry,
    SymptomReport,
    SymptomReportStatus,
    WarningSign,
)

pytestmark = pytest.mark.django_db
ADDRESS = {"Origin": "http://testserver"}
CANARY = "canaryword-4711 itches"
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.fixture
def ada(client: Client) -> User:
    user: User = UserFactory.create(email="ada@example.com", verified=True)
    client.force_login(user)
    return user


@pytest.fixture
def session(ada: User) -> LedgerEntry:
    own = SessionPassFactory.create(owner=ada)
    protocol = ProtocolFactory.create(treatment=own.treatment)
    AftercareWindow.objects.create(protocol=protocol, habit="SUN", from_day=8)
    for name, hours, beyond in (("Redness", 48, "CALL_US"), ("Blisters", 0, "SEEK_CARE")):
        WarningSign.objects.create(protocol=protocol, sign=name, usual_hours=hours, beyond=beyond)
    return ledger.redeem(pass_id=own.pk, reference="visit:1", by=None, at=NOON)


def _url(entry: LedgerEntry) -> str:
    return f"/account/passes/{entry.session_pass.public_id}/sessions/{entry.pk}/normal/"


def _form(*signs: str, **changes: str) -> dict[str, Any]:
    chosen = [
        each if each == "else" else str(WarningSign.objects.get(sign=each).pk) for each in signs
    ]
    form = {"signs": chosen, "strength": "WITHIN", "lasting": "DAY", "key": "a" * 32}
    return form | changes


def _send(client: Client, entry: LedgerEntry, form: dict[str, Any], hours: int = 20) -> Any:
    with time_machine.travel(NOON + hours * HOUR, tick=False):
        return client.post(_url(entry), form, headers=ADDRESS)


@pytest.mark.parametrize(
    ("signs", "hours", "words"),
    [
        (["Redness"], 20, "This is usual after a session"),
        (["Redness"], 50, "Please call us"),
        (["else"], 20, "Please call us"),
        (["Redness", "Blisters"], 20, "Seek medical care now"),
    ],
)
def test_what_to_do_is_said_at_once_and_nothing_is_kept_without_consent(
    client: Client, session: LedgerEntry, signs: list[str], hours: int, words: str
) -> None:
    answer = _send(client, session, _form(*signs, words=CANARY), hours=hours)

    assert answer.status_code == 200
    page = answer.content.decode()
    assert words in page
    assert "the clinic was not told" in page
    assert answer["Cache-Control"] == "private, no-store"
    assert SymptomReport.objects.count() == 0
    assert OutboundMail.objects.count() == 0


def test_emergency_words_stand_above_the_form(client: Client, session: LedgerEntry) -> None:
    page = client.get(_url(session)).content.decode()

    assert page.index("<strong>112</strong>") < page.index("What do you notice?")


def test_nothing_chosen_is_asked_for(client: Client, session: LedgerEntry) -> None:
    answer = _send(client, session, _form())

    assert answer.status_code == 422
    assert "Choose at least one" in answer.content.decode()


def test_a_report_reaches_clinical_roles_sealed_and_once(
    client: Client, session: LedgerEntry
) -> None:
    manager = UserFactory.create(manager=True)
    form = _form("Redness", "else", tells_clinic="on", words=CANARY, batch="L-2209")

    first, again = (_send(client, session, form) for _ in range(2))

    row = SymptomReport.objects.get()
    assert first["Location"] == again["Location"] == f"/account/reports/{row.pk}/"
    told = symptom_reports.told_in(row)
    assert (told.signs, told.words) == (("Redness", "Something else"), CANARY)
    assert (told.advice, row.batch) == ("CALL_US", "L-2209")
    assert row.consent_text == symptom_reports.CONSENT
    page = client.get(first["Location"]).content.decode()
    assert "Please call us" in page
    assert "The clinic has what you sent" in page
    (queued,) = OutboundMail.objects.all()
    assert (queued.event, queued.to) == ("symptom_reported", manager.email)


def test_the_same_key_for_another_session_is_another_report(
    client: Client, session: LedgerEntry
) -> None:
    later = ledger.redeem(
        pass_id=session.session_pass_id, reference="visit:2", by=None, at=NOON + 20 * DAY
    )

    for entry in (session, later):
        _send(client, entry, _form("Redness", tells_clinic="on"))

    assert SymptomReport.objects.count() == 2


def test_too_many_reports_are_not_passed_on_but_still_say_what_to_do(
    client: Client, session: LedgerEntry
) -> None:
    keys = [f"{number:032x}" for number in range(4)]

    answers = [
        _send(client, session, _form("Blisters", tells_clinic="on", key=key)) for key in keys
    ]

    assert [answer.status_code for answer in answers] == [303, 303, 303, 429]
    assert "Seek medical care now" in answers[-1].content.decode()
    assert SymptomReport.objects.count() == 3


def test_what_was_told_is_nowhere_but_sealed(
    client: Client, ada: User, session: LedgerEntry, caplog: pytest.LogCaptureFixture
) -> None:
    """R42: not in logs, mails, the data file or any table."""
    UserFactory.create(manager=True)

    with caplog.at_level(logging.DEBUG):
        _send(client, session, _form("Redness", tells_clinic="on", words=CANARY))
        mail.send_due(at=NOON + 20 * HOUR)

    assert "canaryword" not in caplog.text
    (message,) = sent.outbox
    assert "canaryword" not in message.message().as_string()
    assert "ada@example.com" not in message.message().as_string()
    facts = data_file.collect(person_of(ada), at=NOON)
    assert "canaryword" not in str(facts)
    (handed_out,) = facts["data"]["Sessions"]["symptom_reports"]
    assert handed_out["consent"] == symptom_reports.CONSENT
    for table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            assert "canaryword" not in str(cursor.fetchall()), table


def test_a_clinician_reads_it_which_is_noted_and_marks_it_answered(
    client: Client, session: LedgerEntry
) -> None:
    _send(client, session, _form("Blisters", tells_clinic="on", words=CANARY, batch="L-2209"))
    row = SymptomReport.objects.get()
    clinician = UserFactory.create(manager=True)
    desk = Client()
    desk.force_login(clinician)

    listed = desk.get(reverse("symptom_reports:index")).content.decode()
    read = desk.get(reverse("symptom_reports:inspect", args=[row.pk])).content.decode()
    desk.post(reverse("symptom_reports:answered", args=[row.pk]))

    assert "to seek care now" in listed
    assert f'href="{reverse("symptom_reports:inspect", args=[row.pk])}"' in listed
    assert CANARY not in listed
    assert CANARY in read
    assert "L-2209" in read
    actions = ModelLogEntry.objects.filter(user=clinician).values_list("action", flat=True)
    assert set(actions) == {
        "treatments.symptom_report.read",
        "treatments.symptom_report.answer",
    }
    row.refresh_from_db()
    assert row.status == SymptomReportStatus.ANSWERED
    assert "has answered" in client.get(f"/account/reports/{row.pk}/").content.decode()
    with pytest.raises(symptom_reports.AnsweredAlready):
        symptom_reports.mark_answered(report_id=row.pk, by=clinician, at=NOON)


def test_staff_without_the_permission_neither_see_nor_answer(
    client: Client, session: LedgerEntry
) -> None:
    _send(client, session, _form("Redness", tells_clinic="on"))
    row = SymptomReport.objects.get()
    desk = Client()
    desk.force_login(UserFactory.create(is_staff=True))

    answers = [
        desk.get(reverse("symptom_reports:index")),
        desk.get(reverse("symptom_reports:inspect", args=[row.pk])),
        desk.post(reverse("symptom_reports:answered", args=[row.pk])),
    ]

    assert [answer.status_code for answer in answers] == [302, 302, 302]
    row.refresh_from_db()
    assert row.status == SymptomReportStatus.NEW


def test_a_report_is_its_writers_alone(client: Client, session: LedgerEntry) -> None:
    """R19"""
    _send(client, session, _form("Redness", tells_clinic="on"))
    url = f"/account/reports/{SymptomReport.objects.get().pk}/"
    stranger = Client()
    stranger.force_login(UserFactory.create())

    assert client.get(url).status_code == 200
    assert stranger.get(url).status_code == 404
    assert stranger.get(_url(session)).status_code == 404


def test_reports_are_sealed_anew_with_the_keys_of_health_data(
    client: Client, session: LedgerEntry, settings: Any
) -> None:
    settings.HEALTH_DATA_KEYS = ["old"]
    _send(client, session, _form("Redness", tells_clinic="on", words=CANARY))
    settings.HEALTH_DATA_KEYS = ["new", "old"]

    assert health_data.reseal_all() == 1

    settings.HEALTH_DATA_KEYS = ["new"]
    assert symptom_reports.told_in(SymptomReport.objects.get()).words == CANARY


def test_reports_are_forgotten_after_ninety_days(client: Client, session: LedgerEntry) -> None:
    _send(client, session, _form("Redness", tells_clinic="on"))
    reported = NOON + 20 * HOUR

    assert symptom_reports.forget_old(at=reported + 90 * DAY) == 0
    assert symptom_reports.forget_old(at=reported + 90 * DAY + HOUR) == 1
    assert SymptomReport.objects.count() == 0
