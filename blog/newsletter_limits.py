"""How often a sign-up form may be posted; nothing is kept that tells who did."""

from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from allauth.account.adapter import get_adapter

from accounts import tries

HOUR: Final = 60 * 60
FROM_ONE_NETWORK: Final = 20
TO_ONE_ADDRESS: Final = 5


class TooManySignUps(Exception):
    """Somebody posts the form again and again."""


def check(request: HttpRequest, email: str) -> None:
    """Count a sign-up.

    :raises TooManySignUps: beyond so many an hour from one network or for one address.
    """
    network = str(get_adapter(request).get_client_ip(request))
    for who, most in ((network, FROM_ONE_NETWORK), (email.lower(), TO_ONE_ADDRESS)):
        digest = salted_hmac("blog.newsletter", who, secret=settings.SECRET_KEY).hexdigest()
        key = f"newsletter:{digest}"
        if tries.count(key, seconds=HOUR) > most:
            raise TooManySignUps
