"""Appointments in the admin and at the desk: who may answer, and what is redeemed."""

import datetime as dt
from collections.abc import Iterator

from django.test import Client
from django.urls import reverse
from django.utils import timezone
import pytest
import time_machine

from tests.accounts.factories import UserFactory
from tests.treatments.factories import (
    NOON,
    PractitionerFactory,
    SessionPassFactory,
    staff_who_may,
)
from treatments import appointments
from treatments.appointments import Asked, Wish
from treatments.models import Appointment, AppointmentStatus, DayPart, SessionPass

pytestmark = pytest.mark.django_db
S = AppointmentStatus
ACTS = ("confirm", "suggest", "decline", "cancel")


@pytest.fixture(autouse=True)
def _first_of_march() -> Iterator[None]:
    with time_machine.travel(NOON + dt.timedelta(minutes=1), tick=False):
        yield


@pytest.fixture
def own() -> SessionPass:
    owner = UserFactory.create(email="ada@example.com", name="Ada Reyes")
    return SessionPassFactory.create(owner=owner, sessions=1)


@pytest.fixture
def asked(own: SessionPass) -> Appointment:
    assert own.owner is not None
    return appointments.ask(
        pass_id=own.pk,
        asked=Asked([Wish(dt.date(2026, 3, 5), DayPart.AFTERNOON)], "Quietly, please"),
        closed_on=(),
        reference="appointment:1",
        by=own.owner,
        at=timezone.now(),
    )


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(staff_who_may("answer_appointment", "view_appointment"))
    return client


def send(client: Client, row: Appointment, verb: str, **fields: str) -> str:
    row.refresh_from_db()
    answer = client.post(
        f"/admin/appointments/{verb}/{row.pk}/",
        {"seen": str(row.changes), **fields},
        follow=True,
    )
    return str(answer.content.decode())


def test_the_list_begins_with_those_that_wait(
    desk: Client, own: SessionPass, asked: Appointment
) -> None:
    owner = UserFactory.create(name="Bea Ortiz")
    other = SessionPassFactory.create(owner=owner)
    later = appointments.ask(
        pass_id=other.pk,
        asked=Asked([Wish(dt.date(2026, 3, 9), DayPart.EVENING)]),
        closed_on=(),
        reference="appointment:2",
        by=owner,
        at=timezone.now() + dt.timedelta(minutes=1),
    )
    send(desk, later, "confirm", starts_at="2026-03-09 18:00")

    page = desk.get("/admin/appointments/").content.decode()

    assert page.index("Ada Reyes") < page.index("Bea Ortiz")
    assert "Thu 5 Mar in the afternoon" in page
    assert "Mon 9 Mar 2026, 18:00" in page
    assert "Quietly" not in page


def test_the_desk_reads_what_was_written_and_confirms(desk: Client, asked: Appointment) -> None:
    giver = PractitionerFactory.create(name="Bea Ortiz")

    read = desk.get(f"/admin/appointments/inspect/{asked.pk}/").content.decode()
    form = desk.get(f"/admin/appointments/confirm/{asked.pk}/").content.decode()
    page = send(desk, asked, "confirm", starts_at="2026-03-05 14:30", practitioner=str(giver.pk))

    assert "Quietly, please" in read
    assert "2026-03-05 14:00" in form
    assert "Thu 5 Mar 2026, 14:30" in page
    asked.refresh_from_db()
    assert (asked.status, asked.practitioner) == (S.CONFIRMED, giver)
    history = desk.get(f"/admin/appointments/history/{asked.pk}/").content.decode()
    assert "Confirmed" in history


def test_only_whom_the_treatment_names_gives_it(desk: Client, asked: Appointment) -> None:
    named, other = PractitionerFactory.create_batch(2)
    asked.session_pass.treatment.practitioners.add(named)

    page = send(desk, asked, "confirm", starts_at="2026-03-05 14:30", practitioner=str(other.pk))
    assert "Select a valid choice" in page
    asked.refresh_from_db()
    assert asked.status == S.ASKED
    send(desk, asked, "confirm", starts_at="2026-03-05 14:30", practitioner=str(named.pk))

    asked.refresh_from_db()
    assert (asked.status, asked.practitioner) == (S.CONFIRMED, named)


