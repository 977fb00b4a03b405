import datetime as dt
import re
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.test import Client
from django.urls import reverse
import pytest
import time_machine
from allauth.account.models import EmailAddress

from accounts.models import User
from checkout.basket_cookie import COUNT_COOKIE
from tests.accounts.factories import UserFactory
from tests.catalog.factories import OfferFactory
from tests.treatments.factories import SessionPassFactory
from treatments.models import SessionPass

pytestmark = pytest.mark.django_db
Outbox = list[EmailMultiAlternatives]
LOGIN = "/account/login/"
CONFIRM = "/account/login/code/confirm/"


def code_in(message: EmailMessage) -> str:
    found = re.search(r"^\s*([A-Z0-9]{4}-[A-Z0-9]{4})\s*$", str(message.body), re.MULTILINE)
    assert found, message.body
    return found[1]


def ask(client: Client, email: str, **extra: Any) -> Any:
    return client.post(LOGIN, {"login": email} | extra)


def sign_in(client: Client, email: str, mailoutbox: Outbox) -> Any:
    ask(client, email)
    return client.post(CONFIRM, {"code": code_in(mailoutbox[-1])})


def test_a_known_address_signs_in_with_a_code(client: Client, mailoutbox: Outbox) -> None:
    user = UserFactory(email="ada@example.com", verified=True)

    response = sign_in(client, "Ada@Example.com", mailoutbox)

    assert response["Location"] == "/account/"
    assert client.session["_auth_user_id"] == str(user.pk)


@pytest.mark.parametrize(("leads_to", "is_open"), [("/admin/orders/", True), ("/account/", False)])
def test_whoever_was_on_the_way_to_the_admin_is_asked_for_a_password(
    client: Client, leads_to: str, is_open: bool
) -> None:
    page = client.get(LOGIN, {"next": leads_to}).content.decode()

    assert ("<details open>" in page) is is_open


@pytest.mark.parametrize("address", [LOGIN, "/account/password/reset/"])
@pytest.mark.parametrize(
    ("typed", "words"),
    [("", "Enter your e-mail address."), ("ada@", "Enter an e-mail address such as")],
)
def test_an_address_that_is_none_is_refused_in_the_shop_s_words(
    client: Client, address: str, typed: str, words: str
) -> None:
    page = client.post(address, {"login": typed, "email": typed}).text

    assert page.count(words) == 2  # In the summary, which names no field twice, and at the field.
    assert "E-mail address: " not in page
    assert "placeholder=" not in page.split("<main", 1)[1]


def test_a_new_address_is_asked_for_in_the_shop_s_words(client: Client) -> None:
    client.force_login(UserFactory(email="ada@example.com", verified=True))

    page = client.post("/account/email/", {"action_add": "", "email": "ada@"}).text

    assert page.count("Enter an e-mail address such as") == 2


def test_an_unknown_address_gets_an_account_when_its_code_comes_back(
    client: Client, mailoutbox: Outbox
) -> None:
    ask(client, "new@example.com")
    assert User.objects.count() == 0

    client.post(CONFIRM, {"code": code_in(mailoutbox[-1])})

    user = User.objects.get()
    assert (user.email, user.has_usable_password()) == ("new@example.com", False)
    address = EmailAddress.objects.get(user=user)
    assert (address.verified, address.primary) == (True, True)
    assert client.session["_auth_user_id"] == str(user.pk)


def test_known_and_unknown_addresses_are_answered_alike(mailoutbox: Outbox) -> None:
    UserFactory(email="known@example.com", verified=True)
    answers = []
    for email in ("known@example.com", "other@example.com"):
        client = Client()
        asked = ask(client, email)
        page = client.get(CONFIRM).content.decode().replace(email, "…")
        page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)
        answers.append((asked.status_code, asked["Location"], page))

    assert answers[0] == answers[1]
    [known, unknown] = mailoutbox
    assert code_in(known) != code_in(unknown)
    bodies = [
        f"{message.subject} {message.body}".replace(code_in(message), "…") for message in mailoutbox
    ]
    assert bodies[0] == bodies[1]


def test_three_wrong_codes_end_it_and_the_right_one_comes_too_late(
    client: Client, mailoutbox: Outbox
) -> None:
    ask(client, "new@example.com")
    for _ in range(3):
        client.post(CONFIRM, {"code": "WRONG1"})

    client.post(CONFIRM, {"code": code_in(mailoutbox[-1])})

    assert User.objects.count() == 0
    assert "_auth_user_id" not in client.session


def test_a_code_is_good_for_ten_minutes(client: Client, mailoutbox: Outbox) -> None:
    now = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)
    with time_machine.travel(now, tick=False):
        ask(client, "new@example.com")
    with time_machine.travel(now + dt.timedelta(minutes=10, seconds=1), tick=False):
        client.post(CONFIRM, {"code": code_in(mailoutbox[-1])})

    assert User.objects.count() == 0


def test_a_code_can_be_sent_again(client: Client, mailoutbox: Outbox) -> None:
    ask(client, "new@example.com")

    client.post(CONFIRM, {"action": "resend"})
    client.post(CONFIRM, {"code": code_in(mailoutbox[-1])})

    assert len(mailoutbox) == 2
    assert User.objects.get().email == "new@example.com"


