"""A giver's pages: who is to have what, what is refused, and that no health shows on them."""

import datetime as dt
import json
from typing import Any

from django.test import Client
from django.utils import timezone
import pytest

from accounts.models import User
from accounts.person import person_of
from outbox import mail
from outbox.models import OutboundMail
from storefront.account import data_file
from storefront.account.gift_form import GIFTS_ALLOWED
from tests.accounts.factories import UserFactory
from tests.treatments.factories import SessionPassFactory, published
from treatments import consultations, gifts, ledger
from treatments.models import Gift, GiftStatus, SessionPass

pytestmark = pytest.mark.django_db
TOKEN = "c" * 32
ORIGIN = {"Origin": "http://testserver"}
CANARY = "canary-zinc-4417"


@pytest.fixture
def ada(client: Client) -> User:
    user: User = UserFactory.create(email="ada@example.com", name="Ada", verified=True)
    client.force_login(user)
    return user


@pytest.fixture
def own(ada: User) -> SessionPass:
    row: SessionPass = SessionPassFactory.create(
        owner=ada, sessions=3, at=timezone.now() - dt.timedelta(hours=1)
    )
    return row


def page_of(client: Client, row: SessionPass) -> str:
    return client.get(f"/account/passes/{row.public_id}/").content.decode()


def give(client: Client, row: SessionPass, **said: str) -> Any:
    sent = {
        "token": TOKEN,
        "sessions": "2",
        "recipient_name": "Bea",
        "recipient_email": "bea@example.com",
        "giver_name": "Ada",
        "message": "Take a quiet hour.\nYours",
        "mail_on": timezone.localdate().isoformat(),
        **said,
    }
    return client.post(f"/account/passes/{row.public_id}/give/", sent, follow=True)


def test_sessions_are_given_seen_waiting_and_taken_back(client: Client, own: SessionPass) -> None:
    assert f"/account/passes/{own.public_id}/give/" in page_of(client, own)
    form = client.get(f"/account/passes/{own.public_id}/give/").content.decode()
    assert "3 sessions, all that are left" in form

    page = give(client, own).content.decode()
    again = give(client, own)

    gift = Gift.objects.get()
    assert again.redirect_chain[-1][1] == 303
    assert "2 sessions for Bea" in page
    assert "We wrote to bea@example.com" in page
    assert gift.token not in page
    back = client.post(
        f"/account/passes/{own.public_id}/gifts/{gift.pk}/take-back/", follow=True
    ).content.decode()
    assert "The sessions are on your pass again" in back
    assert "You took it back on" in back
    gift.refresh_from_db()
    assert gift.status == GiftStatus.TAKEN_BACK


@pytest.mark.parametrize(
    ("said", "status", "words"),
    [
        ({"sessions": "4"}, 422, "Choose how many."),
        ({"sessions": ""}, 422, "Choose how many."),
        ({"recipient_email": "ADA@example.com"}, 409, "This is your own address"),
        ({"recipient_email": "bea"}, 422, "Enter an e-mail address such as"),
        ({"message": "Look: https://evil.example"}, 422, "without web addresses"),
        ({"message": "Look at evil.example now"}, 422, "without web addresses"),
        ({"giver_name": "www.evil.example"}, 422, "without web addresses"),
        ({"recipient_name": "evil.example/x"}, 422, "without web addresses"),
        ({"message": "x" * 501}, 422, "at most 500 characters"),
        ({"mail_on": "2020-01-01"}, 409, "Choose a day from today until"),
        ({"mail_on": "never"}, 422, "Choose a day, today or later."),
        ({"token": "x"}, 422, "valid value"),
    ],
)
def test_what_is_refused_says_why_and_gives_nothing(
    client: Client, own: SessionPass, said: dict[str, str], status: int, words: str
) -> None:
    answer = give(client, own, **said)

    assert answer.status_code == status
    assert words in answer.content.decode()
    assert not Gift.objects.exists()
    assert not OutboundMail.objects.exists()


