"""R26: people see where they are signed in, and end it there."""

import datetime as dt

from django.test import Client
from django.utils import timezone
import pytest

from accounts.models import User
from accounts.sessions import AccountSession
from tests.accounts.factories import UserFactory
from tests.accounts.signing_in import force_login

pytestmark = pytest.mark.django_db
PAGE, END = "/account/sign-ins/", "/account/sign-ins/end/"


@pytest.fixture
def ada() -> User:
    return UserFactory.create(verified=True)


def browser_of(user: User, *, device: str = "") -> Client:
    client = Client(headers={"Origin": "http://testserver"})
    force_login(client, user)
    session = client.session
    session["device"] = device
    session.save()
    return client


def names(client: Client) -> dict[str, str]:
    return {each.device: each.name for each in client.get(PAGE).context["sign_ins"]}


def test_every_browser_is_shown_and_no_key_of_one(ada: User) -> None:
    phone = browser_of(ada, device="Safari on an iPhone")
    desk = browser_of(ada, device="Firefox on Linux")
    browser_of(UserFactory.create(verified=True), device="Edge on Windows")

    page = desk.get(PAGE)

    shown = [(each.device, each.is_this) for each in page.context["sign_ins"]]
    assert shown == [("Firefox on Linux", True), ("Safari on an iPhone", False)]
    assert "Edge" not in page.content.decode()
    assert page.headers["Cache-Control"] == "private, no-store"
    for client in (phone, desk):
        assert (client.session.session_key or "?") not in page.content.decode()


def test_one_browser_is_signed_out_from_another(ada: User) -> None:
    phone, desk = browser_of(ada, device="phone"), browser_of(ada, device="desk")

    answer = desk.post(END, {"browser": names(desk)["phone"]}, follow=True)

    assert "Signed out there." in answer.content.decode()
    assert phone.get(PAGE).status_code == 302
    assert desk.get(PAGE).status_code == 200


def test_all_others_are_signed_out_at_once(ada: User) -> None:
    phone, tablet, desk = (browser_of(ada, device=name) for name in ("phone", "tablet", "desk"))

    answer = desk.post(END, {"others": "1"}, follow=True)

    assert "Signed out in 2 other browsers." in answer.content.decode()
    assert [client.get(PAGE).status_code for client in (phone, tablet, desk)] == [302, 302, 200]


def test_nobody_ends_what_is_not_theirs(ada: User) -> None:
    desk, stranger = browser_of(ada, device="desk"), browser_of(UserFactory.create(verified=True))

    stranger.post(END, {"browser": names(desk)["desk"]})
    stranger.post(END, {"browser": ""})
    stranger.post(END, {"others": "1"})

    assert desk.get(PAGE).status_code == 200


def test_what_has_run_out_is_not_shown(ada: User) -> None:
    old, desk = browser_of(ada, device="old"), browser_of(ada, device="desk")
    past = timezone.now() - dt.timedelta(seconds=1)
    rows = AccountSession.objects.filter(session_key=old.session.session_key)
    assert rows.update(expire_date=past) == 1

    assert list(names(desk)) == ["desk"]
