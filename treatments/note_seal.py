"""Seal what staff write beside a ledger entry, so that the database alone gives nothing away."""

import base64
from functools import lru_cache

from django.conf import settings
from django.utils.crypto import salted_hmac
from cryptography.fernet import Fernet, InvalidToken, MultiFernet

_SALT = "treatments.ledger_note"


class UnreadableNote(ValueError):
    """The key that a note was sealed with is not known any more."""

    def __init__(self) -> None:
        super().__init__("This note was sealed with a key that is gone.")


def seal(words: str) -> str:
    """Encrypt a note with the shop's newest key."""
    return _keys().encrypt(words.encode()).decode()


def unseal(sealed: str) -> str:
    """Return the words of a note.

    :raises UnreadableNote: if none of the keys fits, or the note was tampered with.
    """
    try:
        return _keys().decrypt(sealed.encode()).decode()
    except InvalidToken as refusal:
        raise UnreadableNote from refusal


def _keys() -> MultiFernet:
    return _keys_from((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


@lru_cache(maxsize=4)
def _keys_from(secrets: tuple[str, ...]) -> MultiFernet:
    digests = (
        salted_hmac(_SALT, "key", secret=secret, algorithm="sha256").digest() for secret in secrets
    )
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
