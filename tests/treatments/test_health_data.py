"""What people tell of their health is nowhere but in its own store, and not there for ever."""

import datetime as dt
import json
import logging
from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone
from django.utils.log import AdminEmailHandler
import pytest

from accounts.models import User
from accounts.person import person_of
from accounts.sealing import Unreadable
from outbox import mail
from outbox.models import MailStatus, OutboundMail
from outbox.personal_data import NOBODYS_ADDRESS
from storefront.account import data_file
from storefront.account.rooms import ROOMS
from tests.accounts.factories import UserFactory
from tests.treatments.factories import NOON, checked, published, staff_who_may
from treatments import checking, consultations, health_data
from treatments.models import ConsultationRequest, ConsultationStatus, SuitabilityCheck

pytestmark = pytest.mark.django_db

WORDS = "canary-in-the-words"
NOTE = "canary-in-the-note"
BORN_ON = dt.date(1987, 3, 29)
READ_AND_ANSWER = ("view_consultationrequest", "answer_consultationrequest")


@pytest.fixture
def asked() -> ConsultationRequest:
    """Somebody who takes blood thinners, and asks the clinic."""
    check = checked(published(), thins_blood=True, born_on=BORN_ON, at=NOON)
    contact = consultations.Contact("Ada Lindqvist", "ada@example.com", "+49 30 1")
    return consultations.ask(check_id=check.pk, contact=contact, words=WORDS, at=NOON)


@pytest.fixture
def clinician() -> User:
    return staff_who_may(*READ_AND_ANSWER)


def everything_in_the_database() -> str:
    """Every value of every table, as a dump would hold it."""
    parts: list[str] = []
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            if not model._meta.managed or model._meta.proxy:
                continue
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608
            parts.extend(repr(row) for row in cursor.fetchall())
    return "\n".join(parts)


