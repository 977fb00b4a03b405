"""A holder's own pauses: as long as was promised, and the holder's alone."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.test import Client
from django.utils import timezone
import pytest

from accounts.models import User
from tests.accounts.factories import UserFactory
from tests.treatments.factories import SessionPassFactory
from treatments import ledger
from treatments.models import SessionPass

pytestmark = pytest.mark.django_db
TOKEN = "c" * 32


def day(number: int) -> str:
    return (timezone.localdate() + dt.timedelta(days=number)).isoformat()


@pytest.fixture
def ada(client: Client) -> User:
    user = UserFactory.create(email="ada@example.com", verified=True)
    client.force_login(user)
    return user


@pytest.fixture
def own(ada: User) -> SessionPass:
    """A pass that Ada may pause for 30 days."""
    now = timezone.now() - dt.timedelta(hours=1)
    return SessionPassFactory.create(owner=ada, at=now, sold=ledger.Sold(pause_days=30))


def pause(client: Client, row: SessionPass, first: int, last: int, token: str = TOKEN) -> Any:
    sent = {"token": token, "from_on": day(first), "until_on": day(last)}
    return client.post(f"/account/passes/{row.public_id}/pause/", sent, follow=True)


def pauses(row: SessionPass) -> int:
    return row.entries.filter(kind="PAUSE").count()


def test_a_pause_moves_the_last_day_and_the_same_press_again_does_nothing_more(
    client: Client, own: SessionPass
) -> None:
    before = own.expires_on

    page = pause(client, own, 0, 10).content.decode()
    pause(client, own, 0, 10)

    own.refresh_from_db()
    assert before is not None
    assert own.expires_on == before + dt.timedelta(days=10)
    assert pauses(own) == 1
    assert "Your pass is paused" in page
    assert "End the pause today" in page


def test_ending_a_pause_gives_the_days_back_that_it_did_not_last(
    client: Client, own: SessionPass
) -> None:
    before = own.expires_on
    pause(client, own, 0, 30)

    page = client.post(f"/account/passes/{own.public_id}/resume/", follow=True).content.decode()
    client.post(f"/account/passes/{own.public_id}/resume/")

    own.refresh_from_db()
    assert own.expires_on == before
    assert own.entries.filter(kind="RESUME").count() == 1
    assert "pause it for 30 days in all" in page


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (0, 31, "for 30 days more"),
        (-1, 5, "A pause begins today or later"),
        (5, 5, "A pause begins today or later"),
        (400, 410, "A pause begins today or later"),
    ],
)
def test_what_was_not_promised_is_refused_and_changes_nothing(
    client: Client, own: SessionPass, first: int, last: int, words: str
) -> None:
    page = pause(client, own, first, last).content.decode()

    assert words in page
    assert pauses(own) == 0


def test_days_are_counted_over_all_own_pauses(client: Client, own: SessionPass) -> None:
    pause(client, own, 1, 21)

    page = pause(client, own, 40, 51, token="d" * 32).content.decode()

    assert "for 10 days more" in page
    assert pauses(own) == 1


def test_a_day_at_the_end_of_the_calendar_is_a_day_like_any(client: Client, ada: User) -> None:
    row = SessionPassFactory.create(
        owner=ada, sold=ledger.Sold(pause_days=30), validity_rule="FROM_FIRST_USE"
    )
    sent = {"token": TOKEN, "from_on": "9999-12-30", "until_on": "9999-12-31"}
    pass_page = f"/account/passes/{row.public_id}/"

    answer = client.post(f"{pass_page}pause/", sent, follow=True)

    assert "Your pass is paused" in answer.content.decode()
    client.post(f"{pass_page}resume/")
    assert row.entries.filter(kind="RESUME").count() == 1


def test_a_pass_keeps_the_pauses_of_its_holder_when_two_accounts_become_one(
    client: Client, own: SessionPass
) -> None:
    stays = UserFactory.create(verified=True)
    pause(client, own, 0, 21)
    assert own.owner is not None
    with transaction.atomic():
        ledger.hand_over_passes(gone=own.owner, stays=stays)
    client.force_login(stays)

    page = client.post(f"/account/passes/{own.public_id}/resume/", follow=True).content.decode()

    assert "The pause is over" in page
    pause(client, own, 1, 21, token="d" * 32)
    page = pause(client, own, 40, 51, token="e" * 32).content.decode()
    assert "for 10 days more" in page
    assert pauses(own) == 2


def test_a_pass_sold_without_that_promise_offers_and_takes_no_pause(
    client: Client, ada: User
) -> None:
    now = timezone.now() - dt.timedelta(hours=1)
    row = SessionPassFactory.create(owner=ada, at=now)

    page = client.get(f"/account/passes/{row.public_id}/").content.decode()
    refused = pause(client, row, 0, 1).content.decode()

    assert "Pause this pass" not in page
    assert "Please talk to us" in refused
    assert pauses(row) == 0


def test_a_pause_by_the_clinic_is_not_the_holders_to_end(client: Client, own: SessionPass) -> None:
    today = timezone.localdate()
    ledger.pause(
        pass_id=own.pk,
        from_on=today,
        until_on=today + dt.timedelta(days=9),
        reference="clinic:1",
        reason="Paused by the clinic",
        by=UserFactory.create(),
        at=timezone.now(),
    )

    page = client.post(f"/account/passes/{own.public_id}/resume/", follow=True).content.decode()

    assert "There is no pause of yours to end" in page
    assert own.entries.filter(kind="RESUME").count() == 0


@pytest.mark.parametrize("verb", ["pause", "resume"])
def test_somebody_elses_pass_is_as_good_as_none(client: Client, ada: User, verb: str) -> None:
    theirs = SessionPassFactory.create(
        owner=UserFactory.create(), sold=ledger.Sold(pause_days=30), at=timezone.now()
    )

    answer = client.post(f"/account/passes/{theirs.public_id}/{verb}/", {"token": TOKEN})

    assert answer.status_code == 404
    assert theirs.entries.count() == 1
    assert Client().post(f"/account/passes/{theirs.public_id}/{verb}/").status_code == 302
