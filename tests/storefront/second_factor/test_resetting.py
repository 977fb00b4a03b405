"""A lost device: an owner takes the second factor away, says why, and the person learns of it."""

import time
from typing import Any

from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from wagtail.models import ModelLogEntry
import pytest
from allauth.mfa.models import Authenticator

from accounts.models import AccountSession, User
from accounts.second_factor import codes
from outbox.models import OutboundMail
from storefront.models import KeptRole
from storefront.roles import keeping
from storefront.second_factor import resetting
from tests.accounts.factories import UserFactory
from tests.accounts.signing_in import sign_in_at

pytestmark = pytest.mark.django_db
REASON = "Called her on the number in her contract"


@pytest.fixture
def packer(secret: str) -> User:
    user: User = UserFactory.create(email="packer@example.com", verified=True)
    codes.enrol(user, secret)
    return user


@pytest.fixture
def owner() -> User:
    keeping.keep_roles()
    user: User = UserFactory.create(email="owner@example.com", is_staff=True)
    user.groups.add(KeptRole.objects.get(key="owner").group)
    return user


@pytest.fixture
def at_work(client: Client, owner: User) -> Client:
    client.force_login(owner)
    sign_in_at(client, owner, time.time())
    return client


def _screen(user: User) -> str:
    return f"/admin/users/second-factor/{user.pk}/"


def test_an_owner_takes_it_away_and_the_person_is_out_everywhere(
    at_work: Client, owner: User, packer: User
) -> None:
    theirs = Client()
    theirs.force_login(packer)
    assert "packer@example.com" in at_work.get(_screen(packer)).content.decode()

    answer = at_work.post(_screen(packer), {"reason": REASON})

    assert answer["Location"] == f"/admin/users/edit/{packer.pk}/"
    assert not Authenticator.objects.filter(user=packer).exists()
    assert not AccountSession.objects.filter(user=packer).exists()
    assert theirs.get("/account/").status_code == 302
    entry = ModelLogEntry.objects.get(action=resetting.LOG_ACTION)
    assert (entry.user, entry.object_id, entry.data) == (
        owner,
        str(packer.pk),
        {"reason": REASON},
    )
    mail = OutboundMail.objects.get()
    assert (mail.to, mail.event) == (packer.email, resetting.TAKEN_AWAY)
    assert "call the shop at once" in resetting.render(mail.context).text


@pytest.mark.parametrize(
    ("who", "refusal", "said"),
    [
        ("blank", resetting.ReasonMissing, "Say how you know"),
        ("own", resetting.OwnSecondFactor, "under Account"),
        ("root", resetting.AboveYou, "Only a superuser"),
        ("none", resetting.NothingToTakeAway, "no second factor"),
    ],
)
def test_what_is_refused_changes_nothing(
    owner: User, packer: User, secret: str, who: str, refusal: type[Exception], said: str
) -> None:
    root = UserFactory.create(email="root@example.com", manager=True)
    codes.enrol(root, secret)
    codes.enrol(owner, secret)
    of = {"blank": packer, "own": owner, "root": root, "none": UserFactory.create()}[who]
    before = Authenticator.objects.count()

    with pytest.raises(refusal, match=said):
        resetting.take_away(
            of_id=of.pk, reason=" " if who == "blank" else REASON, by=owner, at=timezone.now()
        )

    assert Authenticator.objects.count() == before
    assert not OutboundMail.objects.exists()
    assert not ModelLogEntry.objects.filter(action=resetting.LOG_ACTION).exists()


def test_the_screen_says_why_not(at_work: Client, owner: User) -> None:
    answer = at_work.post(_screen(owner), {"reason": REASON})

    assert "Your own is changed under Account" in answer.content.decode()


def test_others_of_the_staff_cannot(client: Client, packer: User) -> None:
    keeping.keep_roles()
    manager = UserFactory.create(is_staff=True)
    manager.groups.add(KeptRole.objects.get(key="manager").group)
    client.force_login(manager)
    sign_in_at(client, manager, time.time())

    for pk in (packer.pk, 999_999):
        answers: list[Any] = [
            client.get(f"/admin/users/second-factor/{pk}/"),
            client.post(f"/admin/users/second-factor/{pk}/", {"reason": REASON}),
        ]
        assert {answer.status_code for answer in answers} <= {302, 403}
    assert Authenticator.objects.filter(user=packer).exists()


def test_the_server_has_a_way_for_the_only_owner(packer: User) -> None:
    call_command("take_second_factor_away", packer.email, "--reason", REASON)

    assert not Authenticator.objects.filter(user=packer).exists()
    assert ModelLogEntry.objects.get(action=resetting.LOG_ACTION).user is None
    for email in (packer.email, "nobody@example.com"):
        with pytest.raises(CommandError):
            call_command("take_second_factor_away", email, "--reason", REASON)
