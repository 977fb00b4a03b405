"""A customer's appointments: pages without JavaScript, mails with a file for the calendar."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.core import mail as django_mail
from django.test import Client
from django.utils import timezone
import pytest
import time_machine

from accounts.models import User
from checkout.models import Holiday
from outbox import mail
from storefront.account import appointment_mails, ics
from tests.accounts.factories import UserFactory
from tests.treatments.factories import NOON, SessionPassFactory, staff_who_may
from treatments import appointments
from treatments.models import Appointment, AppointmentStatus, SessionPass, Treatment

pytestmark = pytest.mark.django_db
S = AppointmentStatus
TOKEN = "a" * 32


@pytest.fixture(autouse=True)
def _first_of_march() -> Iterator[None]:
    """It is 13:00 in Berlin on 1 March 2026; clocks go forward on the 29th."""
    with time_machine.travel(NOON + dt.timedelta(minutes=1), tick=False):
        yield


@pytest.fixture
def ada(client: Client) -> User:
    user: User = UserFactory.create(email="ada@example.com", name="Ada Reyes", verified=True)
    client.force_login(user)
    return user


@pytest.fixture
def own(ada: User) -> SessionPass:
    return SessionPassFactory.create(owner=ada)


@pytest.fixture
def desk() -> User:
    return staff_who_may("answer_appointment")


def ask(client: Client, row: SessionPass, *days: str, **sent: str) -> Any:
    fields = {"token": TOKEN, "words": ""}
    for number in (1, 2, 3):
        fields |= {f"on_{number}": "", f"part_{number}": "MORNING"}
    fields |= {f"on_{number}": day for number, day in enumerate(days, start=1)}
    path = f"/account/passes/{row.public_id}/appointment/"
    return client.post(path, fields | sent, follow=True)


def post(client: Client, row: Appointment, verb: str, **sent: str) -> str:
    path = f"/account/appointments/{row.public_id}/{verb}/"
    return str(client.post(path, sent, follow=True).content.decode())


def berlin(text: str) -> dt.datetime:
    return timezone.make_aware(dt.datetime.fromisoformat(text))


def confirmed(client: Client, row: SessionPass, desk: User, starts_at: str) -> Appointment:
    ask(client, row, starts_at[:10])
    asked = Appointment.objects.get()
    return appointments.confirm(
        appointment_id=asked.pk,
        starts_at=berlin(starts_at),
        practitioner_id=None,
        seen_changes=asked.changes,
        by=desk,
        at=timezone.now(),
    )


def newest_mail() -> Any:
    mail.send_due(at=timezone.now())
    return [each for each in django_mail.outbox if each.to == ["ada@example.com"]][-1]


def file_in(message: Any) -> str:
    (name, content, kind) = message.attachments[0]
    assert name == "appointment.ics"
    assert kind.startswith("text/calendar; method=")
    return content if isinstance(content, str) else content.decode()


def test_asking_leads_from_the_pass_to_an_appointment_with_a_session_held(
    client: Client, own: SessionPass
) -> None:
    on_pass = client.get(f"/account/passes/{own.public_id}/").content.decode()
    form = client.get(f"/account/passes/{own.public_id}/appointment/").content.decode()

    page = ask(client, own, "2026-03-05", "2026-03-06", part_2="EVENING").content.decode()

    assert f"/account/passes/{own.public_id}/appointment/" in on_pass
    assert 'min="2026-03-02"' in form
    assert "until 24 hours before it begins" in form
    assert "Thu 5 Mar in the morning or Fri 6 Mar in the evening" in " ".join(page.split())
    row = Appointment.objects.get()
    assert (row.status, row.hold.held) == (S.ASKED, 1)
    assert "2026" in client.get("/account/").content.decode()
    assert newest_mail().subject == "We have your request for an appointment"


def test_the_same_form_sent_twice_asks_once(client: Client, own: SessionPass) -> None:
    ask(client, own, "2026-03-05")
    ask(client, own, "2026-03-05")

    assert Appointment.objects.count() == 1


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("", "Choose at least one day"),
        ("2026-03-01", "Choose a day from tomorrow on"),
        ("2026-03-10", "We are closed on 10 March 2026"),
        ("2027-03-05", "until 1 March 2027"),
        ("nonsense", "Enter a valid date"),
    ],
)
def test_what_is_refused_is_said_beside_the_form_and_nothing_is_held(
    client: Client, own: SessionPass, day: str, words: str
) -> None:
    Holiday.objects.create(on=dt.date(2026, 3, 10), name="Clinic outing")

    answer = ask(client, own, day)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Appointment.objects.count() == 0


def test_a_confirmed_appointment_is_shown_and_mailed_with_a_file_for_the_calendar(
    client: Client, own: SessionPass, desk: User
) -> None:
    row = confirmed(client, own, desk, "2026-03-05 18:30")

    page = client.get(f"/account/appointments/{row.public_id}/").content.decode()
    message = newest_mail()
    written = file_in(message)

    assert "Thursday, 5 March 2026, 18:30" in page
    assert message.subject == "Your appointment on 5 March 2026 at 18:30"
    assert "before Wednesday, 4 March 2026, 18:30" in message.body
    assert "METHOD:PUBLISH\r\n" in written
    assert "DTSTART:20260305T173000Z\r\n" in written
    assert f"UID:appointment-{row.public_id}@" in written
    assert "SEQUENCE:1\r\n" in written
    downloaded = client.get(f"/account/appointments/{row.public_id}/calendar.ics")
    assert downloaded.content.decode() == written
    assert downloaded["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("starts_at", "in_utc"),
    [("2026-03-28 10:00", "20260328T090000Z"), ("2026-03-30 10:00", "20260330T080000Z")],
)
def test_ten_o_clock_is_ten_o_clock_before_and_after_clocks_change(
    client: Client, own: SessionPass, desk: User, starts_at: str, in_utc: str
) -> None:
    row = confirmed(client, own, desk, starts_at)

    visit = appointment_mails.invitation_of(row)

    assert visit is not None
    assert f"DTSTART:{in_utc}\r\n" in ics.invitation(visit).decode()
    assert "at 10:00" in newest_mail().subject


def test_cancelling_takes_it_out_of_the_calendar_with_a_higher_sequence(
    client: Client, own: SessionPass, desk: User
) -> None:
    row = confirmed(client, own, desk, "2026-03-05 18:30")

    page = post(client, row, "cancel")
    written = file_in(newest_mail())

    assert "It is cancelled." in page
    assert "METHOD:CANCEL\r\n" in written
    assert "STATUS:CANCELLED\r\n" in written
    assert f"UID:appointment-{row.public_id}@" in written
    assert "SEQUENCE:2\r\n" in written
    assert "DTSTART:20260305T173000Z\r\n" in written


def test_a_mail_says_how_it_stands_when_it_is_sent(
    client: Client, own: SessionPass, desk: User
) -> None:
    """A confirmation that was cancelled before it went out is never sent."""
    row = confirmed(client, own, desk, "2026-03-05 18:30")
    post(client, row, "cancel")

    mail.send_due(at=timezone.now())

    subjects = [each.subject for each in django_mail.outbox if each.to == ["ada@example.com"]]
    assert subjects == ["Your appointment is cancelled"]


def test_a_time_that_is_suggested_is_accepted_with_one_press(
    client: Client, own: SessionPass, desk: User
) -> None:
    ask(client, own, "2026-03-05")
    row = Appointment.objects.get()
    appointments.suggest(
        appointment_id=row.pk,
        times=[berlin("2026-03-09 09:00")],
        sentence="Bea is away until then.",
        seen_changes=row.changes,
        by=desk,
        at=timezone.now(),
    )
    page = client.get(f"/account/appointments/{row.public_id}/").content.decode()
    assert "Bea is away until then." in page
    assert "Monday, 9 March, 09:00" in page
    assert "does not take place" not in newest_mail().body

    page = post(client, row, "accept", time=str(row.days.get().pk))

    row.refresh_from_db()
    assert "It is agreed." in page
    assert (row.status, row.starts_at) == (S.CONFIRMED, berlin("2026-03-09 09:00"))


def test_a_time_that_nobody_suggested_is_not_accepted(client: Client, own: SessionPass) -> None:
    ask(client, own, "2026-03-05")
    row = Appointment.objects.get()

    page = post(client, row, "accept", time=str(row.days.get().pk))

    assert "not free any more" in page
    row.refresh_from_db()
    assert (row.status, row.starts_at) == (S.ASKED, None)


def test_moving_gives_the_time_up_and_says_so(client: Client, own: SessionPass, desk: User) -> None:
    row = confirmed(client, own, desk, "2026-03-05 18:30")
    path = f"/account/appointments/{row.public_id}/move/"
    assert "The time that was agreed is given up" in client.get(path).content.decode()

    sent = {"token": TOKEN, "words": "", "on_1": "2026-03-12"}
    sent |= {f"part_{number}": "AFTERNOON" for number in (1, 2, 3)}
    client.post(path, sent)

    row.refresh_from_db()
    assert (row.status, row.was_at) == (S.ASKED, berlin("2026-03-05 18:30"))
    message = newest_mail()
    assert "The appointment on Thursday, 5 March 2026, 18:30 is given up" in message.body
    assert "METHOD:CANCEL\r\n" in file_in(message)


def test_late_where_the_session_counts_the_page_says_so_and_takes_a_plain_post_for_no_consent(
    client: Client, own: SessionPass, desk: User
) -> None:
    Treatment.objects.update(late_cancel_counts=True)
    row = confirmed(client, own, desk, "2026-03-02 10:00")
    with time_machine.travel(berlin("2026-03-02 09:00"), tick=False):
        page = client.get(f"/account/appointments/{row.public_id}/").content.decode()
        refused = post(client, row, "cancel")
        row.refresh_from_db()
        assert row.status == S.CONFIRMED

        post(client, row, "cancel", counts="1")
        message = newest_mail()

    assert "Cancel it; the session counts as used" in page
    assert "Nothing was cancelled" in refused
    row.refresh_from_db()
    assert row.status == S.CANCELLED
    assert "so the session counts as used" in message.body


@pytest.mark.parametrize(
    ("method", "verb"),
    [
        ("get", ""),
        ("get", "calendar.ics"),
        ("post", "accept/"),
        ("post", "cancel/"),
        ("get", "move/"),
        ("post", "move/"),
    ],
)
def test_somebody_elses_appointment_is_as_good_as_none(
    client: Client, own: SessionPass, desk: User, method: str, verb: str
) -> None:
    row = confirmed(client, own, desk, "2026-03-05 18:30")
    client.force_login(UserFactory.create(verified=True))

    answer = getattr(client, method)(f"/account/appointments/{row.public_id}/{verb}")

    assert answer.status_code == 404
    row.refresh_from_db()
    assert row.status == S.CONFIRMED


def test_an_appointment_with_somebody_elses_pass_is_refused(client: Client, ada: User) -> None:
    theirs = SessionPassFactory.create(owner=UserFactory.create())

    assert ask(client, theirs, "2026-03-05").status_code == 404
    assert Appointment.objects.count() == 0


def test_the_page_of_appointments_leads_to_passes_with_a_session_free(
    client: Client, own: SessionPass
) -> None:
    page = client.get("/account/appointments/").content.decode()
    assert f"/account/passes/{own.public_id}/appointment/" in page

    ask(client, own, "2026-03-05")

    assert "asked for" in client.get("/account/appointments/").content.decode()


def test_mails_to_the_desk_name_nobody(client: Client, own: SessionPass, desk: User) -> None:
    ask(client, own, "2026-03-05", words="Quietly, please")

    mail.send_due(at=timezone.now())

    (message,) = [each for each in django_mail.outbox if each.to == [desk.email]]
    said = f"{message.subject} {message.body} {message.alternatives}"
    assert "/admin/appointments/" in said
    assert "Ada" not in said
    assert "Quietly" not in said
