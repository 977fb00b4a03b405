"""Passes for the wallets of phones: signed here, with certificates made for the test."""

import base64
import datetime as dt
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.test import Client
from django.utils import timezone
import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID
from PIL import Image

from accounts.models import User
from storefront import checks
from storefront.account import codes
from tests.accounts.factories import UserFactory
from tests.treatments.factories import SessionPassFactory
from treatments import ledger
from treatments.models import SessionPass

pytestmark = pytest.mark.django_db

Names = dict[x509.ObjectIdentifier, str]
APPLE: Names = {NameOID.COMMON_NAME: "Made for a test"}
OURS: Names = {
    NameOID.USER_ID: "pass.example.shop",
    NameOID.ORGANIZATIONAL_UNIT_NAME: "TEAM123456",
    NameOID.COMMON_NAME: "Pass Type ID: pass.example.shop",
}


def a_certificate(
    names: Names, *, by: Names, key: Any, of: Any, days: int = 365
) -> x509.Certificate:
    now = timezone.now()
    subject, issuer = (
        x509.Name([x509.NameAttribute(oid, value) for oid, value in some.items()])
        for some in (names, by)
    )
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer)
    builder = builder.public_key(of.public_key()).serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now - dt.timedelta(days=1))
    builder = builder.not_valid_after(now + dt.timedelta(days=days))
    is_above = x509.BasicConstraints(ca=names == by, path_length=None)
    return builder.add_extension(is_above, critical=True).sign(key, hashes.SHA256())


def pem_of(key: Any) -> bytes:
    return bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


class Apple:
    """An authority, and the file of a shop that it has given a certificate."""

    def __init__(self, folder: Path, *, names: Names = OURS, days: int = 365) -> None:
        above, self.key = (
            ec.generate_private_key(ec.SECP256R1()),
            rsa.generate_private_key(65537, 2048),
        )
        self.above = a_certificate(APPLE, by=APPLE, key=above, of=above)
        self.own = a_certificate(names, by=APPLE, key=above, of=self.key, days=days)
        self.file = folder / "apple.pem"
        certificates = [
            each.public_bytes(serialization.Encoding.PEM) for each in (self.above, self.own)
        ]
        self.file.write_bytes(b"".join([*certificates, pem_of(self.key)]))


@pytest.fixture
def apple(tmp_path: Path, settings: Any) -> Apple:
    made = Apple(tmp_path)
    settings.APPLE_WALLET_FILE = str(made.file)
    return made


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    """Made once: it takes a while."""
    return rsa.generate_private_key(65537, 2048)


@pytest.fixture
def google(key: rsa.RSAPrivateKey, tmp_path: Path, settings: Any) -> rsa.RSAPrivateKey:
    file = tmp_path / "google.json"
    account = {"client_email": "shop@example.test", "private_key": pem_of(key).decode()}
    file.write_text(json.dumps(account))
    settings.GOOGLE_WALLET_ISSUER, settings.GOOGLE_WALLET_FILE = "3388000000012345678", str(file)
    return key


@pytest.fixture
def ada(client: Client) -> User:
    user: User = UserFactory.create(email="ada@example.com", name="Ada Canary", verified=True)
    client.force_login(user)
    return user


@pytest.fixture
def own(ada: User) -> SessionPass:
    sold = ledger.Sold(package_name="Six sessions", paid_minor=42_000)
    row: SessionPass = SessionPassFactory.create(owner=ada, sold=sold, at=timezone.now())
    return row


def address(row: SessionPass, which: str = "") -> str:
    return f"/account/passes/{row.public_id}/{which}"


def taken(client: Client, row: SessionPass) -> dict[str, bytes]:
    answer = client.get(address(row, "apple-wallet/"))
    assert answer["Content-Type"] == "application/vnd.apple.pkpass"
    assert answer["Content-Disposition"].endswith('.pkpass"')
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def test_the_file_for_apple_says_which_pass_it_is_and_nothing_that_changes(
    client: Client, apple: Apple, own: SessionPass
) -> None:
    files = taken(client, own)

    said = json.loads(files["pass.json"])
    assert (said["passTypeIdentifier"], said["teamIdentifier"]) == (
        "pass.example.shop",
        "TEAM123456",
    )
    assert said["serialNumber"] == str(own.public_id)
    assert said["barcodes"][0]["message"] == codes.code_of(own.public_id)
    assert said["generic"]["primaryFields"][0]["value"] == own.treatment.name
    assert address(own) in said["generic"]["backFields"][0]["value"]
    for hidden in ("Ada", "Canary", "ada@example.com", '"6"', ": 6", "2027"):
        assert hidden not in files["pass.json"].decode()
    sizes = {name: Image.open(io.BytesIO(files[name])).size for name in files if "icon" in name}
    assert sizes == {"icon.png": (29, 29), "icon@2x.png": (58, 58), "icon@3x.png": (87, 87)}


def test_the_file_for_apple_is_whole_and_signed(
    client: Client, apple: Apple, own: SessionPass
) -> None:
    files = taken(client, own)

    manifest = json.loads(files["manifest.json"])
    others = set(files) - {"manifest.json", "signature"}
    # Apple asks for SHA-1 here; what is signed is hashed with SHA-256.
    assert manifest == {name: hashlib.sha1(files[name]).hexdigest() for name in others}  # noqa: S324
    sent_along = pkcs7.load_der_pkcs7_certificates(files["signature"])
    assert set(sent_along) == {apple.own, apple.above}
    # The signature is over the manifest's own bytes and is not packed around them.
    assert files["manifest.json"] not in files["signature"]
    attributes, signature = signer_of(files["signature"])
    assert hashlib.sha256(files["manifest.json"]).digest() in attributes
    apple.key.public_key().verify(signature, attributes, padding.PKCS1v15(), hashes.SHA256())
    with pytest.raises(InvalidSignature):
        apple.key.public_key().verify(
            signature, attributes + b" ", padding.PKCS1v15(), hashes.SHA256()
        )
    apple.own.verify_directly_issued_by(apple.above)