def test_a_refusal_is_shown_beside_the_form(desk: Client, asked: Appointment) -> None:
    page = send(desk, asked, "confirm", starts_at="2026-02-27 14:30")

    assert "This time is over" in page
    asked.refresh_from_db()
    assert asked.status == S.ASKED


def test_a_time_that_the_clocks_leave_out_is_refused(desk: Client, asked: Appointment) -> None:
    page = send(desk, asked, "confirm", starts_at="2026-03-29 02:30")

    assert "couldn’t be interpreted" in page
    asked.refresh_from_db()
    assert asked.status == S.ASKED


def test_a_form_that_was_opened_before_somebody_answered_changes_nothing(
    desk: Client, asked: Appointment
) -> None:
    seen = str(asked.changes)
    send(desk, asked, "decline", sentence="We are full.")

    page = send(desk, asked, "confirm", seen=seen, starts_at="2026-03-05 14:30")

    assert "has changed meanwhile" in page
    asked.refresh_from_db()
    assert asked.status == S.DECLINED


def test_times_are_suggested_and_an_agreed_one_is_called_off(
    desk: Client, asked: Appointment
) -> None:
    send(desk, asked, "suggest", first="2026-03-06 09:00", second="2026-03-07 09:00", sentence="")
    assert asked.days.count() == 2
    send(desk, asked, "confirm", starts_at="2026-03-06 09:00")

    send(desk, asked, "cancel", sentence="Bea is ill.")

    asked.refresh_from_db()
    assert (asked.status, asked.answer) == (S.CANCELLED, "Bea is ill.")


@pytest.mark.parametrize("verb", ACTS)
@pytest.mark.parametrize("rights", [("view_appointment",), ("redeem_sessionpass",), ()])
def test_nobody_else_answers_not_even_by_a_direct_post(
    client: Client, asked: Appointment, verb: str, rights: tuple[str, ...]
) -> None:
    client.force_login(staff_who_may(*rights))

    send(client, asked, verb, starts_at="2026-03-05 14:30", first="2026-03-06 09:00", sentence="No")

    asked.refresh_from_db()
    assert (asked.status, asked.changes) == (S.ASKED, 0)


@pytest.mark.parametrize("verb", ["new", "edit/{}", "delete/{}"])
def test_nobody_writes_an_appointment_by_hand(
    admin_client: Client, asked: Appointment, verb: str
) -> None:
    admin_client.post(f"/admin/appointments/{verb.format(asked.pk)}/", {"answer": "x"})

    asked.refresh_from_db()
    assert (Appointment.objects.count(), asked.answer) == (1, "")


def test_the_desk_redeems_the_session_that_was_held_on_the_day(
    client: Client, own: SessionPass, asked: Appointment
) -> None:
    desk = staff_who_may("answer_appointment", "view_appointment", "redeem_sessionpass")
    client.force_login(desk)
    send(client, asked, "confirm", starts_at="2026-03-05 14:30")
    search = f"{reverse('sessionpass:desk')}?q={own.holder_email}"
    redeem = reverse("sessionpass:redeem", args=[own.pk])
    assert "set aside" in client.get(search).content.decode()
    client.post(redeem, {"token": "a" * 32})
    assert own.entries.count() == 2

    with time_machine.travel(dt.datetime(2026, 3, 5, 13, 40, tzinfo=dt.UTC), tick=False):
        client.force_login(desk)
        page = client.get(search).content.decode()
        client.post(redeem, {"token": "b" * 32})

    assert "Appointment today at 14:30" in page
    taken = own.entries.order_by("pk").last()
    assert taken is not None
    assert (taken.kind, taken.sessions, taken.held, taken.about_id) == (
        "REDEEM", -1, -1, asked.hold_id,
    )  # fmt: skip
