"""The keys that sign statements of passes, and their public halves."""

import base64
import binascii
import hashlib
from typing import Final

from django.conf import settings
from django.utils.crypto import salted_hmac
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ALGORITHM: Final = "Ed25519"
_PURPOSE: Final = "treatments.statement"
_KEY_LENGTH: Final = 32


class NotAKey(ValueError):
    """A configured signing key is not 32 bytes in base64; its value is never shown."""

    def __init__(self, number: int) -> None:
        super().__init__(f"Key {number} of STATEMENT_KEYS is not 32 bytes in base64.")


def public_keys() -> list[dict[str, str]]:
    """Return what everybody may know: the keys that statements were signed with, newest first."""
    return [
        {
            "id": key_id(key),
            "algorithm": ALGORITHM,
            "public_key": base64.b64encode(key.public_key().public_bytes_raw()).decode(),
        }
        for key in signing_keys()
    ]


def key_id(key: Ed25519PrivateKey) -> str:
    """Return the name of a key, which its public half gives it."""
    return hashlib.sha256(key.public_key().public_bytes_raw()).hexdigest()[:16]


def signing_keys() -> list[Ed25519PrivateKey]:
    """Return the shop's keys, the one that signs first; made from its secret if none are set.

    :raises NotAKey: if a configured key is none.
    """
    seeds = [_seed(text, number) for number, text in enumerate(settings.STATEMENT_KEYS, start=1)]
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return [Ed25519PrivateKey.from_private_bytes(seed) for seed in seeds or map(_derived, secrets)]


def _seed(text: str, number: int) -> bytes:
    try:
        seed = base64.b64decode(text, validate=True)
    except binascii.Error as refusal:
        raise NotAKey(number) from refusal
    if len(seed) != _KEY_LENGTH:
        raise NotAKey(number)
    return seed


def _derived(secret: str) -> bytes:
    return salted_hmac(_PURPOSE, "key", secret=secret, algorithm="sha256").digest()
