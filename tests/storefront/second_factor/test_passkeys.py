"""R23: a passkey lets in beside a code, for its owner alone, and nothing made up does."""

import hashlib
import json
from base64 import urlsafe_b64decode
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.test import Client
import pytest
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

from accounts.models import User
from accounts.second_factor import passkeys
from tests.accounts.factories import UserFactory
from tests.accounts.signing_in import sign_in_without_second_factor
from tests.storefront.second_factor.conftest import PASSWORD, said_of

pytestmark = pytest.mark.django_db
LOGIN = "/account/login/?next=/admin/orders/"
SHOW = "/account/second-factor/show/"
AGAIN = "/account/second-factor/show-again/passkey/"
NEW = "/account/second-factor/passkeys/new/"
HOST = "localhost"


class Device:
    """A security key made of software, for one place."""

    def __init__(self, *, origin: str = f"http://{HOST}") -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._origin = origin
        self.id = hashlib.sha256(str(id(self)).encode()).digest()

    def creates(self, options: dict[str, Any]) -> str:
        key = AttestedCredentialData.create(
            b"\0" * 16, self.id, ES256.from_cryptography_key(self._key.public_key())
        )
        data = self._data(AuthenticatorData.FLAG.AT, key)
        attestation = AttestationObject.create("none", data, {})
        return self._answer(
            clientDataJSON=self._client_data("webauthn.create", options),
            attestationObject=websafe_encode(attestation),
        )

    def gets(self, options: dict[str, Any]) -> str:
        data, client = self._data(), self._client_data("webauthn.get", options)
        signed = bytes(data) + hashlib.sha256(_decoded(client)).digest()
        signature = self._key.sign(signed, ec.ECDSA(hashes.SHA256()))
        return self._answer(
            clientDataJSON=client,
            authenticatorData=websafe_encode(data),
            signature=websafe_encode(signature),
        )

    def _data(self, flags: int = 0, key: bytes = b"") -> AuthenticatorData:
        flags |= AuthenticatorData.FLAG.UP
        place = hashlib.sha256(HOST.encode()).digest()
        return AuthenticatorData.create(place, flags, 0, key)

    def _client_data(self, kind: str, options: dict[str, Any]) -> str:
        challenge = options["publicKey"]["challenge"]
        data = {"type": kind, "challenge": challenge, "origin": self._origin}
        return websafe_encode(json.dumps(data).encode())

    def _answer(self, **response: str) -> str:
        name = websafe_encode(self.id)
        more = {"surplus": "\ud800\0", "clientExtensionResults": {"x": "\0"}}
        answer = {"id": name, "rawId": name, "type": "public-key", "response": response}
        return json.dumps(answer | more)


def _decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@pytest.fixture
def client() -> Client:
    return Client(SERVER_NAME=HOST)


@pytest.fixture
def device() -> Device:
    return Device()


@pytest.fixture
def keyed(client: Client, newcomer: User, device: Device) -> User:
    """A member of staff whose only second factor is a passkey."""
    sign_in_without_second_factor(client, newcomer)
    options = client.get(NEW).context["js_data"]["creation_options"]
    client.post(NEW, {"name": "Laptop", "credential": device.creates(options)})
    client.logout()
    return newcomer


def _with_password(client: Client, user: User) -> None:
    answer = client.post(LOGIN, {"login": user.email, "password": PASSWORD})
    assert answer["Location"] == SHOW


def _options(client: Client, path: str = SHOW) -> dict[str, Any]:
    options: dict[str, Any] = client.get(path).context["js_data"]["request_options"]
    return options