def test_a_canary_is_found_nowhere_outside_its_store(
    asked: ConsultationRequest,
    clinician: User,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    reader = Client()
    reader.force_login(clinician)
    page = reader.get(reverse("consultations:inspect", args=[asked.pk])).content.decode()
    done = reader.post(reverse("consultations:clear", args=[asked.pk]), {"note": NOTE})
    after = reader.get(reverse("consultations:inspect", args=[asked.pk])).content.decode()
    assert done.status_code == 302
    mail.send_due(at=timezone.now())

    assert WORDS in page
    assert "Do you take blood thinners?" in page
    assert NOTE in after
    dump = everything_in_the_database()
    everywhere = dump + caplog.text
    for canary in (WORDS, NOTE, BORN_ON.isoformat(), repr(BORN_ON), '"blood-thinners": "2"'):
        assert canary not in everywhere
    assert "ada@example.com" in dump


def test_no_mail_says_a_word_of_health_or_of_the_treatment(
    asked: ConsultationRequest, clinician: User, mailoutbox: list[Any]
) -> None:
    consultations.clear(consultation_id=asked.pk, note=NOTE, by=clinician, at=NOON)

    mail.send_due(at=timezone.now())

    assert {tuple(sent.to) for sent in mailoutbox} >= {("ada@example.com",)}
    treatment = asked.suitability_check.version.treatment.name
    for sent in mailoutbox:
        text = sent.message().as_string()
        for word in (WORDS, NOTE, treatment, "blood", "Ada Lindqvist", "cleared"):
            assert word not in text
    contexts = json.dumps(list(OutboundMail.objects.values_list("context", flat=True)))
    assert WORDS not in contexts


def test_an_error_report_holds_no_answer(
    client: Client,
    asked: ConsultationRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Django's own report to the shop's technicians: the request, and every frame's variables."""

    def breaks() -> str:
        raise RuntimeError("The disk is full.")

    monkeypatch.setattr(checking, "consent_to_answers", breaks)
    client.raise_request_exception = False
    sent = {
        "born_on": BORN_ON.isoformat(),
        "q-broken-skin": "1",
        "q-blood-thinners": "2",
        "consent": "on",
        "version": "1",
    }
    treatment = asked.suitability_check.version.treatment
    report: list[str] = []
    monkeypatch.setattr(
        AdminEmailHandler,
        "send_mail",
        lambda _self, _subject, message, *_args, html_message="", **_kwargs: report.append(
            f"{message}{html_message}"
        ),
    )
    handler = AdminEmailHandler(include_html=True)
    logging.getLogger("django.request").addHandler(handler)
    try:
        with override_settings(ADMINS=[("Technician", "technician@example.com")]):
            answer = client.post(
                reverse("checkout:suitability", args=[treatment.slug]),
                sent,
                headers={"Origin": "http://testserver"},
            )
    finally:
        logging.getLogger("django.request").removeHandler(handler)

    assert answer.status_code == 500
    told = "".join(report)
    assert "The disk is full." in told
    for canary in (BORN_ON.isoformat(), repr(BORN_ON), "datetime.date(1987", "blood-thinners': '2"):
        assert canary not in told + answer.content.decode()


@pytest.mark.parametrize("url_name", ["index", "inspect", "clear", "decline", "history"])
def test_the_front_desk_neither_sees_nor_answers_consultations(
    client: Client, asked: ConsultationRequest, url_name: str
) -> None:
    client.force_login(staff_who_may("redeem_sessionpass", "view_sessionpass"))
    address = reverse(f"consultations:{url_name}", args=[] if url_name == "index" else [asked.pk])

    answers = [client.get(address), client.post(address, {"note": "Mine."})]

    assert {answer.status_code for answer in answers} <= {302, 403, 405}
    assert all(WORDS not in answer.content.decode() for answer in answers)
    asked.refresh_from_db()
    assert asked.status == ConsultationStatus.OPEN
    assert not consultations_read_by_anybody(asked)


def consultations_read_by_anybody(asked: ConsultationRequest) -> list[str]:
    log = apps.get_model("wagtailcore", "ModelLogEntry")
    rows = log.objects.filter(object_id=str(asked.pk), action="treatments.consultation.read")
    return [row.user.email for row in rows.select_related("user")]


def test_the_list_names_who_asks_and_says_no_word_of_their_health(
    client: Client, asked: ConsultationRequest, clinician: User
) -> None:
    client.force_login(clinician)

    page = client.get(reverse("consultations:index")).content.decode()

    assert "Ada Lindqvist" in page
    assert reverse("consultations:inspect", args=[asked.pk]) in page
    assert asked.suitability_check.version.treatment.name in page
    assert WORDS not in page
    assert "blood" not in page
    assert consultations_read_by_anybody(asked) == []


def test_every_look_is_noted(client: Client, asked: ConsultationRequest, clinician: User) -> None:
    client.force_login(clinician)

    client.get(reverse("consultations:inspect", args=[asked.pk]))

    assert consultations_read_by_anybody(asked) == [clinician.email]
    history = client.get(reverse("consultations:history", args=[asked.pk])).content.decode()
    assert "The consultation was read" in history


@pytest.mark.parametrize("act", [consultations.clear, consultations.decline])
def test_a_consultation_is_answered_once(
    asked: ConsultationRequest, clinician: User, act: Callable[..., ConsultationRequest]
) -> None:
    consultations.decline(consultation_id=asked.pk, note=NOTE, by=clinician, at=NOON)

    with pytest.raises(consultations.AnsweredAlready):
        act(consultation_id=asked.pk, note="Again.", by=clinician, at=NOON)

    asked.refresh_from_db()
    assert asked.status == ConsultationStatus.DECLINED
    assert SuitabilityCheck.objects.get().cleared_at is None


def test_an_answer_without_a_note_is_refused(asked: ConsultationRequest, clinician: User) -> None:
    with pytest.raises(consultations.NoteMissing):
        consultations.clear(consultation_id=asked.pk, note="  ", by=clinician, at=NOON)

    assert SuitabilityCheck.objects.get().cleared_at is None


# --- Forgotten ----------------------------------------------------------------------------------


def test_after_its_time_the_outcome_alone_is_left(asked: ConsultationRequest) -> None:
    early = health_data.forget_old(at=NOON + health_data.kept())
    assert early == 0

    assert health_data.forget_old(at=NOON + health_data.kept() + dt.timedelta(seconds=1)) == 2

    check = SuitabilityCheck.objects.get()
    assert (check.outcome, check.version.version, check.checked_at) == ("CONSULT_FIRST", 1, NOON)
    assert (check.sealed_answers, check.user) == ("", None)
    assert not ConsultationRequest.objects.exists()
    with pytest.raises(checking.AnswersForgotten):
        checking.told(check)


def test_after_its_time_no_mail_says_who_consulted(
    asked: ConsultationRequest, clinician: User
) -> None:
    consultations.decline(consultation_id=asked.pk, note=NOTE, by=clinician, at=NOON)
    OutboundMail.objects.update(status=MailStatus.SENT, sent_at=NOON)
    assert asked.email in OutboundMail.objects.values_list("to", flat=True)

    health_data.forget_old(at=NOON + health_data.kept() + dt.timedelta(seconds=1))

    assert set(OutboundMail.objects.values_list("to", flat=True)) == {NOBODYS_ADDRESS}


def test_somebody_who_leaves_takes_the_file_along_and_leaves_no_answer(
    asked: ConsultationRequest,
) -> None:
    user = UserFactory.create(email="ada@example.com", verified=True)
    person = person_of(user)

    facts = json.dumps(data_file.collect(person, at=NOON))

    assert WORDS in facts
    assert BORN_ON.isoformat() in facts
    assert "Do you take blood thinners? Yes" in facts
    for room in ROOMS:
        room.forget(person)
    assert SuitabilityCheck.objects.get().sealed_answers == ""
    assert not ConsultationRequest.objects.exists()


# --- Keys ---------------------------------------------------------------------------------------


def test_a_new_key_reads_what_was_sealed_before_and_takes_over(
    asked: ConsultationRequest,
) -> None:
    check = SuitabilityCheck.objects.get()
    with override_settings(HEALTH_DATA_KEYS=["a-new-key", "tests-only-health"]):
        assert checking.told(check).born_on == BORN_ON
        call_command("reseal_health_data", verbosity=0)

    with override_settings(HEALTH_DATA_KEYS=["a-new-key"]):
        check.refresh_from_db()
        asked.refresh_from_db()
        assert checking.told(check).born_on == BORN_ON
        assert health_data.WORDS.unseal(asked.sealed_words) == WORDS


def test_without_its_key_nothing_can_be_read_or_resealed(asked: ConsultationRequest) -> None:
    sealed = SuitabilityCheck.objects.get().sealed_answers
    with override_settings(HEALTH_DATA_KEYS=["another-key"]):
        with pytest.raises(Unreadable):
            checking.told(SuitabilityCheck.objects.get())
        with pytest.raises(CommandError, match="does not name"):
            call_command("reseal_health_data", verbosity=0)

    assert SuitabilityCheck.objects.get().sealed_answers == sealed