def test_names_stand_on_one_line(client: Client, own: SessionPass) -> None:
    give(client, own, recipient_name="Bea\nBcc: all", giver_name="Ada  Lin")

    gift = Gift.objects.get()
    assert (gift.recipient_name, gift.giver_name) == ("Bea Bcc: all", "Ada Lin")


def test_nobody_mails_strangers_all_day(client: Client, own: SessionPass) -> None:
    for _ in range(GIFTS_ALLOWED):
        give(client, own, recipient_email="ada@example.com")

    tired = give(client, own)

    assert tired.status_code == 429
    assert not Gift.objects.exists()


def test_a_pass_without_anything_free_gives_nothing(client: Client, own: SessionPass) -> None:
    ledger.hold(
        pass_id=own.pk, sessions=3, reference="h", reason="Appointment", by=None, at=timezone.now()
    )

    assert "/give/" not in page_of(client, own)
    form = client.get(f"/account/passes/{own.public_id}/give/").content.decode()
    assert "No session of this pass can be given at the moment" in form
    assert give(client, own).status_code == 422
    assert not Gift.objects.exists()


def test_somebody_elses_pass_or_gift_is_as_good_as_none(client: Client, own: SessionPass) -> None:
    give(client, own)
    gift = Gift.objects.get()
    eve = Client(headers=ORIGIN)
    eve_s = UserFactory.create(verified=True)
    eve.force_login(eve_s)
    hers = SessionPassFactory.create(owner=eve_s, at=timezone.now())

    for address in (
        f"/account/passes/{own.public_id}/give/",
        f"/account/passes/{own.public_id}/gifts/{gift.pk}/take-back/",
        f"/account/passes/{hers.public_id}/gifts/{gift.pk}/take-back/",
    ):
        assert eve.post(address, {"token": TOKEN}).status_code == 404
        assert Client(headers=ORIGIN).post(address).status_code == 302

    gift.refresh_from_db()
    assert gift.is_waiting


def test_the_recipient_s_health_is_nowhere_the_giver_can_look(
    client: Client, ada: User, own: SessionPass
) -> None:
    """R42: not on a page, in a mail, in what is taken along, or in what is signed."""
    at = timezone.now()
    version = published(treatment=own.treatment, at=at)
    give(client, own)
    gift = Gift.objects.get()
    # On the giver's own computer, where the giver is signed in.
    check = gifts.take_check(
        gift_id=gift.pk,
        version=version,
        answers={"broken-skin": "1", "blood-thinners": "2"},
        born_on=dt.date(1990, 5, 17),
        user=ada,
        at=at,
    )
    contact = consultations.Contact("Bea", "bea@example.com")
    asked = consultations.ask(check_id=check.pk, contact=contact, words=CANARY, at=at)
    consultations.decline(consultation_id=asked.pk, note=CANARY, by=UserFactory(), at=at)
    gifts.decline(gift_id=gift.pk, by=None, at=at)
    mail.send_due(at=at)

    page = page_of(client, own)
    seen = [
        page,
        client.get("/account/").content.decode(),
        client.get("/account/privacy/").content.decode(),
        client.get(f"/account/passes/{own.public_id}/statement.json").content.decode(),
        json.dumps(data_file.collect(person_of(ada), at=at)),
        *OutboundMail.objects.filter(to=ada.email).values_list("context", flat=True),
    ]
    assert "Came back to you on" in page
    for shown in map(str, seen):
        for secret in (CANARY, "blood", "thinners", "CONSULT", "onsult first", "1990-05-17",
                       "advise", "declin", "not taken", check.token, gift.token):  # fmt: skip
            assert secret not in shown


