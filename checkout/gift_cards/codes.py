"""The codes of gift cards: 100 bits that are worked out from a key, and stored nowhere.

Whoever reads the database without `GIFT_CARD_KEY` can neither spend a card nor test a guess; with
it, the shop can mail a code again.
"""

import hashlib
import hmac
import re
import uuid
from typing import Final

from django.conf import settings

# No letter or digit that is taken for another one, so that codes can be read out and typed.
_ALPHABET: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # pragma: allowlist secret
_BITS: Final = 5
LENGTH: Final = 20
_GROUP: Final = 5
_CODE: Final = re.compile(rf"[{_ALPHABET}]{{{LENGTH}}}")


def code_of(public_id: uuid.UUID) -> str:
    """Return the code of a card, as it is read out and typed: four groups of five."""
    number = int.from_bytes(_digest("code", public_id.bytes))
    letters = "".join(_ALPHABET[number >> _BITS * place & 31] for place in range(LENGTH))
    return "-".join(letters[start : start + _GROUP] for start in range(0, LENGTH, _GROUP))


def read(text: str) -> str:
    """Read a code as a person types it, without its dashes; empty if no code looks like this."""
    code = "".join(text[:60].split()).replace("-", "").upper()
    return code if _CODE.fullmatch(code) else ""


def hash_of(code: str) -> str:
    """Return what a card is found by.

    :param code: as `read` returns it.
    """
    return _digest("find", code.encode()).hex()


def _digest(purpose: str, data: bytes) -> bytes:
    key = settings.GIFT_CARD_KEY.encode()
    return hmac.new(key, f"gift-card:{purpose}:".encode() + data, hashlib.sha256).digest()
