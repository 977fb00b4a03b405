"""R23, R24: nobody who works here comes in without a second factor, and no code counts twice."""

import datetime as dt
import html
import re
from urllib.parse import parse_qs, urlsplit

from django.core.mail import EmailMultiAlternatives
from django.test import Client
import pytest
import time_machine
from allauth.mfa.models import Authenticator
from pytest_django import Settings

from accounts.models import User
from accounts.sealing import Unreadable
from accounts.second_factor import codes
from tests.accounts.factories import UserFactory
from tests.accounts.signing_in import sign_in_without_second_factor
from tests.storefront.second_factor.conftest import NOON, PASSWORD, said_of

pytestmark = pytest.mark.django_db
LOGIN = "/account/login/?next=/admin/orders/"
SHOW = "/account/second-factor/show/"
APP = "/account/second-factor/app/"


def _with_password(client: Client, user: User) -> str:
    return str(client.post(LOGIN, {"login": user.email, "password": PASSWORD})["Location"])


def _is_in(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


@time_machine.travel(NOON, tick=False)
def test_a_password_and_a_code_of_the_app_let_in(
    client: Client, enrolled: User, secret: str
) -> None:
    assert _with_password(client, enrolled) == SHOW
    assert "_auth_user_id" not in client.session
    client.post(SHOW, {"code": "nonsense"})
    assert said_of(enrolled) == []

    answer = client.post(SHOW, {"code": codes.code_at(secret, NOON)})

    assert answer["Location"] == "/admin/orders/"
    assert said_of(enrolled) == ["Signed in with a second factor"]
    assert _is_in(client)


def test_a_code_by_mail_asks_for_the_second_factor_too(
    client: Client, enrolled: User, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    asked = client.post("/account/login/", {"login": enrolled.email})
    code = re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}", str(mailoutbox[-1].body))
    assert code

    answer = client.post(asked["Location"], {"code": code[0]})

    assert answer["Location"] == SHOW
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(("late", "is_good"), [(0, True), (30, True), (-30, True), (61, False)])
def test_a_phone_s_clock_may_be_half_a_minute_wrong(
    enrolled: User, secret: str, late: int, is_good: bool
) -> None:
    shown = codes.code_at(secret, NOON)

    used = codes.use(enrolled, shown, at=NOON + dt.timedelta(seconds=late))

    assert (used is not None) is is_good


@time_machine.travel(NOON, tick=False)
def test_a_code_that_somebody_saw_is_worth_nothing_once_it_was_typed(
    client: Client, enrolled: User, secret: str
) -> None:
    """R23: neither it nor the one before, which the clock's leave would still let pass."""
    assert codes.use(enrolled, codes.code_at(secret, NOON), at=NOON)
    before = codes.code_at(secret, NOON - dt.timedelta(seconds=30))
    _with_password(client, enrolled)

    for seen in (codes.code_at(secret, NOON), before):
        answer = client.post(SHOW, {"code": seen})
        assert "was used before" in answer.content.decode()

    assert "_auth_user_id" not in client.session


def test_a_recovery_code_lets_in_once(client: Client, enrolled: User) -> None:
    row = Authenticator.objects.get(user=enrolled, type="recovery_codes")
    code = row.wrap().get_unused_codes()[3]
    _with_password(client, enrolled)

    answer = client.post(SHOW, {"code": f"{code[:4]} {code[4:]}"})

    assert answer["Location"] == "/admin/orders/"
    assert codes.use(enrolled, code, at=NOON) is None
    row.refresh_from_db()
    assert len(row.wrap().get_unused_codes()) == 9


@time_machine.travel(NOON, tick=False)
def test_five_wrong_codes_end_it_and_the_right_one_comes_too_late(
    client: Client, enrolled: User, secret: str
) -> None:
    """R23, R24: whoever guesses is stopped, wherever from."""
    _with_password(client, enrolled)
    wrong = "000000" if codes.code_at(secret, NOON) != "000000" else "000001"

    guesses = [client.post(SHOW, {"code": wrong}).status_code for _ in range(6)]
    late = client.post(SHOW, {"code": codes.code_at(secret, NOON)})

    assert guesses == [200, 200, 200, 200, 200, 429]
    assert late.status_code == 429
    assert "_auth_user_id" not in client.session


def test_the_first_way_into_the_admin_leads_to_setting_it_up(
    client: Client, newcomer: User
) -> None:
    landed = client.post(LOGIN, {"login": newcomer.email, "password": PASSWORD}, follow=True)

    assert landed.redirect_chain[-1] == (f"{APP}?next=%2Fadmin%2Forders%2F", 303)
    page = landed.content.decode()
    assert "Set up your second factor" in page
    assert 'src="data:image/svg+xml;base64,' in page


@time_machine.travel(NOON, tick=False)
def test_an_app_is_set_up_and_the_codes_on_paper_lead_on(
    client: Client,
    newcomer: User,
    mailoutbox: list[EmailMultiAlternatives],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("django.db.transaction.on_commit", lambda act: act())
    sign_in_without_second_factor(client, newcomer)
    page = client.get(f"{APP}?next=/admin/orders/").content.decode()
    secret = re.search(r'factor-secret">(\w+)<', page)
    assert secret

    answer = client.post(f"{APP}?next=/admin/orders/", {"code": codes.code_at(secret[1], NOON)})

    kept = client.get(answer["Location"]).content.decode()
    row = Authenticator.objects.get(user=newcomer, type="recovery_codes")
    assert re.findall(r"<li>(\d{8})</li>", kept) == row.wrap().get_unused_codes()
    assert 'href="/admin/orders/"' in kept
    assert _is_in(client)
    assert codes.use(newcomer, codes.code_at(secret[1], NOON), at=NOON) is None
    assert [mail.subject for mail in mailoutbox] == [
        "An authenticator app was set up for your account"
    ]
    assert said_of(newcomer) == ["An authenticator app was set up"]
    client.post("/account/second-factor/recovery-codes/new/")
    assert said_of(newcomer)[0] == "Recovery codes were made anew"


def test_a_wrong_code_sets_nothing_up(client: Client, newcomer: User) -> None:
    sign_in_without_second_factor(client, newcomer)
    client.get(APP)

    answer = client.post(APP, {"code": "nonsense"})

    assert answer.status_code == 200
    assert not Authenticator.objects.exists()
    assert not _is_in(client)


def test_secrets_are_sealed_in_the_database(enrolled: User, secret: str) -> None:
    rows = Authenticator.objects.filter(user=enrolled)

    assert {row.type for row in rows} == {"totp", "recovery_codes"}
    assert secret not in str([row.data for row in rows])
    assert codes.secret_in(rows.get(type="totp")) == secret


def test_a_secret_whose_key_is_gone_is_a_wrong_code(
    enrolled: User, secret: str, settings: Settings
) -> None:
    settings.SECRET_KEY = "another one"  # pragma: allowlist secret

    with pytest.raises(Unreadable):
        codes.secret_in(Authenticator.objects.get(user=enrolled, type="totp"))
    assert codes.use(enrolled, codes.code_at(secret, NOON), at=NOON) is None


def test_a_session_from_before_shows_the_second_factor_before_it_changes_it(
    client: Client, enrolled: User
) -> None:
    """R23: who only knows a password takes nobody's device away."""
    sign_in_without_second_factor(client, enrolled)

    for path in ("", "app/", "app/replace/", "recovery-codes/", "recovery-codes/new/"):
        for method in ("get", "post"):
            answer = getattr(client, method)(f"/account/second-factor/{path}")
            assert (answer.status_code, urlsplit(answer["Location"]).path) == (
                303,
                "/account/reauthenticate/",
            )
    assert Authenticator.objects.filter(user=enrolled).count() == 2


@time_machine.travel(NOON, tick=False)
def test_who_has_a_second_factor_confirms_by_it_and_not_by_a_password(
    client: Client, enrolled: User, secret: str
) -> None:
    sign_in_without_second_factor(client, enrolled)
    asked = client.get("/admin/orders/?q=7", follow=True)
    path = asked.redirect_chain[-1][0]
    assert urlsplit(path).path == "/account/second-factor/show-again/"
    assert parse_qs(urlsplit(path).query)["next"] == ["/admin/orders/?q=7"]

    by_password = client.post(
        "/account/reauthenticate/?next=/admin/", {"password": PASSWORD}, follow=True
    )
    assert urlsplit(by_password.redirect_chain[-1][0]).path == urlsplit(path).path
    assert not _is_in(client)

    answer = client.post(path, {"code": codes.code_at(secret, NOON), "next": "/admin/orders/?q=7"})
    assert answer["Location"] == "/admin/orders/?q=7"
    assert _is_in(client)


@time_machine.travel(NOON, tick=False)
def test_another_app_takes_the_place_of_the_first(
    client: Client, enrolled: User, secret: str
) -> None:
    _with_password(client, enrolled)
    client.post(SHOW, {"code": codes.code_at(secret, NOON)})

    answer = client.post("/account/second-factor/app/replace/")

    assert answer["Location"] == APP
    assert not Authenticator.objects.exists()
    assert said_of(enrolled)[0] == "The authenticator app was given up"
    assert not _is_in(client)
    assert client.get(APP).status_code == 200


def test_customers_find_nothing_there(client: Client) -> None:
    client.force_login(UserFactory.create())

    for path in ("", "app/", "app/replace/", "recovery-codes/", "recovery-codes/new/"):
        assert client.get(f"/account/second-factor/{path}").status_code == 404


def test_what_was_typed_comes_back_on_the_page_that_asks(client: Client, enrolled: User) -> None:
    sign_in_without_second_factor(client, enrolled)

    answer = client.post("/admin/orders/?page=2", {"note": ['"first"', "second"]})

    page = html.unescape(answer.content.decode())
    assert answer.status_code == 403
    assert answer["Cache-Control"] == "private, no-store"
    assert 'action="/admin/orders/?page=2"' in page
    assert re.findall(r'name="note" value="(.+?)">', page) == ['"first"', "second"]
