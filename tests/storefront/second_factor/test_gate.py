"""R23, R26: the gate stands before every address of the admin, and closes after a while."""

import datetime as dt
from urllib.parse import urlsplit

from django.conf import settings
from django.test import Client
import pytest
import time_machine

from accounts import sessions
from accounts.devices import device_of
from accounts.models import AccountSession, User
from accounts.second_factor import standing
from tests.accounts.signing_in import sign_in_at, sign_in_without_second_factor
from tests.fuzz import who_may
from tests.storefront.second_factor.conftest import NOON

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)
ORDERS = "/admin/orders/"
# Signs nobody in, and leads to the one page that does.
LEAVES = {"admin/logout/"}


def _admin_paths() -> list[str]:
    """Return an example of each address below the admin; of what does not matter at the gate."""
    plain = [each for each in who_may.patterns() if each.startswith("admin/")]
    filled = [who_may._PARAMETER.sub("1", each) for each in plain if each not in LEAVES]
    return [f"/{path}" for path in filled if "(" not in path and "^" not in path]


def test_after_a_password_alone_every_address_leads_to_the_second_factor(
    client: Client, enrolled: User
) -> None:
    sign_in_without_second_factor(client, enrolled)
    paths = _admin_paths()
    assert len(paths) > 300

    led = {path: client.get(path) for path in paths}

    answered = {path for path, answer in led.items() if answer.status_code not in {303, 404}}
    assert answered == set()
    ways = {urlsplit(each["Location"]).path for each in led.values() if each.status_code == 303}
    assert ways == {"/account/reauthenticate/"}


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_no_method_slips_through(client: Client, enrolled: User, method: str) -> None:
    sign_in_without_second_factor(client, enrolled)

    for path in ("/admin/", ORDERS, "/admin/users/", "/admin/pages/1/edit/", "/admin/no-such/"):
        answer = getattr(client, method)(path)
        assert answer.status_code == 403
        assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    "headers",
    [{"X-Requested-With": "XMLHttpRequest"}, {"HX-Request": "true"}, {"Sec-Fetch-Mode": "cors"}],
    ids=str,
)
def test_a_script_is_told_and_led_nowhere(
    client: Client, enrolled: User, headers: dict[str, str]
) -> None:
    sign_in_without_second_factor(client, enrolled)

    assert client.get(ORDERS, headers=headers).status_code == 403


def test_another_person_s_second_factor_counts_for_nothing(
    client: Client, enrolled: User, django_user_model: type[User]
) -> None:
    other = django_user_model.objects.create_superuser("other@example.com")
    client.force_login(enrolled)
    sign_in_at(client, other, NOON.timestamp())

    assert client.get(ORDERS).status_code == 303


@pytest.mark.parametrize(("minutes", "is_open"), [(29, True), (31, False)])
def test_half_an_hour_away_asks_once_more(
    client: Client, enrolled: User, minutes: int, is_open: bool
) -> None:
    with time_machine.travel(NOON, tick=False):
        client.force_login(enrolled)
        assert client.get(ORDERS).status_code == 200

    with time_machine.travel(NOON + minutes * MINUTE, tick=False):
        answer = client.get(ORDERS)

    assert (answer.status_code == 200) is is_open


def test_who_works_on_stays_in_until_the_day_is_over(client: Client, enrolled: User) -> None:
    with time_machine.travel(NOON, tick=False):
        client.force_login(enrolled)
    for minutes in range(20, 12 * 60, 20):
        with time_machine.travel(NOON + minutes * MINUTE, tick=False):
            assert client.get(ORDERS).status_code == 200

    with time_machine.travel(NOON + 12 * 60 * MINUTE, tick=False):
        assert client.get(ORDERS).status_code == 303


def test_an_open_editor_alone_does_not_keep_the_door_open(client: Client, enrolled: User) -> None:
    with time_machine.travel(NOON, tick=False):
        client.force_login(enrolled)
    with time_machine.travel(NOON + 20 * MINUTE, tick=False):
        client.post("/admin/editing-sessions/ping/wagtailcore/page/1/1/")

    with time_machine.travel(NOON + 31 * MINUTE, tick=False):
        assert client.get(ORDERS).status_code == 303


def test_being_at_work_is_noted_once_a_minute(client: Client, enrolled: User) -> None:
    seen: list[float] = []
    for seconds in (0, 59, 61, 100):
        with time_machine.travel(NOON + dt.timedelta(seconds=seconds), tick=False):
            if not seen:
                client.force_login(enrolled)
            client.get(ORDERS)
            seen.append(client.session[standing.SEEN_AT] - NOON.timestamp())

    assert seen == [0, 0, 61, 61]


def test_signing_out_asks_for_nothing(client: Client, enrolled: User) -> None:
    sign_in_without_second_factor(client, enrolled)

    client.post("/admin/logout/")

    assert "_auth_user_id" not in client.session


def test_a_session_knows_whose_it_is_and_ends_after_a_month(client: Client, enrolled: User) -> None:
    """R26: however busy it is kept."""
    for days in (0, 13, 26):
        with time_machine.travel(NOON + dt.timedelta(days=days), tick=False):
            if not days:
                client.force_login(enrolled)
            session = client.session
            session["busy"] = days
            session.save()

    row = AccountSession.objects.get()
    assert (row.user, row.began_at) == (enrolled, NOON)
    assert row.expire_date == NOON + sessions.LONGEST
    assert dt.timedelta(seconds=settings.SESSION_COOKIE_AGE) * 2 < sessions.LONGEST


def test_a_device_is_named_as_its_owner_would() -> None:
    firefox = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
    iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1"

    assert [device_of(each) for each in (firefox, iphone, "curl/8", "")] == [
        "Firefox on Windows",
        "Safari on an iPhone",
        "A browser",
        "A browser",
    ]