def _is_in(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


def test_a_passkey_is_the_first_second_factor(
    client: Client, newcomer: User, device: Device, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    sign_in_without_second_factor(client, newcomer)
    assert not _is_in(client)
    options = client.get(NEW).context["js_data"]["creation_options"]

    answer = client.post(
        f"{NEW}?next=/admin/orders/", {"name": "Laptop", "credential": device.creates(options)}
    )

    assert answer["Location"] == "/account/second-factor/recovery-codes/?next=%2Fadmin%2Forders%2F"
    assert _is_in(client)
    assert mailoutbox[0].subject == "A passkey was added to your account"
    row = Authenticator.objects.get(user=newcomer, type="webauthn")
    assert set(row.data["credential"]) == {
        "id",
        "rawId",
        "type",
        "response",
        "clientExtensionResults",
    }
    assert "\\u0000" not in json.dumps(row.data)


def test_it_lets_in_beside_a_password(client: Client, keyed: User, device: Device) -> None:
    _with_password(client, keyed)
    assert "Without the device that keeps it" in client.get(SHOW).content.decode()

    answer = client.post(SHOW, {"credential": device.gets(_options(client))})

    assert answer["Location"] == "/admin/orders/"
    assert _is_in(client)


def test_recovery_codes_let_in_without_it(client: Client, keyed: User) -> None:
    row = Authenticator.objects.get(user=keyed, type="recovery_codes")
    code = row.wrap().get_unused_codes()[0]
    _with_password(client, keyed)

    assert client.post(SHOW, {"code": code})["Location"] == "/admin/orders/"
    assert _is_in(client)


def test_it_stands_beside_an_app_and_is_offered_to_its_owner_alone(
    client: Client, enrolled: User
) -> None:
    _with_password(client, enrolled)

    page = client.get(SHOW).content.decode()

    assert "six digits" in page
    assert "data-passkey" not in page


def test_it_is_shown_once_more_before_something_grave(
    client: Client, keyed: User, device: Device
) -> None:
    sign_in_without_second_factor(client, keyed)
    asked = client.get("/admin/", follow=True)
    assert asked.redirect_chain[-1][0] == f"{AGAIN}?next=%2Fadmin%2F"
    assert "Use a code instead" in asked.content.decode()

    options = _options(client, AGAIN)
    answer = client.post(AGAIN, {"credential": device.gets(options), "next": "/admin/"})

    assert answer["Location"] == "/admin/"
    assert _is_in(client)


@pytest.mark.parametrize("path", [SHOW, AGAIN, NEW])
@pytest.mark.parametrize(
    "credential",
    [
        "",
        "{}",
        "[]",
        "5",
        "null",
        '"x"',
        "[" * 2_000,
        '{"a":' * 2_000,
        "x" * (passkeys.LONGEST + 1),
        '{"response": null, "rawId": 5}',
        '{"rawId": "\\ud800", "response": {"clientDataJSON": "!", "signature": {}}}',
        '{"rawId": "AA", "response": {"clientDataJSON": "e30", "attestationObject": "oA"}}',
        '{"rawId": "AA", "response": {"clientDataJSON": "e30", "authenticatorData": "A"}}',
    ],
    ids=lambda text: f"{text[:14]} {len(text)}",
)
def test_what_is_made_up_is_refused_in_words(
    client: Client, keyed: User, path: str, credential: str
) -> None:
    if path == SHOW:
        _with_password(client, keyed)
    else:
        client.force_login(keyed)
    client.get(path)

    answer = client.post(path, {"name": "Mine", "credential": credential})

    assert answer.status_code == 200
    assert "There is a problem" in answer.content.decode()
    assert Authenticator.objects.filter(type="webauthn").count() == 1


def test_an_answer_counts_once_for_its_own_question_place_and_key(
    client: Client, keyed: User, device: Device
) -> None:
    _with_password(client, keyed)
    old = device.gets(_options(client))
    elsewhere = Device(origin="https://galea.example.evil.example")
    elsewhere.id = device.id
    stranger = Device()
    stranger.id = device.id

    refused = [client.post(SHOW, {"credential": old}) for _ in [_options(client)]]
    refused += [
        client.post(SHOW, {"credential": each.gets(_options(client))})
        for each in (elsewhere, stranger)
    ]

    assert [passkeys.REFUSED.partition(".")[0] in each.content.decode() for each in refused] == [
        True
    ] * 3
    assert "_auth_user_id" not in client.session


def test_too_many_tries_end_them_the_right_one_too(
    client: Client, keyed: User, device: Device
) -> None:
    _with_password(client, keyed)
    for _ in range(5):
        assert client.post(SHOW, {"credential": Device().gets(_options(client))}).status_code == 200

    answer = client.post(SHOW, {"credential": device.gets(_options(client))})

    assert answer.status_code == 429
    assert "_auth_user_id" not in client.session


def test_its_owner_renames_it_and_the_history_says_so(
    client: Client, keyed: User, device: Device
) -> None:
    client.force_login(keyed)
    row = Authenticator.objects.get(user=keyed, type="webauthn")
    path = f"/account/second-factor/passkeys/{row.pk}/rename/"
    assert f'href="{path}"' in client.get("/account/second-factor/").content.decode()
    assert 'value="Laptop"' in client.get(path).content.decode()

    answer = client.post(path, {"name": "Old <b>laptop</b>"})

    assert answer["Location"] == "/account/second-factor/"
    assert "Old &lt;b&gt;laptop&lt;/b&gt;" in client.get(answer["Location"]).content.decode()
    assert said_of(keyed) == [
        "A passkey was renamed: Laptop → Old <b>laptop</b>",
        "A passkey was added: Laptop",
    ]
    client.logout()
    _with_password(client, keyed)
    client.post(SHOW, {"credential": device.gets(_options(client))})
    assert _is_in(client)


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "a\0b"])
def test_a_name_that_is_none_is_refused_and_comes_back(
    client: Client, keyed: User, name: str
) -> None:
    client.force_login(keyed)
    row = Authenticator.objects.get(user=keyed, type="webauthn")

    answer = client.post(f"/account/second-factor/passkeys/{row.pk}/rename/", {"name": name})

    assert answer.status_code == 200
    assert "There is a problem" in answer.content.decode()
    row.refresh_from_db()
    assert row.wrap().name == "Laptop"
    assert said_of(keyed) == ["A passkey was added: Laptop"]