def test_each_side_takes_along_what_is_theirs_of_a_gift(ada: User, own: SessionPass) -> None:
    client = Client(headers=ORIGIN)
    client.force_login(ada)
    version = published(treatment=own.treatment, at=timezone.now())
    give(client, own)
    gift = Gift.objects.get()
    bea = UserFactory.create(email="bea@example.com", verified=True)
    gifts.take_check(
        gift_id=gift.pk, version=version, answers={"broken-skin": "1", "blood-thinners": "1"},
        born_on=dt.date(1990, 5, 17), user=None, at=timezone.now(),
    )  # fmt: skip

    at = timezone.now()
    given, received = (
        data_file.collect(person_of(user), at=at)["data"]["Sessions"] for user in (ada, bea)
    )

    assert [each["to"] for each in given["gifts_given"]] == ["Bea"]
    assert (given["gifts_received"], given["suitability_checks"]) == ([], [])
    assert [each["from"] for each in received["gifts_received"]] == ["Ada"]
    assert [each["born_on"] for each in received["suitability_checks"]] == ["1990-05-17"]
    assert received["gifts_given"] == []


# --- The recipient's side ---------------------------------------------------------------------


@pytest.fixture
def bea() -> User:
    user: User = UserFactory.create(email="bea@example.com", name="Bea", verified=True)
    return user


def home_of(user: User) -> str:
    browser = Client()
    browser.force_login(user)
    return " ".join(browser.get("/account/").content.decode().split())


def test_a_gift_that_waits_is_seen_by_its_recipient_alone(
    client: Client, own: SessionPass, ada: User, bea: User
) -> None:
    give(client, own)
    gift = Gift.objects.get()
    stranger = UserFactory.create(verified=True)

    assert f'href="/gifts/{gift.token}/"' in home_of(bea)
    assert "A gift is waiting for you" in home_of(bea)
    for other in (ada, stranger, UserFactory.create(email="typed@example.com")):
        assert gift.token not in home_of(other)
    gifts.decline(gift_id=gift.pk, by=bea, at=timezone.now())
    assert gift.token not in home_of(bea)


def test_an_address_that_was_only_typed_sees_no_gift(client: Client, own: SessionPass) -> None:
    give(client, own)

    assert "waiting for you" not in home_of(UserFactory.create(email="bea@example.com"))


def test_a_gift_whose_mail_is_still_to_go_out_stays_a_surprise(
    client: Client, own: SessionPass, bea: User
) -> None:
    later = timezone.localdate() + dt.timedelta(days=3)
    give(client, own, mail_on=later.isoformat())

    assert Gift.objects.count() == 1
    assert "waiting for you" not in home_of(bea)


def test_a_recipient_gives_back_what_is_left_and_nobody_else_can(
    client: Client, own: SessionPass, ada: User, bea: User
) -> None:
    give(client, own)
    received = gifts.accept(gift_id=Gift.objects.get().pk, by=bea, at=timezone.now())
    address = f"/account/passes/{received.public_id}/give-back/"
    browser = Client()
    browser.force_login(bea)

    by_giver = client.post(address, headers=ORIGIN)
    by_looking = browser.get(address)
    offered = page_of(browser, received)
    back = browser.post(address, headers=ORIGIN)

    assert (by_giver.status_code, by_looking.status_code, back.status_code) == (404, 405, 303)
    assert "Give 2 sessions back" in offered
    assert Gift.objects.get().status == GiftStatus.RETURNED
    assert "You gave back what was left of it." in page_of(browser, received)
    assert "Came back to you" in page_of(client, own)
    assert SessionPass.objects.with_balance().get(pk=own.pk).balance == 3
    assert (
        "The sessions have gone back"
        in browser.get(f"/gifts/{Gift.objects.get().token}/").content.decode()
    )


def test_a_bought_pass_is_nobodys_gift(client: Client, own: SessionPass) -> None:
    answer = client.post(f"/account/passes/{own.public_id}/give-back/", headers=ORIGIN)

    assert answer.status_code == 404
    assert "A gift from" not in page_of(client, own)
