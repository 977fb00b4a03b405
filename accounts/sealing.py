"""Seal what people tell in confidence, so that the database alone gives nothing away."""

import base64
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.views.decorators.debug import sensitive_variables
from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class Unreadable(ValueError):
    """The key that words were sealed with is not known any more, or somebody has touched them."""

    def __init__(self) -> None:
        super().__init__("This was sealed with a key that is gone.")


@dataclass(frozen=True, slots=True)
class Sealer:
    """Seals words of one kind; `purpose` keeps its keys apart from those of all others.

    :ivar setting: names the setting with secrets of their own, the newest first; without one the
        shop's own secret and its fallbacks are used.
    """

    purpose: str
    setting: str = ""

    @sensitive_variables()
    def seal(self, words: str) -> str:
        """Encrypt words with the shop's newest key."""
        return self._keys().encrypt(words.encode()).decode()

    @sensitive_variables()
    def unseal(self, sealed: str) -> str:
        """Return the words that were sealed; empty if nothing was.

        :raises Unreadable: if none of the keys fits.
        """
        if not sealed:
            return ""
        try:
            return self._keys().decrypt(sealed.encode()).decode()
        except InvalidToken as refusal:
            raise Unreadable from refusal

    def reseal(self, sealed: str) -> str:
        """Encrypt anew with the newest key what was sealed with any that is known.

        :raises Unreadable: if none of the keys fits.
        """
        return self.seal(self.unseal(sealed)) if sealed else ""

    def _keys(self) -> MultiFernet:
        own = getattr(settings, self.setting) if self.setting else None
        secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS) if own is None else own
        return _keys_from(self.purpose, tuple(secrets))


@lru_cache(maxsize=8)
def _keys_from(purpose: str, secrets: tuple[str, ...]) -> MultiFernet:
    digests = (
        salted_hmac(purpose, "key", secret=secret, algorithm="sha256").digest()
        for secret in secrets
    )
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
