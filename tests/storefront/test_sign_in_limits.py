"""R24, R25: no page tells whether an address is known, not even by its work; guesses end."""

import re
from collections import Counter
from types import SimpleNamespace
from typing import Any

from django.contrib.auth.hashers import get_hasher
from django.test import Client
import pytest
from allauth.account.models import EmailAddress

from accounts import even_time
from tests.accounts.factories import UserFactory
from tests.accounts.signing_in import force_login

pytestmark = pytest.mark.django_db
LOGIN, RESET, EMAILS = "/account/login/", "/account/password/reset/", "/account/email/"
KNOWN, UNKNOWN = "ada@example.com", "nobody@example.com"
SECRET = "correct horse"  # pragma: allowlist secret


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count how often a password is hashed: all of the work that can be felt from afar."""
    counted: Counter[str] = Counter()
    hasher = type(get_hasher())
    encode = hasher.encode

    def counting(self: Any, password: str, salt: str, *more: Any, **named: Any) -> str:
        counted["hashed"] += 1
        return encode(self, password, salt, *more, **named)

    monkeypatch.setattr(hasher, "encode", counting)
    return counted


def test_a_wrong_password_is_as_much_work_for_an_unknown_address(hashed: Counter[str]) -> None:
    UserFactory.create(email=KNOWN, password=SECRET, verified=True)
    seen = []
    for email in (KNOWN, UNKNOWN):
        hashed.clear()
        answer = Client().post(LOGIN, {"login": email, "password": "wrong"})
        page = answer.content.decode().replace(email, "…")
        seen.append((answer.status_code, hashed["hashed"], page.count("\n"), len(page)))

    assert seen[0] == seen[1]
    assert seen[0][1] == 1


def test_five_wrong_passwords_end_the_tries_of_an_address_the_right_one_too() -> None:
    UserFactory.create(email=KNOWN, password=SECRET, verified=True)
    client = Client()
    answers = [client.post(LOGIN, {"login": KNOWN, "password": f"wrong{n}"}) for n in range(5)]

    last = client.post(LOGIN, {"login": KNOWN, "password": SECRET})

    assert [answer.status_code for answer in answers] == [200] * 5
    assert "_auth_user_id" not in client.session
    assert "many" in last.content.decode().lower()


def test_a_reset_is_answered_alike_and_after_as_long(
    mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    stands_still = SimpleNamespace(monotonic=lambda: 0.0, sleep=slept.append)
    monkeypatch.setattr(even_time, "time", stands_still)
    UserFactory.create(email=KNOWN, password=SECRET, verified=True)
    seen = []
    for email in (KNOWN, UNKNOWN):
        answer = Client().post(RESET, {"email": email}, follow=True)
        seen.append((answer.redirect_chain, answer.content.decode().replace(email, "…")))

    assert seen[0][0] == seen[1][0]
    assert len(seen[0][1]) == len(seen[1][1])
    assert slept == [0.5, 0.5]


def test_another_address_is_taken_after_its_code_and_the_old_one_is_told(
    mailoutbox: list[Any],
) -> None:
    """R25: the code is good for whoever asked, in the browser that did."""
    ada, other = UserFactory.create(email=KNOWN, verified=True), UserFactory.create(verified=True)
    client, stranger = Client(), Client()
    force_login(client, ada)
    force_login(stranger, other)
    asked = client.post(EMAILS, {"action_add": "", "email": "new@example.com"}, follow=True)
    confirm = asked.redirect_chain[-1][0]
    [sent] = mailoutbox
    code = re.search(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", str(sent.body), re.MULTILINE)
    assert code
    assert sent.to == ["new@example.com"]

    stranger.post(confirm, {"code": code[0]})
    assert not EmailAddress.objects.filter(email="new@example.com", verified=True).exists()
    client.post(confirm, {"code": code[0]})

    assert EmailAddress.objects.get(email="new@example.com", verified=True).user == ada
    told = len(mailoutbox)
    client.post(EMAILS, {"action_primary": "", "email": "new@example.com"})

    ada.refresh_from_db()
    assert ada.email == "new@example.com"
    assert KNOWN in [address for mail in mailoutbox[told:] for address in mail.to]


def test_an_address_is_changed_only_by_who_has_signed_in_lately() -> None:
    """R25: a browser left open is asked once more who it is."""
    client = Client()
    user = UserFactory.create(email=KNOWN, verified=True)
    force_login(client, user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "code", "at": 0, "email": KNOWN}]
    session.save()

    answer = client.post(EMAILS, {"action_add": "", "email": "new@example.com"})

    assert answer.status_code in {302, 303}
    assert "/account/" in answer["Location"]
    assert not EmailAddress.objects.filter(email="new@example.com").exists()