def signer_of(signature: bytes) -> tuple[bytes, bytes]:
    """Return what the one signer of a detached signature has signed, and how (RFC 5652, 5.3)."""
    [whole] = parts_of(signature)
    _, signed = parts_of(inside(whole))
    [data] = parts_of(inside(signed))
    [signer] = parts_of(inside(list(parts_of(inside(data)))[-1]))
    _, _, _, attributes, _, said = parts_of(inside(signer))
    # The attributes are signed as the set that they are, not under the tag they are sent with.
    return b"\x31" + attributes[1:], inside(said)


def parts_of(held: bytes) -> Iterator[bytes]:
    """Yield the values of a DER sequence with what stands before each."""
    while held:
        end = sum(extent(held))
        yield held[:end]
        held = held[end:]


def inside(value: bytes) -> bytes:
    return value[extent(value)[0] :]


def extent(value: bytes) -> tuple[int, int]:
    """Return how long what stands before the first value is, and how long the value."""
    long = value[1] & 0x7F if value[1] & 0x80 else 0
    return 2 + long, int.from_bytes(value[2 : 2 + long]) if long else value[1]


def test_the_link_for_google_holds_the_pass_signed_by_the_account(
    client: Client, google: rsa.RSAPrivateKey, own: SessionPass
) -> None:
    answer = client.get(address(own, "google-wallet/"))

    assert answer.status_code == 302
    start, _, token = answer["Location"].rpartition("/")
    assert start == "https://pay.google.com/gp/v/save"
    head, told, signature = (
        base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in token.split(".")
    )
    google.public_key().verify(
        signature, token.rpartition(".")[0].encode(), padding.PKCS1v15(), hashes.SHA256()
    )
    assert json.loads(head) == {"alg": "RS256", "typ": "JWT"}
    said = json.loads(told)
    assert (said["iss"], said["aud"], said["typ"]) == (
        "shop@example.test",
        "google",
        "savetowallet",
    )
    (held,) = said["payload"]["genericObjects"]
    assert held["id"] == f"3388000000012345678.{own.public_id}"
    assert held["classId"] == said["payload"]["genericClasses"][0]["id"]
    assert held["barcode"]["value"] == codes.code_of(own.public_id)
    assert "Ada" not in told.decode()
    assert len(answer["Location"]) < 1800  # Google takes no longer ones.


def test_without_keys_there_is_no_button_and_nothing_behind_it(
    client: Client, own: SessionPass
) -> None:
    assert "Wallet" not in client.get(address(own)).content.decode()
    assert client.get(address(own, "apple-wallet/")).status_code == 404
    assert client.get(address(own, "google-wallet/")).status_code == 404


@pytest.mark.usefixtures("apple", "google")
def test_buttons_are_there_for_a_pass_of_use_and_nobody_elses(
    client: Client, own: SessionPass
) -> None:
    words = client.get(address(own)).content.decode()
    assert address(own, "apple-wallet/") in words
    assert address(own, "google-wallet/") in words
    ledger.refund(pass_id=own.pk, sessions=6, reference="r", by=None, at=timezone.now())
    assert "Wallet" not in client.get(address(own)).content.decode()

    stranger = Client()
    stranger.force_login(UserFactory.create(email="eve@example.com", verified=True))
    for which in ("apple-wallet/", "google-wallet/"):
        assert stranger.get(address(own, which)).status_code == 404
        assert Client().get(address(own, which)).status_code == 302
        assert client.post(address(own, which)).status_code in {403, 405}


def test_a_good_file_passes_the_system_check_and_one_that_ends_soon_is_told_of(
    apple: Apple, google: rsa.RSAPrivateKey, tmp_path: Path
) -> None:
    assert checks.check_wallets() == []

    Apple(tmp_path, days=20)

    (told,) = checks.check_wallets()
    assert (told.id, told.level < 40) == ("storefront.W003", True)


@pytest.mark.parametrize("wrong", ["none", "no key", "no certificate", "no Apple", "other names"])
def test_a_file_that_cannot_sign_for_apple_fails_the_system_check(
    apple: Apple, tmp_path: Path, wrong: str
) -> None:
    held, own = apple.file.read_bytes(), apple.own.public_bytes(serialization.Encoding.PEM)
    if wrong == "none":
        apple.file.unlink()
    elif wrong == "no key":
        apple.file.write_bytes(own)
    elif wrong == "no certificate":
        apple.file.write_bytes(held.replace(own, b""))
    elif wrong == "no Apple":
        apple.file.write_bytes(own + pem_of(apple.key))
    else:
        Apple(tmp_path, names={NameOID.COMMON_NAME: "Somebody"})

    (told,) = checks.check_wallets()

    assert told.id == "storefront.E007"
    assert "PRIVATE" not in str(told)


@pytest.mark.parametrize("held", ["", "[]", "{}", '{"client_email": "a", "private_key": "b"}'])
def test_a_file_that_cannot_sign_for_google_fails_the_system_check(
    google: rsa.RSAPrivateKey, tmp_path: Path, held: str
) -> None:
    (tmp_path / "google.json").write_text(held)

    (told,) = checks.check_wallets()

    assert told.id == "storefront.E007"