def test_a_password_works_for_those_who_set_one(client: Client) -> None:
    user = UserFactory(email="ada@example.com", password="correct horse", verified=True)

    refused = ask(client, "ada@example.com", password="wrong")
    accepted = ask(client, "ada@example.com", password="correct horse")

    assert refused.status_code == 200
    assert accepted["Location"] == "/account/"
    assert client.session["_auth_user_id"] == str(user.pk)


def test_an_inactive_account_stays_closed(client: Client, mailoutbox: Outbox) -> None:
    UserFactory(email="gone@example.com", is_active=False)

    response = sign_in(client, "gone@example.com", mailoutbox)

    assert response["Location"] == "/account/inactive/"
    assert "_auth_user_id" not in client.session
    assert User.objects.count() == 1


def test_the_session_key_changes_at_sign_in(client: Client, mailoutbox: Outbox) -> None:
    ask(client, "new@example.com")
    before = client.session.session_key

    client.post(CONFIRM, {"code": code_in(mailoutbox[-1])})

    assert client.session.session_key != before


@pytest.mark.parametrize(
    "address",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"],
)
def test_next_leads_nowhere_else(client: Client, mailoutbox: Outbox, address: str) -> None:
    response = client.post(LOGIN, {"login": "new@example.com", "next": address})
    response = client.post(response["Location"], {"code": code_in(mailoutbox[-1]), "next": address})

    assert response["Location"] == "/account/"


def test_guests_passes_follow_the_verified_address(client: Client, mailoutbox: Outbox) -> None:
    mine = SessionPassFactory(holder_email="new@example.com")
    SessionPassFactory(holder_email="other@example.com")

    sign_in(client, "new@example.com", mailoutbox)

    assert list(SessionPass.objects.exclude(owner=None)) == [mine]


def test_an_address_that_was_only_typed_brings_nothing(client: Client) -> None:
    user = UserFactory(email="ada@example.com", password="correct horse")
    SessionPassFactory(holder_email="ada@example.com")

    response = ask(client, "ada@example.com", password="correct horse")

    assert response["Location"] == reverse("account_email_verification_sent")
    assert SessionPass.objects.owned_by(user).count() == 0


def test_the_guests_basket_comes_along_and_leaves_at_sign_out(
    client: Client, mailoutbox: Outbox
) -> None:
    offer = OfferFactory()
    client.post(
        "/basket/add/",
        {"sku": offer.sku, "quantity": "2"},
        headers={"sec-fetch-site": "same-origin"},
    )
    assert settings.BASKET_COOKIE_NAME in client.cookies

    sign_in(client, "new@example.com", mailoutbox)
    count = client.cookies[COUNT_COOKIE].value
    key = client.cookies[settings.BASKET_COOKIE_NAME].value
    client.post("/account/logout/")

    user = User.objects.get()
    assert (count, key) == ("2", "")
    assert user.basket.lines.get().quantity == 2  # type: ignore[attr-defined]
    assert client.cookies[COUNT_COOKIE].value == ""


def test_a_customer_who_tries_the_admin_is_told_no_and_not_sent_in_circles(
    client: Client,
) -> None:
    client.force_login(UserFactory())

    response = client.get("/admin/", follow=True)

    assert response.status_code == 403


def test_staff_come_by_the_same_door_to_where_they_set_up_a_second_factor(
    client: Client, mailoutbox: Outbox
) -> None:
    UserFactory(email="staff@example.com", manager=True)
    response = client.get("/admin/")
    assert response["Location"].startswith(f"{LOGIN}?next=")

    asked = client.post(response["Location"], {"login": "staff@example.com"})
    response = client.post(asked["Location"], {"code": code_in(mailoutbox[-1])})

    assert response["Location"] == "/admin/"
    assert client.get("/admin/")["Location"].startswith("/account/second-factor/app/?next=")


def test_other_doors_lead_to_the_one_page(client: Client) -> None:
    for door in ("/account/signup/", "/account/login/code/", "/admin/login/", "/_util/login/"):
        assert client.get(f"{door}?next=/basket/")["Location"] == f"{LOGIN}?next=/basket/"


@pytest.mark.parametrize("door", ["/admin/login/", "/_util/login/"])
def test_wagtail_s_own_doors_take_no_password(client: Client, door: str) -> None:
    """R24: they would count no wrong ones."""
    secret = "correct horse"  # pragma: allowlist secret
    UserFactory(email="staff@example.com", password=secret, manager=True, verified=True)

    answer = client.post(door, {"username": "staff@example.com", "password": secret})

    assert (answer.status_code, answer["Location"]) == (302, LOGIN)
    assert "_auth_user_id" not in client.session


def test_a_dead_mail_server_is_told_kindly_and_alike(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_kwargs: object) -> int:
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailMessage, "send", refuse)

    response = client.post(LOGIN, {"login": "new@example.com"}, follow=True)

    assert response.status_code == 200
    assert "could not send the code" in response.content.decode()


def test_a_fourth_code_within_a_minute_is_refused(client: Client, mailoutbox: Outbox) -> None:
    for _ in range(4):
        ask(Client(), "new@example.com")

    assert len(mailoutbox) == 3