def test_taking_the_last_one_away_ends_what_it_showed(client: Client, keyed: User) -> None:
    client.force_login(keyed)
    row = Authenticator.objects.get(user=keyed, type="webauthn")

    answer = client.post(f"/account/second-factor/passkeys/{row.pk}/remove/")

    assert said_of(keyed)[0] == "A passkey was taken away: Laptop"
    assert answer["Location"] == "/account/second-factor/"
    assert not Authenticator.objects.filter(user=keyed).exists()
    assert not _is_in(client)


@pytest.mark.parametrize("act", ["remove", "rename"])
def test_nobody_takes_away_or_renames_what_is_another_s(
    client: Client, keyed: User, act: str
) -> None:
    row = Authenticator.objects.get(user=keyed, type="webauthn")
    path = f"/account/second-factor/passkeys/{row.pk}/{act}/"
    other = UserFactory.create(manager=True)

    for somebody, status in ((other, 404), (UserFactory.create(), 404), (None, 302)):
        client.logout()
        if somebody:
            client.force_login(somebody)
        assert client.post(path, {"name": "Mine"}).status_code == status

    assert Authenticator.objects.get(pk=row.pk).wrap().name == "Laptop"


def test_customers_set_none_up(client: Client) -> None:
    client.force_login(UserFactory.create())

    assert client.get(NEW).status_code == client.post(NEW, {"name": "x"}).status_code == 404


def test_there_are_not_endlessly_many(client: Client, keyed: User) -> None:
    row = Authenticator.objects.get(user=keyed, type="webauthn")
    for _ in range(passkeys.MOST - 1):
        Authenticator.objects.create(user=keyed, type="webauthn", data=row.data)
    client.force_login(keyed)
    options = client.get(NEW).context["js_data"]["creation_options"]

    answer = client.post(NEW, {"name": "More", "credential": Device().creates(options)})

    assert f"You have {passkeys.MOST} passkeys" in answer.content.decode()
