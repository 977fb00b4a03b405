"""What signs passes for the wallets of phones: the files that Apple and Google hand out."""

import json
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.x509.oid import NameOID


class NotAnIdentity(ValueError):
    """The configured file cannot sign passes; what is in it is never shown."""

    def __init__(self, why: str) -> None:
        super().__init__(f"APPLE_WALLET_FILE cannot sign passes: {why}.")


@dataclass(frozen=True, slots=True)
class Identity:
    """What signs, and for whom.

    :ivar others: Apple's certificates above our own.
    """

    key: RSAPrivateKey | EllipticCurvePrivateKey
    certificate: x509.Certificate
    others: tuple[x509.Certificate, ...]
    pass_type: str
    team: str


def has_apple() -> bool:
    """Tell whether the shop can sign passes for Apple's wallet."""
    return bool(settings.APPLE_WALLET_FILE)


def apple() -> Identity:
    """Read the key, its certificate and Apple's own out of the configured file.

    :raises NotAnIdentity: if something is missing in it.
    """
    try:
        pem = Path(settings.APPLE_WALLET_FILE).read_bytes()
        key = serialization.load_pem_private_key(pem, password=None)
        certificates = x509.load_pem_x509_certificates(pem)
    except OSError as error:
        raise NotAnIdentity("it cannot be read") from error
    except (TypeError, ValueError) as error:
        raise NotAnIdentity("it holds no key without a password, or no certificate") from error
    if not isinstance(key, RSAPrivateKey | EllipticCurvePrivateKey):
        raise NotAnIdentity("its key is of a kind that signs no passes")
    public = key.public_key()
    own = [each for each in certificates if each.public_key() == public]
    if not own:
        raise NotAnIdentity("no certificate in it belongs to its key")
    others = tuple(each for each in certificates if each not in own)
    if not others:
        raise NotAnIdentity("Apple's intermediate certificate is missing")
    return Identity(
        key=key,
        certificate=own[0],
        others=others,
        pass_type=_said(own[0], NameOID.USER_ID),
        team=_said(own[0], NameOID.ORGANIZATIONAL_UNIT_NAME),
    )


class NotAnAccount(ValueError):
    """The configured service account cannot sign; what is in its file is never shown."""

    def __init__(self, why: str) -> None:
        super().__init__(f"GOOGLE_WALLET_FILE cannot sign passes: {why}.")


@dataclass(frozen=True, slots=True)
class Account:
    """The service account that signs."""

    email: str
    key: RSAPrivateKey


def has_google() -> bool:
    """Tell whether the shop can sign passes for Google's wallet."""
    return bool(settings.GOOGLE_WALLET_ISSUER and settings.GOOGLE_WALLET_FILE)


def google() -> Account:
    """Read the service account out of the configured file, as Google hands it out.

    :raises NotAnAccount: if something is missing in it.
    """
    try:
        held = json.loads(Path(settings.GOOGLE_WALLET_FILE).read_bytes())
        email, pem = str(held["client_email"]), str(held["private_key"])
        key = serialization.load_pem_private_key(pem.encode(), password=None)
    except OSError as error:
        raise NotAnAccount("it cannot be read") from error
    except (KeyError, TypeError, ValueError) as error:
        raise NotAnAccount("it is not the key of a service account") from error
    if not isinstance(key, RSAPrivateKey):
        raise NotAnAccount("its key is no RSA key")
    return Account(email, key)


def _said(certificate: x509.Certificate, name: x509.ObjectIdentifier) -> str:
    found = certificate.subject.get_attributes_for_oid(name)
    if not found:
        raise NotAnIdentity("its certificate is not one for passes")
    return str(found[0].value)
